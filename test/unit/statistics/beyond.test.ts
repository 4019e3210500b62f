/** Intervals, effect sizes and checks of assumptions against R, scipy and mpmath (fixtures/beyond). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { accelerationOf, bcaInterval } from '../../../analysis/statistics/bca.js';
import { brownForsythe } from '../../../analysis/statistics/brown-forsythe.js';
import { hedgesG, partialEtaSquaredInterval, smallSampleFactor } from '../../../analysis/statistics/effect-size.js';
import { fUpper, prepareAncova, type Table } from '../../../analysis/statistics/index.js';
import { cookThreshold, influence, leaveOneOutF } from '../../../analysis/statistics/influence.js';
import { noncentralFLower, noncentralTLower } from '../../../analysis/statistics/noncentral.js';
import { normalLower, normalQuantile, normalUpper } from '../../../analysis/statistics/normal.js';
import { shapiroWilk } from '../../../analysis/statistics/shapiro-wilk.js';
import { relativeError, tsv } from './support.js';

const read = <T>(name: string): T => JSON.parse(readFileSync(new URL(`./fixtures/beyond/${name}`, import.meta.url), 'utf8')) as T;
const R = read<Record<string, number[]>>('expected-r.json');
const python = read<{ noncentral: [string, number, number, number, number, number, number][]; eta: number[][]; g: number[][]; bca: { estimate: number; leftOut: number[][]; replicates: number[]; ends: [number, number] } }>('expected-py.json');
const rows = (key: string, width: number): number[][] => Array.from({ length: R[key]!.length / width }, (_, i) => R[key]!.slice(i * width, (i + 1) * width));
const people = tsv('beyond/people.tsv');

describe('normal distribution', () => {
  it('its quantiles are the inverse of its tails, to the last digits, down to 1e-300', () => {
    for (const p of [1e-300, 1e-40, 1e-9, 0.001, 0.025, 0.3, 0.5, 0.8, 0.999]) expect(normalLower(normalQuantile(p)) / p).toBeCloseTo(1, 11);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
    expect(normalUpper(-2) + normalUpper(2)).toBeCloseTo(1, 15);
    expect(() => normalQuantile(0)).toThrow(expect.objectContaining({ code: 'BAD_PROBABILITY' }));
  });
});

describe('noncentral F and t', () => {
  it('agree with mpmath to 1e-12 (1e-11 at a noncentrality of 10,000), where scipy does to 1e-11', () => {
    for (const [kind, x, a, b, ncp, exact] of python.noncentral) {
      const found = kind === 'F' ? noncentralFLower(x, a, b, ncp) : noncentralTLower(x, a, ncp);
      expect(Math.abs(found - exact), `${kind} ${x} ${a} ${b} ${ncp}`).toBeLessThan(ncp < 1000 ? 1e-12 : 1e-11);
    }
  });

  it('refuses what has no value', () => {
    expect(() => noncentralFLower(1, 2, 0, 3)).toThrow(expect.objectContaining({ code: 'NO_RESIDUAL_DF' }));
    expect(() => noncentralFLower(1, 2, 9, -1)).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
    expect(() => noncentralTLower(NaN, 2, 1)).toThrow(expect.objectContaining({ code: 'NON_FINITE' }));
    expect(() => noncentralFLower(1e9, 2, 9, 1e12)).toThrow(expect.objectContaining({ code: 'OUT_OF_RANGE' }));
  });
});

describe('partial eta squared', () => {
  it('has the interval of scipy (1e-8) and of R (1e-6: pf with ncp is exact to 1e-9 only)', () => {
    for (const [F, df1, df2, n, confidence, low, high] of python.eta as [number, number, number, number, number, number, number][]) {
      const found = partialEtaSquaredInterval(F, df1, df2, n, confidence);
      expect(found.low).toBeCloseTo(low, 9);
      expect(found.high).toBeCloseTo(high, 9);
    }
    for (const [F, df1, df2, n, confidence, low, high] of rows('eta', 7) as [number, number, number, number, number, number, number][]) {
      const found = partialEtaSquaredInterval(F, df1, df2, n, confidence);
      expect(found.low).toBeCloseTo(low, 6);
      expect(found.high).toBeCloseTo(high, 6);
    }
  });

  it('rests on the noncentralities of effectsize, which divides them by lambda + df2', () => {
    for (const [F, df1, df2, confidence, low, high] of rows('eta.effectsize', 6) as [number, number, number, number, number, number][]) {
      const found = partialEtaSquaredInterval(F, df1, df2, df2, confidence);
      expect(found.low).toBeCloseTo(low, 4);
      expect(found.high).toBeCloseTo(high, 4);
    }
  });

  it('excludes 0 exactly when p is below half of what the confidence leaves', () => {
    expect(partialEtaSquaredInterval(3.14, 2, 68, 73).low).toBeGreaterThan(0);      // p = .0496
    expect(partialEtaSquaredInterval(3.12, 2, 68, 73).low).toBe(0);                 // p = .0505
    expect(partialEtaSquaredInterval(0, 2, 68, 73)).toEqual({ low: 0, high: 0, confidence: 0.9 });
  });
});

describe("Hedges's g", () => {
  it('has the point of emmeans::eff_size times J, the limits of scipy (1e-9) and R (1e-6)', () => {
    for (const [estimate, se, df, sigma, d, low, high] of rows('g', 7) as [number, number, number, number, number, number, number][]) {
      const found = hedgesG({ estimate, se, df }, sigma);
      expect(found.g).toBeCloseTo(d * smallSampleFactor(df), 12);
      expect(found.low).toBeCloseTo(low, 6);
      expect(found.high).toBeCloseTo(high, 6);
    }
    for (const [estimate, se, df, sigma, low, high] of python.g as [number, number, number, number, number, number][]) {
      const found = hedgesG({ estimate, se, df }, sigma);
      expect(relativeError([found.low, found.high], [low, high])).toBeLessThan(1e-8);
    }
    expect(relativeError([2, 5, 32, 68, 400].map(smallSampleFactor), R['J']!)).toBeLessThan(1e-12);
  });

  it('mirrors with the sign of the difference', () => {
    const up = hedgesG({ estimate: 0.3, se: 0.1, df: 30 }, 0.5), down = hedgesG({ estimate: -0.3, se: 0.1, df: 30 }, 0.5);
    expect([-down.g, -down.high, -down.low]).toEqual([expect.closeTo(up.g, 12), expect.closeTo(up.low, 10), expect.closeTo(up.high, 10)]);
  });
});

describe('checks of assumptions', () => {
  it('Shapiro-Wilk agrees with R: W to 1e-9, p to 1e-6 (the last sample has a mean of 3e9, where R itself keeps seven digits)', () => {
    for (let i = 1; R[`shapiro.${i}`] !== undefined; i++) {
      const found = shapiroWilk(R[`shapiro.${i}.x`]!), [W, p] = R[`shapiro.${i}`]!;
      expect(found.W, `sample ${i}`).toBeCloseTo(W!, i < 14 ? 9 : 7);
      expect(found.p / p!, `sample ${i}`).toBeCloseTo(1, i < 14 ? 6 : 5);
    }
    expect(R['shapiro.14']).toBeDefined();
  });

  it('Shapiro-Wilk refuses two values, a constant and NaN', () => {
    for (const [values, code] of [[[1, 2], 'GROUP_TOO_SMALL'], [[4, 4, 4, 4], 'CONSTANT_RESPONSE'], [[1, NaN, 3], 'NON_FINITE']] as const) expect(() => shapiroWilk(values)).toThrow(expect.objectContaining({ code }));
  });

  const design = (table: Table) => prepareAncova(table, ['group', 'age', 'sex'], { levels: { group: ['HC', 'FLR', 'CLZ', 'TRS'] } });
  const md = Float64Array.from(people['md'] as number[]);

  it('leverage, Cook and standardised residuals agree with R to 1e-9', () => {
    const found = influence(design(people).factorisation, md, 'md');
    expect(relativeError([...found.leverage], R['hat']!)).toBeLessThan(1e-9);
    expect(relativeError(found.cook as number[], R['cook']!)).toBeLessThan(1e-8);
    expect(relativeError(found.standardised as number[], R['rstandard']!)).toBeLessThan(1e-8);
    expect(relativeError([[6, 52], [5, 40], [12, 3]].map(([p, df]) => cookThreshold(p!, df!)), R['cook.threshold']!)).toBeLessThan(1e-9);
    const { W, p } = shapiroWilk(found.residuals);
    expect(relativeError([W, p], R['shapiro.residuals']!)).toBeLessThan(1e-6);
  });

  it('F of group with each participant left out is that of refits in R, to 1e-8', () => {
    const prepared = design(people), test = prepared.tests.find((t) => t.term.name === 'group')!, f = test.factorisation;
    const found = leaveOneOutF(f, f.ends[test.block - 1]!, md, 'md').map((F) => fUpper(F!, test.term.size, f.dfResidual - 1));
    expect(relativeError(found, R['loo.p']!)).toBeLessThan(1e-8);
  });

  it('a participant alone in a group fits himself: leverage 1, no Cook distance', () => {
    const alone = { ...people, group: people['group']!.map((g, i) => (i === 4 ? 'ONE' : g)) };
    const { leverage, cook, standardised } = influence(prepareAncova(alone, ['group', 'age', 'sex']).factorisation, md, 'md');
    expect([leverage[4], cook[4], standardised[4]]).toEqual([expect.closeTo(1, 12), null, null]);
    expect(cook.filter((d) => d === null)).toHaveLength(1);
  });

  it('Brown-Forsythe agrees with car::leveneTest(center = median) to 1e-9', () => {
    const order = ['HC', 'FLR', 'CLZ', 'TRS'], { residuals } = influence(design(people).factorisation, md, 'md');
    const of = (values: readonly number[]) => brownForsythe({ y: values, group: people['group']! }, 'y', 'group', order);
    const { F, df1, df2, p, groups } = of([...residuals]);
    expect(relativeError([F, df1, df2, p], R['levene.residuals']!)).toBeLessThan(1e-9);
    expect(relativeError(groups.map((g) => g.sd!), R['sd.residuals']!)).toBeLessThan(1e-9);
    const raw = of(people['md'] as number[]);
    expect(relativeError([raw.F, raw.df1, raw.df2, raw.p], R['levene.raw']!)).toBeLessThan(1e-9);
  });
});

describe('BCa intervals', () => {
  it('agree with R: boot.ci of one sample, 95 and 90 %', () => {
    const ends = [0.95, 0.9].flatMap((confidence) => { const { low, high } = bcaInterval(R['bca.t0']![0]!, R['bca.t']!, [R['bca.loo']!], confidence); return [low, high]; });
    expect(relativeError(ends, R['bca']!)).toBeLessThan(1e-9);
  });

  it('agree with scipy.stats.bootstrap of two samples, by its quantiles', () => {
    const { estimate, leftOut, replicates, ends } = python.bca, sorted = [...replicates].sort((a, b) => a - b);
    const a = accelerationOf(leftOut), z0 = normalQuantile(replicates.filter((v) => v < estimate).length / replicates.length);
    const end = (p: number): number => {
      const z = z0 + normalQuantile(p), place = normalLower(z0 + z / (1 - a * z)) * (sorted.length - 1), k = Math.floor(place);
      return sorted[k]! + (place - k) * (sorted[k + 1]! - sorted[k]!);
    };
    expect(relativeError([end(0.05), end(0.95)], ends)).toBeLessThan(1e-9);
  });

  it('refuses what has no interval', () => {
    const some = Array.from({ length: 60 }, (_, i) => i);
    expect(() => bcaInterval(1, [1, 2, 3], [[1, 2]])).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
    expect(() => bcaInterval(1, some.map(() => 4), [[1, 2]])).toThrow(expect.objectContaining({ code: 'CONSTANT_RESPONSE' }));
    expect(() => bcaInterval(-1, some, [[1, 2]])).toThrow(expect.objectContaining({ code: 'OUT_OF_RANGE' }));
  });
});
