import { describe, expect, it } from 'vitest';
import { chiSquareLower, chiSquareUpper, fLower, fUpper, tLower, tQuantile, tTwoSided, tUpper } from '../../../analysis/statistics/index.js';
import { fixture } from './support.js';

/** Kind, statistic, df, df, tail: 60 digits (fixtures/tails.py). R's values of the same rows: fixtures/tables.R. */
type Row = [kind: string, x: number, a: number, b: number, p: number];
const rows = fixture<Row[]>('tails.json');
const fromR = fixture<{ tails: number[] }>('tables.R.json').tails;
const compute: Record<string, (x: number, a: number, b: number) => number> = {
  'F upper': fUpper, 'F lower': fLower, 'chi-square upper': chiSquareUpper, 'chi-square lower': chiSquareLower, 't two-sided': tTwoSided, 't upper': tUpper, 't quantile': tQuantile,
};

describe('tails and quantiles', () => {
  it.each(Object.keys(compute))('%s: to 1e-10 of 60 digits, from 1 down to 1e-300', (kind) => {
    const mine = rows.filter((row) => row[0] === kind);
    for (const [, x, a, b, p] of mine) expect(Math.abs(compute[kind]!(x, a, b) - p), `${kind} of ${x} with ${a} and ${b}`).toBeLessThan(1e-10 * p);
    expect(mine.length).toBeGreaterThan(80);
    if (kind !== 't quantile') expect(Math.min(...mine.map((row) => row[4]))).toBeLessThan(1e-250);
  });

  it('R says the same', () => {
    rows.forEach(([kind, x, a, b], i) => {
      if (kind === 'F upper' && x > 1e308) return;                                         // where R overflows and says 0
      expect(Math.abs(compute[kind]!(x, a, b) - fromR[i]!), `${kind} of ${x} with ${a} and ${b}`).toBeLessThan(1e-10 * fromR[i]!);
    });
  });

  it('the lower tail of t is the upper one of -t', () => {
    for (const [kind, x, a, , p] of rows) if (kind === 't upper') expect(Math.abs(tLower(-x, a) - p)).toBeLessThan(1e-10 * p);
  });

  it('print 1e-40 and 1e-300 as such: chi-square with 2 df is exp(-x/2), F with 2 and b df is (1 + 2F/b)^(-b/2)', () => {
    for (const p of [1e-40, 1e-300]) {
      expect(chiSquareUpper(-2 * Math.log(p), 2) / p).toBeCloseTo(1, 9);
      expect(fUpper((p ** (-2 / 60) - 1) * 30, 2, 60) / p).toBeCloseTo(1, 9);
    }
  });

  it('a finite statistic never has p = 0, and ends are exact', () => {
    expect(fUpper(1e6, 2, 1e4)).toBe(Number.MIN_VALUE);
    expect(chiSquareUpper(1e5, 1)).toBe(Number.MIN_VALUE);
    expect(chiSquareLower(1e-200, 9)).toBe(Number.MIN_VALUE);
    expect(tTwoSided(1e160, 5)).toBe(Number.MIN_VALUE);
    expect([fUpper(0, 2, 9), tTwoSided(0, 4), chiSquareUpper(0, 3), fUpper(Infinity, 2, 9), fLower(Infinity, 2, 9), fLower(0, 2, 9), tTwoSided(-Infinity, 3)]).toEqual([1, 1, 1, 0, 1, 0, 0]);
    expect(tUpper(2, 7) + tLower(2, 7)).toBeCloseTo(1, 14);
  });

  it('refuses no degrees of freedom, NaN, and a quantile of what is no probability', () => {
    expect(() => fUpper(2, 1, 0)).toThrow(expect.objectContaining({ code: 'NO_RESIDUAL_DF' }));
    expect(() => chiSquareLower(2, Infinity)).toThrow(expect.objectContaining({ code: 'NO_RESIDUAL_DF' }));
    expect(() => tTwoSided(NaN, 4)).toThrow(expect.objectContaining({ code: 'NON_FINITE' }));
    for (const p of [0, 1, -0.1, NaN]) expect(() => tQuantile(p, 4)).toThrow(expect.objectContaining({ code: 'BAD_PROBABILITY' }));
  });
});
