import { describe, expect, it } from 'vitest';
import { chiSquareLower, chiSquareUpper, fLower, fUpper, tLower, tTwoSided, tUpper } from '../../../analysis/statistics/index.js';
import { relativeError, tails, want } from './support.js';

describe('tails', () => {
  it('agree with mpmath to 1e-10 from 1 down to 1e-300 (fixtures/tails.py)', () => {
    const found = tails.map(([kind, x, a, b]) => (kind === 'F' ? fUpper(x, a, b) : chiSquareUpper(x, a)));
    expect(relativeError(found, tails.map((row) => row[4]))).toBeLessThan(1e-10);
    expect(Math.min(...tails.map((row) => row[4]))).toBeLessThan(1e-290);
    expect(tails.some((row) => row[4] < 1e-39 && row[4] > 1e-45)).toBe(true);
  });

  it('agree with R: pf, pt, pchisq, lower and upper (fixtures/expected.R)', () => {
    expect(relativeError([fUpper(3.2, 2, 68), fUpper(250, 3, 60), fLower(0.3, 4, 7), fUpper(1e-3, 1, 70), fUpper(45, 2, 2000)], want('pf'))).toBeLessThan(1e-10);
    expect(relativeError([tTwoSided(-2.64, 32), tTwoSided(30, 45), tLower(1.2, 9), tTwoSided(1e-5, 12), tTwoSided(5, 1)], want('pt'))).toBeLessThan(1e-10);
    expect(relativeError([chiSquareUpper(6.5, 2), chiSquareUpper(190, 1), chiSquareUpper(1400, 9), chiSquareLower(0.02, 4), chiSquareLower(3, 7)], want('pchisq'))).toBeLessThan(1e-10);
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
    expect(tTwoSided(1e160, 5)).toBe(Number.MIN_VALUE);
    expect([fUpper(0, 2, 9), tTwoSided(0, 4), chiSquareUpper(0, 3), fUpper(Infinity, 2, 9), fLower(Infinity, 2, 9), fLower(0, 2, 9)]).toEqual([1, 1, 1, 0, 1, 0]);
    expect(tUpper(2, 7) + tLower(2, 7)).toBeCloseTo(1, 14);
  });

  it('refuses no degrees of freedom and NaN', () => {
    expect(() => fUpper(2, 1, 0)).toThrow(expect.objectContaining({ code: 'NO_RESIDUAL_DF' }));
    expect(() => tTwoSided(NaN, 4)).toThrow(expect.objectContaining({ code: 'NON_FINITE' }));
  });
});
