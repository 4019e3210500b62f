/** Contingency tables and adjustments against R (chisq.test, fisher.test, p.adjust): fixtures/expected.R. */
import { describe, expect, it } from 'vitest';
import { benjaminiHochberg, bonferroni, chiSquareTest, crossTabulate, fisherExact, holm } from '../../../analysis/statistics/index.js';
import { relativeError, tsv, want } from './support.js';

const data = tsv('unbalanced.tsv');
const order = ['HC', 'FLR', 'CLZ', 'TRS'];

describe('contingency', () => {
  it.each(['sex', 'hand'])('group by %s: counts, chi-square, df, p and Fisher', (variable) => {
    const { counts } = crossTabulate(data, 'group', variable, order);
    expect(counts.flat()).toEqual(want(`${variable}.counts`));
    const { statistic, df, p } = chiSquareTest(counts);
    expect(relativeError([statistic, df, p], want(`${variable}.chisq`))).toBeLessThan(1e-10);
    expect(relativeError([fisherExact(counts)], want(`${variable}.fisher`))).toBeLessThan(1e-8);
  });

  it("Fisher's tea, with and without Yates", () => {
    const tea = [[3, 1], [1, 3]];
    const yates = chiSquareTest(tea, { yates: true }), plain = chiSquareTest(tea);
    expect(relativeError([yates.statistic, yates.p, plain.statistic, plain.p, fisherExact(tea)], want('tea'))).toBeLessThan(1e-10);
    expect([yates.corrected, plain.corrected, plain.smallestExpected]).toEqual([true, false, 2]);
    expect(plain.cramersV).toBeCloseTo(0.5, 14);
  });

  it('the correction is clamped at |O - E|', () => {
    const { statistic, p } = chiSquareTest([[10, 11], [10, 10]], { yates: true });
    expect([statistic, p]).toEqual([0, 1]);
    expect(want('clamped')).toEqual([0, 1]);
  });

  it('job satisfaction, 4 x 4 of 104 (Agresti 2002, p. 57; ?fisher.test)', () => {
    const job = [[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12], [0, 1, 9, 11]];
    const { statistic, p } = chiSquareTest(job);
    expect(relativeError([fisherExact(job), statistic, p], want('job'))).toBeLessThan(1e-8);
  });

  it('drops empty rows and columns, refuses what is not a table', () => {
    const full = [[5, 2], [3, 9]];
    expect(chiSquareTest([[5, 0, 2], [0, 0, 0], [3, 0, 9]])).toEqual(chiSquareTest(full));
    expect(fisherExact([[5, 0, 2], [0, 0, 0], [3, 0, 9]])).toBe(fisherExact(full));
    expect(() => chiSquareTest([[5, 0], [3, 0]])).toThrow(expect.objectContaining({ code: 'SINGLE_LEVEL_FACTOR' }));
    expect(() => fisherExact([[1.5, 2], [3, 4]])).toThrow(expect.objectContaining({ code: 'BAD_TABLE' }));
    const huge = Array.from({ length: 7 }, (_, i) => Array.from({ length: 7 }, (_, j) => 9 + ((i * 5 + j * 3) % 7)));
    expect(() => fisherExact(huge)).toThrow(expect.objectContaining({ code: 'TABLE_TOO_LARGE' }));
  });
});

describe('adjustment', () => {
  it('agrees with p.adjust', () => {
    const raw = want('raw');
    expect(relativeError(benjaminiHochberg(raw) as number[], want('BH'))).toBeLessThan(1e-14);
    expect(relativeError(holm(raw) as number[], want('holm'))).toBeLessThan(1e-14);
    expect(relativeError(bonferroni(raw) as number[], want('bonferroni'))).toBeLessThan(1e-14);
  });

  it('nulls keep their places and do not count', () => {
    expect(benjaminiHochberg([null, 0.01, null, 0.04])).toEqual([null, 0.02, null, 0.04]);
    expect(holm([0.04, null, 0.01])).toEqual([0.04, null, 0.02]);
    expect(bonferroni([null, 0.6, 0.2])).toEqual([null, 1, 0.4]);
    expect(benjaminiHochberg([])).toEqual([]);
    expect(benjaminiHochberg([null])).toEqual([null]);
  });

  it('sorts numbers, not text', () => {
    expect(benjaminiHochberg([1e-7, 0.5, 0.02])).toEqual([3e-7, 0.5, 0.03]);
  });

  it.each([NaN, -0.1, 1.5])('refuses p = %d', (p) => {
    expect(() => benjaminiHochberg([0.1, p])).toThrow(expect.objectContaining({ code: 'BAD_PROBABILITY' }));
  });
});
