/** What must hold of any table. The halves, the Rand index, the assignment and the stability have theirs in test/unit/parcellation/. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../analysis/random.js';
import {
  adjustPValues, ancova, chiSquare, chiSquareTest, estimatedMarginalMeans, fisherExact, linearModel, oneWayAnova, pairwisePooled, pairwiseSubset, partialCorrelation, takeRows, termTest,
  type Adjustment, type Cell, type Pair, type PairsSpec, type SumsOfSquares, type Table, type Term,
} from '../../../analysis/statistics/index.js';
import { relativeError } from './support.js';

const NAMES = ['a', 'b', 'c', 'd'];
/** Unbalanced groups, two further factors, two covariates of different scale, a response about 7e-4; some values missing when asked for. */
function sample(seed: number, groups: number, n: number, missing = 0): Table {
  const random = createRandom(seed);
  const group = Array.from({ length: n }, (_, i) => NAMES[i < groups * 3 ? i % groups : random.integer(groups)]!);
  const sex = group.map((_, i) => (i < groups ? 'f' : i < 2 * groups ? 'm' : random.uniform() < 0.5 ? 'f' : 'm'));
  const table: Record<string, Cell[]> = { group, sex, age: group.map(() => 40 + 10 * random.normal()), x: group.map(() => random.normal()), y: group.map((g) => 7e-4 + 1e-5 * (random.normal() + NAMES.indexOf(g))) };
  for (let k = 0; k < missing; k++) { const column = ['age', 'x', 'y'][random.integer(3)]!; table[column]![random.integer(n)] = null; }
  return table;
}
const tables = fc.record({ seed: fc.integer(), groups: fc.integer({ min: 2, max: 4 }), n: fc.integer({ min: 30, max: 60 }) });
const MAIN: Term[] = ['group', 'age', 'sex'];
const FULL: Term[] = ['x', 'group', 'age', 'sex', ['x', 'group']];
const TYPES: SumsOfSquares[] = ['I', 'II', 'III'];
const SPEC: PairsSpec = { response: 'y', group: 'group', covariates: ['age', 'sex'] };
const few = { numRuns: 60 };

const map = (table: Table, name: string, f: (v: number) => number): Table => ({ ...table, [name]: table[name]!.map((v) => (v === null ? null : f(Number(v)))) });
const pairNumbers = ({ estimate, se, t, df, p, lower, upper }: Pair): number[] => [estimate, se, t, df, p, lower, upper] as number[];
const tests = (table: Table, terms: Term[], type: SumsOfSquares): number[] => ancova(table, { response: 'y', terms }, { type }).terms.flatMap((t) => [t.F, t.df1, t.df2, t.p, t.partialEtaSquared]);
/** Tests near F = 0 have no digits left to compare in relative terms: p and partial eta squared are compared in absolute ones. */
const close = (a: readonly number[], b: readonly number[], tolerance: number): void => {
  expect(a.length).toBe(b.length);
  a.forEach((v, i) => expect(Math.abs(v - b[i]!)).toBeLessThan(tolerance * Math.max(1, Math.abs(b[i]!))));
};

describe('models', () => {
  it('row order changes nothing, in any function', () => {
    fc.assert(fc.property(tables, fc.integer(), ({ seed, groups, n }, other) => {
      const table = sample(seed, groups, n, 4), shuffled = takeRows(table, createRandom(other).shuffle(Array.from({ length: n }, (_, i) => i)));
      const everything = (t: Table): number[] => [
        ...TYPES.flatMap((type) => tests(t, FULL, type)), ...linearModel(t, { response: 'y', terms: FULL }).coefficients.flatMap((c) => [c.t, c.p]),
        ...estimatedMarginalMeans(t, { response: 'y', terms: FULL }, 'group').means.flatMap((m) => [m.mean * 1e5, m.se * 1e5, m.lower * 1e5]),
        ...pairwiseSubset(t, SPEC).flatMap((p) => [p.t!, p.p!]), ...pairwisePooled(t, SPEC).flatMap((p) => [p.t!, p.p!]),
        partialCorrelation(t, 'y', 'x', ['age', 'sex']).r, oneWayAnova(t, 'y', 'group').F, chiSquare(t, 'group', 'sex', { fisher: true }).fisherP!,
      ];
      close(everything(shuffled), everything(table), 1e-9);
    }), few);
  });

  it('missing rows: the same as if they were not there, and counted', () => {
    fc.assert(fc.property(tables, ({ seed, groups, n }) => {
      const table = sample(seed, groups, n, 6), whole = ancova(table, { response: 'y', terms: FULL }), out = whole.leftOut.map((l) => l.row);
      const rest = takeRows(table, Array.from({ length: n }, (_, i) => i).filter((i) => !out.includes(i)));
      expect(out).toEqual(table['y']!.flatMap((v, i) => (v === null || table['age']![i] === null || table['x']![i] === null ? [i] : [])));
      expect(whole).toEqual({ ...ancova(rest, { response: 'y', terms: FULL }), leftOut: whole.leftOut });
      expect(whole.n + out.length).toBe(n);
    }), few);
  });

  it('level order changes nothing in F tests and marginal means, and only signs in pairs', () => {
    fc.assert(fc.property(tables, ({ seed, groups, n }) => {
      const table = sample(seed, groups, n), back = { levels: { group: [...NAMES].reverse(), sex: ['m', 'f'] } };
      for (const type of TYPES) close(ancova(table, { response: 'y', terms: FULL }, { type, ...back }).terms.flatMap((t) => [t.F, t.df1, t.df2, t.p, t.partialEtaSquared]), tests(table, FULL, type), 1e-9);
      for (const weights of ['equal', 'proportional'] as const) {
        const means = (o: object): Record<string, number> => Object.fromEntries(estimatedMarginalMeans(table, { response: 'y', terms: FULL }, 'group', { weights, ...o }).means.flatMap((m) => [[m.group, m.mean * 1e5], [`${m.group} se`, m.se * 1e5]]));
        const [one, two] = [means({}), means(back)];
        close(Object.keys(one).map((k) => two[k]!), Object.values(one), 1e-9);
      }
      for (const test of [pairwiseSubset, pairwisePooled]) {
        const forward = test(table, SPEC), backward = test(table, { ...SPEC, order: [...NAMES].reverse() });
        for (const pair of forward) {
          const [estimate, se, t, df, p, lower, upper] = pairNumbers(backward.find((q) => q.a === pair.b && q.b === pair.a)!);
          close([-estimate! * 1e5, se! * 1e5, -t!, df!, p!, -upper! * 1e5, -lower! * 1e5], pairNumbers(pair).map((v, i) => ([0, 1, 5, 6].includes(i) ? v * 1e5 : v)), 1e-8);
        }
      }
    }), few);
  });

  it('units change nothing but units: a response and a covariate times a factor, of either sign, and with another origin', () => {
    const factor = fc.tuple(fc.integer({ min: -12, max: 12 }), fc.double({ min: 1, max: 9.9, noNaN: true }), fc.constantFrom(1, -1)).map(([e, m, sign]) => sign * m * 10 ** e);
    fc.assert(fc.property(tables, factor, factor, fc.double({ min: -50, max: 50, noNaN: true }), ({ seed, groups, n }, fy, fx, origin) => {
      const table = sample(seed, groups, n), scaled = map(map(table, 'y', (v) => v * fy), 'age', (v) => (v + origin) * fx);
      for (const type of TYPES) close(tests(scaled, FULL, type), tests(table, FULL, type), 1e-8);
      const sums = (t: Table, unit: number): number[] => ancova(t, { response: 'y', terms: MAIN }).terms.map((term) => term.sumOfSquares / unit ** 2);
      expect(relativeError(sums(scaled, fy), sums(table, 1))).toBeLessThan(1e-6);
      const slope = (t: Table): number[] => { const { estimate, se, t: statistic, lower, upper } = linearModel(t, { response: 'y', terms: MAIN }).coefficients.find((c) => c.name === 'age')!; return [estimate, se, Math.abs(statistic), lower, upper]; };
      const [estimate, se, t, ...ends] = slope(scaled).map((v, i) => (i === 2 ? v : (v * fx) / fy)) as [number, number, number, number, number];
      close([estimate * 1e7, Math.abs(se) * 1e7, t, ...ends.sort((a, b) => a - b).map((v) => v * 1e7)], slope(table).map((v, i) => (i === 2 ? v : v * 1e7)), 1e-8);
      const means = (t: Table, unit: number): number[] => estimatedMarginalMeans(t, { response: 'y', terms: MAIN }, 'group').means.flatMap((m) => [(m.mean / unit) * 1e5, (m.se / Math.abs(unit)) * 1e5]);
      close(means(scaled, fy), means(table, 1), 1e-8);
      for (const test of [pairwiseSubset, pairwisePooled]) close(test(scaled, SPEC).flatMap((p) => [(p.estimate! / fy) * 1e5, p.t! * Math.sign(fy), p.p!]), test(table, SPEC).flatMap((p) => [p.estimate! * 1e5, p.t!, p.p!]), 1e-8);
      const r = (t: Table): number => partialCorrelation(t, 'y', 'age', ['x', 'sex']).r;
      close([r(scaled) * Math.sign(fy * fx)], [r(table)], 1e-9);
      close([oneWayAnova(scaled, 'y', 'group').F], [oneWayAnova(table, 'y', 'group').F], 1e-9);
    }), few);
  });

  it('two groups: F is t squared with the same p, subset and pooled are one test', () => {
    fc.assert(fc.property(fc.integer(), fc.integer({ min: 12, max: 60 }), (seed, n) => {
      const table = sample(seed, 2, n);
      for (const type of ['II', 'III'] as const) {
        const { F, p } = termTest(ancova(table, { response: 'y', terms: MAIN }, { type }), 'group');
        const [subset] = pairwiseSubset(table, SPEC), [pooled] = pairwisePooled(table, SPEC);
        expect(relativeError([subset!.t! ** 2, subset!.p!, pooled!.t!, pooled!.p!], [F, p, subset!.t!, p])).toBeLessThan(1e-8);
      }
      const one = oneWayAnova(table, 'y', 'group'), slope = linearModel(table, { response: 'y', terms: ['group'] }).coefficients[1]!;
      expect(relativeError([one.F, one.p], [slope.t ** 2, slope.p])).toBeLessThan(1e-8);
    }), few);
  });

  it('a covariate of pure noise changes the residual df by one, and takes at most the residual', () => {
    fc.assert(fc.property(tables, fc.integer(), ({ seed, groups, n }, other) => {
      const random = createRandom(other), table: Table = { ...sample(seed, groups, n), noise: Array.from({ length: n }, () => random.normal()) };
      const without = ancova(table, { response: 'y', terms: MAIN }), with_ = ancova(table, { response: 'y', terms: [...MAIN, 'noise'] });
      expect(with_.residual.df).toBe(without.residual.df - 1);
      expect(with_.residual.sumOfSquares).toBeLessThanOrEqual(without.residual.sumOfSquares * (1 + 1e-12));
      expect([with_.n, termTest(with_, 'noise').df1, termTest(with_, 'group').df1]).toEqual([without.n, 1, termTest(without, 'group').df1]);
      expect(relativeError([termTest(with_, 'noise').sumOfSquares], [without.residual.sumOfSquares - with_.residual.sumOfSquares])).toBeLessThan(1e-6);
      const pairs = (covariates: Term[]): number[] => pairwisePooled(table, { ...SPEC, covariates }).map((p) => p.df!);
      expect(pairs(['age', 'sex', 'noise'])).toEqual(pairs(['age', 'sex']).map((df) => df - 1));
      expect(partialCorrelation(table, 'y', 'x', ['age', 'noise']).df).toBe(partialCorrelation(table, 'y', 'x', ['age']).df - 1);
      expect(linearModel(table, { response: 'y', terms: ['x', 'noise'] }).rSquared).toBeGreaterThanOrEqual(linearModel(table, { response: 'y', terms: ['x'] }).rSquared - 1e-12);
    }), few);
  });

  it('sums of squares: I adds up to the whole, the last term is the same in I, II and III, II is III without interactions', () => {
    fc.assert(fc.property(tables, ({ seed, groups, n }) => {
      const table = sample(seed, groups, n), [one, two, three] = TYPES.map((type) => ancova(table, { response: 'y', terms: FULL }, { type })) as [ReturnType<typeof ancova>, ReturnType<typeof ancova>, ReturnType<typeof ancova>];
      const y = table['y'] as number[], mean = y.reduce((a, b) => a + b) / n, total = y.reduce((s, v) => s + (v - mean) ** 2, 0);
      expect(relativeError([one.terms.reduce((s, t) => s + t.sumOfSquares, 0) + one.residual.sumOfSquares], [total])).toBeLessThan(1e-9);
      expect(relativeError([two, three].map((m) => m.terms.at(-1)!.sumOfSquares), [one, one].map((m) => m.terms.at(-1)!.sumOfSquares))).toBeLessThan(1e-7);
      close(tests(table, MAIN, 'III'), tests(table, MAIN, 'II'), 1e-9);
    }), few);
  });

  it('one-way ANOVA is the linear model of group alone; partial r has the t of the slope', () => {
    fc.assert(fc.property(tables, ({ seed, groups, n }) => {
      const table = sample(seed, groups, n);
      const one = oneWayAnova(table, 'y', 'group'), model = termTest(ancova(table, { response: 'y', terms: ['group'] }), 'group');
      expect(relativeError([one.F, one.df2, one.p], [model.F, model.df2, model.p])).toBeLessThan(1e-9);
      const r = partialCorrelation(table, 'y', 'x', ['age', 'sex']), slope = linearModel(table, { response: 'y', terms: ['x', 'age', 'sex'] }).coefficients[1]!;
      expect(Math.abs(r.t - slope.t)).toBeLessThan(1e-9);
      expect(r.df).toBe(slope.df);
    }), few);
  });

  it('one further factor: proportional and outer weights are the same; an interval of 1 - p ends at zero', () => {
    fc.assert(fc.property(tables, ({ seed, groups, n }) => {
      const table = sample(seed, groups, n), formula = { response: 'y', terms: ['group', 'sex', 'age', ['group', 'sex']] as Term[] };
      const means = (weights: 'proportional' | 'outer'): number[] => estimatedMarginalMeans(table, formula, 'group', { weights }).means.flatMap((m) => [m.mean, m.se]);
      expect(relativeError(means('proportional'), means('outer'))).toBeLessThan(1e-12);
      const slope = (confidence: number): ReturnType<typeof linearModel>['coefficients'][number] => linearModel(table, { response: 'y', terms: ['x', 'age'] }, { confidence }).coefficients[1]!;
      const { t, p } = slope(0.95), { lower, upper, se } = slope(1 - p);
      expect(Math.abs(t > 0 ? lower : upper)).toBeLessThan(1e-7 * se);
    }), few);
  });
});

describe('adjusted p', () => {
  const family = fc.array(fc.option(fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0.05, 1e-40, 1e-300)), { nil: null }), { maxLength: 30 });
  const METHODS: Adjustment[] = ['bh', 'holm', 'bonferroni'];

  it('monotone, never below p, at most 1, BH <= Holm <= Bonferroni, places kept under any order', () => {
    fc.assert(fc.property(family, fc.integer(), (p, seed) => {
      const methods = METHODS.map((method) => adjustPValues(p, { method }).adjusted);
      p.forEach((raw, i) => {
        const [bh, ho, bo] = methods.map((m) => m[i]!) as [number, number, number];
        if (raw === null) { expect([bh, ho, bo]).toEqual([null, null, null]); return; }
        expect(raw).toBeLessThanOrEqual(bh * (1 + 1e-12));
        expect(bh).toBeLessThanOrEqual(ho * (1 + 1e-12));
        expect(ho).toBeLessThanOrEqual(bo * (1 + 1e-12));
        expect(bo).toBeLessThanOrEqual(1);
        p.forEach((q, j) => { if (q !== null && q <= raw) for (const m of methods) expect(m[j]!).toBeLessThanOrEqual(m[i]!); });
      });
      const order = createRandom(seed).shuffle(p.map((_, i) => i));
      METHODS.forEach((method, k) => expect(adjustPValues(order.map((i) => p[i]!), { method }).adjusted).toEqual(order.map((i) => methods[k]![i])));
    }));
  });

  it('a test that could not be made does not count: with or without its place, the others are the same', () => {
    fc.assert(fc.property(family, (p) => {
      const present = p.filter((v) => v !== null);
      for (const method of METHODS) {
        const all = adjustPValues(p, { method });
        expect(all.size).toBe(present.length);
        expect(all.adjusted.filter((v) => v !== null)).toEqual(adjustPValues(present, { method }).adjusted);
      }
    }));
  });
});

describe('contingency tables', () => {
  const cell = fc.nat(6);

  it("Fisher's network gives what summing every table gives", () => {
    const logFactorial = (k: number): number => { let s = 0; for (let i = 2; i <= k; i++) s += Math.log(i); return s; };
    const total = (v: number[]): number => v.reduce((a, b) => a + b, 0);
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(5), fc.nat(5)), { minLength: 3, maxLength: 3 }), (rows) => {
      const r = rows.map(total), c = [0, 1, 2].map((j) => total(rows.map((row) => row[j]!)));
      fc.pre(r.every((v) => v > 0) && c.every((v) => v > 0));
      const log = (t: number[]): number => total([...r, ...c].map(logFactorial)) - logFactorial(total(r)) - total(t.map(logFactorial));
      const limit = log(rows.flat()) + 1e-7;
      let p = 0;
      for (let a = 0; a <= r[0]!; a++) for (let b = 0; a + b <= r[0]!; b++) for (let d = 0; d <= r[1]!; d++) for (let e = 0; d + e <= r[1]!; e++) {
        const first = [a, b, r[0]! - a - b], second = [d, e, r[1]! - d - e], third = c.map((v, j) => v - first[j]! - second[j]!);
        if (third.every((v) => v >= 0) && log([...first, ...second, ...third]) <= limit) p += Math.exp(log([...first, ...second, ...third]));
      }
      expect(relativeError([fisherExact(rows)], [Math.min(1, p)])).toBeLessThan(1e-9);
    }), few);
  });

  it('transposing and the order of rows and columns change nothing; probabilities; V in [0, 1]', () => {
    fc.assert(fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 2, maxLength: 4 }), (rows) => {
      const turned = [0, 1, 2].map((j) => rows.map((r) => r[j]!));
      fc.pre(rows.filter((r) => r.some((v) => v > 0)).length > 1 && turned.filter((r) => r.some((v) => v > 0)).length > 1);
      const p = fisherExact(rows), test = chiSquareTest(rows);
      expect(p).toBeGreaterThan(0);
      expect(p).toBeLessThanOrEqual(1);
      expect(test.cramersV).toBeGreaterThanOrEqual(0);
      expect(test.cramersV).toBeLessThanOrEqual(1 + 1e-12);
      for (const same of [turned, [...rows].reverse(), rows.map((r) => [...r].reverse())]) {
        expect(relativeError([fisherExact(same), chiSquareTest(same).p], [p, test.p])).toBeLessThan(1e-9);
      }
    }), few);
  });

  it("Yates's statistic is never above Pearson's, and zero when |O - E| is below 0.5", () => {
    fc.assert(fc.property(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 })), ([a, b, c, d]) => {
      const { statistic, yates, n } = chiSquareTest([[a, b], [c, d]]), distance = Math.abs(a * d - b * c) / n;
      expect(yates!.statistic).toBeLessThanOrEqual(statistic + 1e-12);
      if (distance <= 0.5) expect(yates!.statistic).toBeLessThan(1e-20);
      else expect(yates!.statistic).toBeCloseTo(statistic * (1 - 0.5 / distance) ** 2, 9);
    }));
  });
});
