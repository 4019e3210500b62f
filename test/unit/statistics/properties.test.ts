import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../analysis/random.js';
import { ancova, benjaminiHochberg, bonferroni, chiSquareTest, fisherExact, holm, linearModel, oneWayAnova, pairwisePooled, pairwiseSubset, partialCorrelation, takeRows, termTest, type Table } from '../../../analysis/statistics/index.js';
import { relativeError } from './support.js';

const NAMES = ['a', 'b', 'c', 'd'];
function sample(seed: number, groups: number, n: number): Table {
  const random = createRandom(seed);
  const group = Array.from({ length: n }, (_, i) => NAMES[i < groups * 2 ? i % groups : random.integer(groups)]!);
  const sex = group.map((_, i) => (i === 0 || random.uniform() < 0.5 ? 'f' : 'm'));
  sex[1] = 'm';
  return { group, sex, age: group.map(() => 40 + 10 * random.normal()), x: group.map(() => random.normal()), y: group.map((g) => 7e-4 + 1e-5 * (random.normal() + NAMES.indexOf(g))) };
}
const tables = fc.record({ seed: fc.integer(), groups: fc.integer({ min: 2, max: 4 }), n: fc.integer({ min: 30, max: 60 }) });
const FULL = { response: 'y', terms: ['x', 'group', 'age', 'sex', ['x', 'group']] };
const few = { numRuns: 60 };

describe('properties', () => {
  it('row order changes nothing', () => {
    fc.assert(fc.property(tables, fc.integer(), ({ seed, groups, n }, other) => {
      const table = sample(seed, groups, n), shuffled = takeRows(table, createRandom(other).shuffle(Array.from({ length: n }, (_, i) => i)));
      for (const type of ['II', 'III'] as const) {
        const numbers = [table, shuffled].map((t) => ancova(t, FULL, { type }).terms.flatMap(({ F, p }) => [F, p]));
        expect(relativeError(numbers[0]!, numbers[1]!)).toBeLessThan(1e-6);
      }
    }), few);
  });

  it('level order changes nothing in F tests of types II and III, and only signs in pairs', () => {
    fc.assert(fc.property(tables, ({ seed, groups, n }) => {
      const table = sample(seed, groups, n), back = [...NAMES].reverse();
      for (const type of ['II', 'III'] as const) {
        const [one, two] = [{}, { levels: { group: back, sex: ['m', 'f'] } }].map((o) => ancova(table, FULL, { type, ...o }).terms.map((t) => t.sumOfSquares / t.partialEtaSquared));
        expect(relativeError(one!, two!)).toBeLessThan(1e-9);
      }
      for (const test of [pairwiseSubset, pairwisePooled]) {
        const spec = { response: 'y', group: 'group', covariates: ['age', 'sex'] };
        const forward = test(table, spec), backward = test(table, { ...spec, order: back });
        for (const pair of forward) {
          const twin = backward.find((q) => q.a === pair.b && q.b === pair.a)!;
          expect(Math.abs(pair.t! + twin.t!)).toBeLessThan(1e-8);
          expect(relativeError([pair.p!], [twin.p!])).toBeLessThan(1e-7);
        }
      }
    }), few);
  });

  it('two groups: F is t squared with the same p, subset and pooled are one test', () => {
    fc.assert(fc.property(fc.integer(), fc.integer({ min: 12, max: 60 }), (seed, n) => {
      const table = sample(seed, 2, n), spec = { response: 'y', group: 'group', covariates: ['age', 'sex'] };
      const { F, p } = termTest(ancova(table, { response: 'y', terms: ['group', 'age', 'sex'] }), 'group');
      const [subset] = pairwiseSubset(table, spec), [pooled] = pairwisePooled(table, spec);
      expect(relativeError([subset!.t! ** 2, subset!.p!, pooled!.t!, pooled!.p!], [F, p, subset!.t!, p])).toBeLessThan(1e-8);
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

  it('adjusted p: never below p, at most 1, in the order of p, BH <= Holm <= Bonferroni, permutation follows', () => {
    const family = fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }), { maxLength: 30 });
    fc.assert(fc.property(family, (p) => {
      const methods = [benjaminiHochberg(p), holm(p), bonferroni(p)];
      p.forEach((raw, i) => {
        const [bh, ho, bo] = methods.map((m) => m[i]!) as [number, number, number];
        if (raw === null) { expect([bh, ho, bo]).toEqual([null, null, null]); return; }
        expect(raw).toBeLessThanOrEqual(bh * (1 + 1e-12));
        expect(bh).toBeLessThanOrEqual(ho * (1 + 1e-12));
        expect(ho).toBeLessThanOrEqual(bo * (1 + 1e-12));
        expect(bo).toBeLessThanOrEqual(1);
        p.forEach((q, j) => { if (q !== null && q <= raw) for (const m of methods) expect(m[j]!).toBeLessThanOrEqual(m[i]!); });
      });
      expect(benjaminiHochberg([...p].reverse())).toEqual(benjaminiHochberg(p).reverse());
    }));
  });

  it("Fisher's network gives what summing every table gives", () => {
    const logFactorial = (k: number): number => { let s = 0; for (let i = 2; i <= k; i++) s += Math.log(i); return s; };
    const total = (v: number[]): number => v.reduce((a, b) => a + b, 0);
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(5), fc.nat(5)), { minLength: 3, maxLength: 3 }), (rows) => {
      const r = rows.map(total), c = [0, 1, 2].map((j) => total(rows.map((row) => row[j]!)));
      if (r.some((v) => v === 0) || c.some((v) => v === 0)) return;
      const log = (t: number[]): number => total([...r, ...c].map(logFactorial)) - logFactorial(total(r)) - total(t.map(logFactorial));
      const limit = log(rows.flat()) + 1e-7;
      let p = 0;
      for (let a = 0; a <= r[0]!; a++) for (let b = 0; a + b <= r[0]!; b++) for (let d = 0; d <= r[1]!; d++) for (let e = 0; d + e <= r[1]!; e++) {
        const first = [a, b, r[0]! - a - b], second = [d, e, r[1]! - d - e], third = c.map((v, j) => v - first[j]! - second[j]!);
        if (third.every((v) => v >= 0) && log([...first, ...second, ...third]) <= limit) p += Math.exp(log([...first, ...second, ...third]));
      }
      expect(relativeError([fisherExact(rows)], [Math.min(1, p)])).toBeLessThan(1e-8);
    }), few);
  });

  it('tables: transposing changes nothing; Fisher is a probability', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(6), fc.nat(6), fc.nat(6)), { minLength: 2, maxLength: 4 }), (rows) => {
      const turned = [0, 1, 2].map((j) => rows.map((r) => r[j]!));
      if (rows.filter((r) => r.some((v) => v > 0)).length < 2 || turned.filter((r) => r.some((v) => v > 0)).length < 2) return;
      const p = fisherExact(rows);
      expect(p).toBeGreaterThan(0);
      expect(p).toBeLessThanOrEqual(1);
      expect(relativeError([fisherExact(turned), chiSquareTest(turned).statistic], [p, chiSquareTest(rows).statistic])).toBeLessThan(1e-9);
    }), few);
  });
});
