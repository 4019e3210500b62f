import { describe, expect, it } from 'vitest';
import { simulateCohort, type SimulatedCohort } from '../../../simulate/cohort.js';
import { scaleGroups, TOKYO, TORONTO } from '../../../simulate/design.js';

/** Least squares by normal equations and Gauss-Jordan: t of every column. Small and independent of the product's statistics. */
function tValues(y: number[], columns: number[][]): { t: number[]; F: (tested: number[]) => number; residuals: number[] } {
  const solve = (use: number[][]): { beta: number[]; inverse: number[][]; residuals: number[]; rss: number } => {
    const p = use.length;
    const a = use.map((ci, i) => [...use.map((cj) => ci.reduce((s, v, k) => s + v * cj[k]!, 0)), ...Array.from({ length: p }, (_, j) => (i === j ? 1 : 0))]);
    for (let i = 0; i < p; i++) {
      let pivot = i;
      for (let r = i + 1; r < p; r++) if (Math.abs(a[r]![i]!) > Math.abs(a[pivot]![i]!)) pivot = r;
      [a[i], a[pivot]] = [a[pivot]!, a[i]!];
      const d = a[i]![i]!;
      a[i] = a[i]!.map((v) => v / d);
      for (let r = 0; r < p; r++) if (r !== i) { const f = a[r]![i]!; a[r] = a[r]!.map((v, k) => v - f * a[i]![k]!); }
    }
    const inverse = a.map((row) => row.slice(p));
    const xy = use.map((c) => c.reduce((s, v, k) => s + v * y[k]!, 0));
    const beta = inverse.map((row) => row.reduce((s, v, k) => s + v * xy[k]!, 0));
    const residuals = y.map((v, k) => v - use.reduce((s, c, j) => s + c[k]! * beta[j]!, 0));
    return { beta, inverse, residuals, rss: residuals.reduce((s, v) => s + v * v, 0) };
  };
  const full = solve(columns);
  const df = y.length - columns.length;
  return {
    t: full.beta.map((b, i) => b / Math.sqrt((full.rss / df) * full.inverse[i]![i]!)), residuals: full.residuals,
    F: (tested) => ((solve(columns.filter((_, i) => !tested.includes(i))).rss - full.rss) / tested.length) / (full.rss / df),
  };
}

const covariates = (c: SimulatedCohort, rows: number[]): number[][] => [rows.map(() => 1), rows.map((i) => c.people[i]!.age - 40), rows.map((i) => (c.people[i]!.sex === 'M' ? 1 : 0))];
const standard = (values: number[]): number[] => { const m = values.reduce((s, v) => s + v, 0) / values.length, d = Math.sqrt(values.reduce((s, v) => s + (v - m) ** 2, 0)); return values.map((v) => (v - m) / d); };
const where = (c: SimulatedCohort, test: (g: string, i: number) => boolean): number[] => c.people.flatMap((p, i) => (test(p.group, i) ? [i] : []));

function pairT(c: SimulatedCohort, column: Float64Array, a: string, b: string, passing = false): number {
  const rows = where(c, (g, i) => (g === a || g === b) && !(passing && c.people[i]!.failing));
  return tValues(standard(rows.map((i) => column[i]!)), [rows.map((i) => (c.people[i]!.group === a ? 1 : 0)), ...covariates(c, rows)]).t[0]!;
}

function groupF(c: SimulatedCohort, column: Float64Array): number {
  const rows = where(c, () => true);
  const dummies = c.groups.slice(1).map((g) => rows.map((i) => (c.people[i]!.group === g ? 1 : 0)));
  return tValues(standard(rows.map((i) => column[i]!)), [...dummies, ...covariates(c, rows)]).F(dummies.map((_, i) => i));
}

function partialR(c: SimulatedCohort, column: Float64Array): number {
  const rows = where(c, (_, i) => !c.people[i]!.failing);
  const a = tValues(standard(rows.map((i) => column[i]!)), covariates(c, rows)).residuals, b = tValues(standard(rows.map((i) => c.glx[i]!)), covariates(c, rows)).residuals;
  const dot = (x: number[], y: number[]): number => x.reduce((s, v, k) => s + v * y[k]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

const tokyo = simulateCohort('tokyo', 73, { seed: 1, effect: 'paper' }), toronto = simulateCohort('toronto', 79, { seed: 1, effect: 'paper' });
const index = (c: SimulatedCohort, key: string): Float64Array => c.indices.get(key)!;

describe('effect paper: the sample has the paper\'s effects', () => {
  it.each([
    ['thickness1', 'TRS', 'HC', -4.18], ['thickness1', 'FLR', 'HC', -3.83], ['thickness2', 'TRS', 'HC', -5.1], ['thickness2', 'FLR', 'HC', -4.29],
    ['md1', 'TRS', 'HC', 3.55], ['md1', 'FLR', 'HC', 2.58], ['md2', 'TRS', 'HC', 3.05],
  ])('Tokyo %s %s-%s t = %d', (key, a, b, t) => expect(pairT(tokyo, index(tokyo, key), a, b)).toBeCloseTo(t, 6));
  it.each([
    ['thickness1', 'UTRS', 'HC', -3.58], ['thickness1', 'CLZ', 'HC', -3.57], ['thickness2', 'UTRS', 'HC', -4.11], ['thickness2', 'CLZ', 'HC', -4.36],
    ['md1', 'UTRS', 'CLZ', 2.64], ['md1', 'UTRS', 'HC', 2.75], ['md2', 'UTRS', 'CLZ', 2.93], ['md2', 'UTRS', 'HC', 2.97],
  ])('Toronto %s %s-%s t = %d', (key, a, b, t) => expect(pairT(toronto, index(toronto, key), a, b)).toBeCloseTo(t, 6));
  it.each([['thickness1', -0.396, -0.212], ['thickness2', -0.474, -0.281], ['md1', 0.217, 0.233], ['md2', 0.202, 0.244]])('%s: partial r with Glx %d and %d', (key, a, b) => {
    expect(partialR(tokyo, index(tokyo, key))).toBeCloseTo(a, 8);
    expect(partialR(toronto, index(toronto, key))).toBeCloseTo(b, 8);
  });
  it('leaves the other comparisons as the paper describes them', () => {
    // F at p = .0125 (4 of 16 significant at .05 after Benjamini-Hochberg) and .025 (8 of 16): F(3, 73) = 3.88, F(2, 68) = 3.90; clear of significance below 1.
    for (const [key, column] of tokyo.indices) { const F = groupF(tokyo, column); if (/^(thickness|md)/.test(key)) expect(F).toBeGreaterThan(4.2); else expect(F).toBeLessThan(1); }
    for (const [key, column] of toronto.indices) { const F = groupF(toronto, column); if (/^(thickness|md)[12]$/.test(key)) expect(F).toBeGreaterThan(4.2); else expect(F).toBeLessThan(1.2); }
    for (const key of ['thickness1', 'thickness2', 'md1', 'md2']) {
      expect(Math.abs(pairT(tokyo, index(tokyo, key), 'TRS', 'FLR'))).toBeLessThan(1.6);
      for (const [a, b] of [['UTRS', 'FLR'], ['FLR', 'HC'], ['CLZ', 'FLR']] as const) expect(Math.abs(pairT(toronto, index(toronto, key), a, b))).toBeLessThan(2.2);
    }
  });
  it('raises Glx in resistant groups', () => {
    expect(pairT(tokyo, tokyo.glx, 'TRS', 'HC', true)).toBeCloseTo(3.36, 6);
    expect(pairT(toronto, toronto.glx, 'UTRS', 'HC', true)).toBeCloseTo(2.87, 6);
    for (const [c, groups] of [[tokyo, ['FLR']], [toronto, ['FLR', 'CLZ']]] as const) for (const g of groups) expect(Math.abs(pairT(c, c.glx, g, 'HC', true))).toBeLessThan(1.7);
  });
  it('has no clinical relation, whatever the seed', () => {
    for (let seed = 0; seed < 8; seed++) {
      for (const c of [simulateCohort('tokyo', 73, { seed, effect: 'paper' }), simulateCohort('toronto', 79, { seed, effect: 'paper' })]) {
        for (const measure of ['panss_positive', 'panss_negative', 'panss_general', 'rbans_total', 'age_at_onset', 'illness_duration', 'cpz_dose', 'clozapine_dose'] as const) {
          const resistantOnly = measure.startsWith('panss');
          const rows = where(c, (g, i) => g !== 'HC' && c.clinical[i]![measure] !== null && (!resistantOnly || g === 'TRS' || g === 'UTRS'));
          if (rows.length === 0) { expect(c.name).toBe('tokyo'); continue; }
          for (const column of [index(c, 'thickness1'), index(c, 'thickness2'), index(c, 'md1'), index(c, 'md2'), c.glx]) {
            const use = column === c.glx ? rows.filter((i) => !c.people[i]!.failing) : rows;
            expect(Math.abs(tValues(standard(use.map((i) => column[i]!)), [standard(use.map((i) => c.clinical[i]![measure]!)), ...covariates(c, use)]).t[0]!)).toBeLessThan(1.3);
          }
        }
      }
    }
  });
  it('relates indices to age and sex', () => {
    const rows = where(tokyo, () => true);
    const t = (key: string): number[] => tValues(standard(rows.map((i) => index(tokyo, key)[i]!)), covariates(tokyo, rows)).t;
    expect(t('thickness1')[1]!).toBeLessThan(-2.5);
    expect(t('md2')[1]!).toBeGreaterThan(2);
    expect(t('area1')[2]!).toBeGreaterThan(2);
  });
});

describe('other effects', () => {
  it('population: t values scatter around the paper\'s', () => {
    const ts = Array.from({ length: 60 }, (_, seed) => { const c = simulateCohort('tokyo', 73, { seed, effect: 'population' }); return pairT(c, index(c, 'thickness2'), 'TRS', 'HC'); });
    const mean = ts.reduce((s, v) => s + v, 0) / ts.length, sd = Math.sqrt(ts.reduce((s, v) => s + (v - mean) ** 2, 0) / 59);
    expect(mean).toBeGreaterThan(-5.7);
    expect(mean).toBeLessThan(-4.7);
    expect(sd).toBeGreaterThan(0.7);
    expect(sd).toBeLessThan(1.5);
    const rs = Array.from({ length: 60 }, (_, seed) => { const c = simulateCohort('tokyo', 73, { seed, effect: 'population' }); return partialR(c, index(c, 'thickness2')); });
    expect(rs.reduce((s, v) => s + v, 0) / 60).toBeCloseTo(-0.474, 1);
  });
  it('none: neither groups nor Glx, but age', () => {
    let F = 0, r = 0, age = 0;
    for (let seed = 0; seed < 60; seed++) {
      const c = simulateCohort('toronto', 79, { seed, effect: 'none' });
      expect(c.effects.every((e) => e.rho === 0 && Object.values(e.means).every((m) => m === 0))).toBe(true);
      const rows = where(c, () => true);
      F += groupF(c, index(c, 'md1')) / 60; r += partialR(c, index(c, 'md1')) / 60;
      age += tValues(standard(rows.map((i) => index(c, 'md1')[i]!)), covariates(c, rows)).t[1]! / 60;
    }
    expect(F).toBeGreaterThan(0.7);
    expect(F).toBeLessThan(1.4);
    expect(Math.abs(r)).toBeLessThan(0.05);
    expect(age).toBeGreaterThan(2);
  });
});

describe('cohorts', () => {
  it('has the paper\'s groups at the paper\'s sizes and their proportions at others', () => {
    expect(scaleGroups(TOKYO, 73).map((g) => [g.name, g.size, g.failing])).toEqual([['HC', 26, 1], ['FLR', 24, 4], ['TRS', 23, 3]]);
    expect(scaleGroups(TORONTO, 79).map((g) => [g.name, g.size, g.failing])).toEqual([['HC', 26, 0], ['FLR', 17, 0], ['CLZ', 15, 0], ['UTRS', 21, 0]]);
    for (const size of [3, 5, 12, 40, 146, 600]) expect(scaleGroups(TOKYO, size).reduce((s, g) => s + g.size, 0)).toBe(size);
    expect(scaleGroups(TOKYO, 146).map((g) => g.failing)).toEqual([2, 8, 6]);
    expect(scaleGroups(TORONTO, 4).map((g) => g.size)).toEqual([1, 1, 1, 1]);
    for (const size of [2, 7.5, NaN]) expect(() => scaleGroups(TOKYO, size)).toThrow(expect.objectContaining({ code: 'BAD_COHORT' }));
    expect(tokyo.people.filter((p) => p.failing).map((p) => p.group).sort()).toEqual(['FLR', 'FLR', 'FLR', 'FLR', 'HC', 'TRS', 'TRS', 'TRS']);
    expect(tokyo.people.every((p) => p.age >= 20 && p.age <= 60)).toBe(true);
  });
  it('keeps effect sizes at other sizes and survives tiny groups', () => {
    const half = simulateCohort('tokyo', 146, { seed: 1, effect: 'paper' });
    expect(pairT(half, index(half, 'thickness1'), 'TRS', 'HC')).toBeCloseTo(-4.18 * Math.SQRT2, 1);
    expect(partialR(half, index(half, 'thickness1'))).toBeCloseTo(-0.396, 8);
    for (const size of [4, 6, 9, 14, 20]) {
      for (const effect of ['paper', 'population', 'none'] as const) {
        const c = simulateCohort('toronto', size, { seed: 3, effect });
        for (const column of [...c.indices.values(), c.glx]) expect(column.every(Number.isFinite)).toBe(true);
        for (const k of [1, 2, 3, 4]) expect(index(c, `thickness${k}`).every((v) => v > 1.8 && v < 4.4)).toBe(true);
      }
    }
  });
  it('is the same for a seed, different for another, another name, another effect', () => {
    expect(simulateCohort('tokyo', 73, { seed: 1, effect: 'paper' })).toEqual(tokyo);
    const others = [simulateCohort('tokyo', 73, { seed: 2, effect: 'paper' }), simulateCohort('kyoto', 73, { seed: 1, effect: 'paper' }), simulateCohort('tokyo', 73, { seed: 1, effect: 'population' })];
    for (const other of others) expect(index(other, 'md1')).not.toEqual(index(tokyo, 'md1'));
    expect(() => simulateCohort('../x', 73, { seed: 1, effect: 'paper' })).toThrow(expect.objectContaining({ code: 'BAD_COHORT' }));
  });
});
