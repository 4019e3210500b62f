/** Contingency tables and adjusted p against R (chisq.test, fisher.test, p.adjust) and scipy and statsmodels: fixtures/tables.R, tables.scipy.py. */
import { describe, expect, it } from 'vitest';
import { adjustPValues, chiSquare, chiSquareTest, crossTabulate, fisherExact, type Adjustment, type Table } from '../../../analysis/statistics/index.js';
import { dataset, fixture, relativeError } from './support.js';

interface CountsReference { chi: number[]; V: number; smallest: number; yates?: number[] | null; fisher?: number | null }
interface Family { p: (number | null)[]; bh: (number | null)[]; holm: (number | null)[]; bonferroni: (number | null)[] }
interface Reference { counts: Record<string, CountsReference>; families: Family[] }
const tables = fixture<Record<string, number[][]>>('tables.json');
const references = { R: fixture<Reference>('tables.R.json'), scipy: fixture<Reference>('tables.scipy.json') };

describe.each(['R', 'scipy'] as const)('tables of counts against %s', (name) => {
  const { counts, families } = references[name];

  it.each(Object.keys(tables))('%s', (title) => {
    const { chi, V, smallest, yates, fisher } = counts[title]!, test = chiSquareTest(tables[title]!);
    const error = relativeError([test.statistic, test.df, test.p, test.cramersV, test.smallestExpected], [...chi, V, smallest]);
    expect(error).toBeLessThan(1e-10);
    if (yates == null) expect(test.yates).toBeNull();
    else expect(relativeError([test.yates!.statistic, test.yates!.p], yates)).toBeLessThan(1e-10);
    if (fisher != null) expect(relativeError([fisherExact(tables[title]!)], [fisher])).toBeLessThan(1e-9);
  });

  it('covers both corrections, Fisher beyond 2 x 2, and p below 1e-40', () => {
    const all = Object.entries(counts);
    expect(all.filter(([, c]) => c.yates != null && c.yates[1] === 1).length).toBeGreaterThan(1);
    if (name === 'R') expect(all.filter(([title, c]) => c.fisher != null && tables[title]!.length > 2).length).toBeGreaterThan(5);
    expect(Math.min(...all.map(([, c]) => c.chi[2]!))).toBeLessThan(1e-150);
  });

  it('adjusted p of every family, with missing, tied, tiny and no p', () => {
    expect(families.length).toBeGreaterThan(10);
    for (const family of families) {
      for (const method of ['bh', 'holm', 'bonferroni'] as Adjustment[]) {
        const { adjusted, size } = adjustPValues(family.p, { method });
        expect(adjusted.map((v) => v === null)).toEqual(family[method].map((v) => v === null));
        const numbers = (values: (number | null)[]): number[] => values.filter((v) => v !== null);
        expect(size).toBe(numbers(family.p).length);
        if (size > 0) expect(relativeError(numbers(adjusted), numbers(family[method]))).toBeLessThan(1e-13);
      }
    }
  });
});

describe('two columns of a table', () => {
  const moore = dataset('Moore');

  it('are cross-tabulated over complete rows, with every test, n, df and who was left out', () => {
    const holed: Table = { ...moore, fcategory: moore['fcategory']!.map((v, i) => (i === 4 || i === 17 ? null : v)) };
    const result = chiSquare(holed, 'partner.status', 'fcategory', { fisher: true });
    expect(result).toMatchObject({ n: 43, df: 2, rows: ['high', 'low'], columns: ['high', 'low', 'medium'], yates: null, leftOut: [{ row: 4, missing: ['fcategory'] }, { row: 17, missing: ['fcategory'] }] });
    expect(result.counts).toEqual(crossTabulate(holed, 'partner.status', 'fcategory').counts);
    expect(result.counts.flat().reduce((a, b) => a + b)).toBe(43);
    expect(result).toMatchObject(chiSquareTest(result.counts));
    expect(result.fisherP).toBe(fisherExact(result.counts));
  });

  it('Fisher comes unasked when an expected count is below 5, and only then', () => {
    const cars = dataset('mtcars');
    expect(chiSquare(cars, 'cyl', 'gear').fisherP).toBeCloseTo(8.25971568461911e-5, 14);
    expect(chiSquare(cars, 'cyl', 'gear', { fisher: false }).fisherP).toBeNull();
    expect(chiSquare(moore, 'partner.status', 'fcategory').smallestExpected).toBeGreaterThan(5);
    expect(chiSquare(moore, 'partner.status', 'fcategory').fisherP).toBeNull();
  });

  it('a table too large for Fisher has a reason instead', () => {
    const size = 7, cells = Array.from({ length: size * size }, (_, i) => Array.from({ length: 9 + ((i * 5) % 7) }, () => [i % size, Math.floor(i / size)])).flat();
    const result = chiSquare({ a: cells.map(([a]) => `a${a}`), b: cells.map(([, b]) => `b${b}`) }, 'a', 'b', { fisher: true });
    expect(result.fisherP).toBeNull();
    expect(result.fisherReason).toContain('too large for Fisher');
    expect(result.p).toBeGreaterThan(0);
  }, 120_000);
});

describe('counts', () => {
  it('drops empty rows and columns, refuses what is not a table', () => {
    const full = [[5, 2], [3, 9]], holed = [[5, 0, 2], [0, 0, 0], [3, 0, 9]];
    expect(chiSquareTest(holed)).toEqual(chiSquareTest(full));
    expect(fisherExact(holed)).toBe(fisherExact(full));
    expect(() => chiSquareTest([[5, 0], [3, 0]])).toThrow(expect.objectContaining({ code: 'SINGLE_LEVEL_FACTOR' }));
    expect(() => chiSquareTest([])).toThrow(expect.objectContaining({ code: 'SINGLE_LEVEL_FACTOR' }));
    for (const bad of [[[1.5, 2], [3, 4]], [[-1, 2], [3, 4]], [[NaN, 2], [3, 4]], [[1, 2], [3]]]) expect(() => fisherExact(bad)).toThrow(expect.objectContaining({ code: 'BAD_TABLE' }));
  });

  it('columns refused: unknown, of one level, without a complete row', () => {
    const table: Table = { a: ['x', 'x', null], b: ['y', 'z', 'z'], c: [null, null, 'w'] };
    expect(() => chiSquare(table, 'a', 'q')).toThrow(expect.objectContaining({ code: 'UNKNOWN_COLUMN', column: 'q' }));
    expect(() => chiSquare(table, 'a', 'b')).toThrow(expect.objectContaining({ code: 'SINGLE_LEVEL_FACTOR', column: 'a', group: 'x' }));
    expect(() => chiSquare(table, 'a', 'c')).toThrow(expect.objectContaining({ code: 'NO_ROWS' }));
  });
});

describe('adjustment', () => {
  it('carries the name and size of its family; Benjamini-Hochberg unless asked otherwise', () => {
    expect(adjustPValues([null, 0.01, null, 0.04], { family: 'ancova/tokyo' })).toEqual({ family: 'ancova/tokyo', method: 'bh', size: 2, adjusted: [null, 0.02, null, 0.04] });
    expect(adjustPValues([0.04, null, 0.01], { method: 'holm' })).toEqual({ family: 'family', method: 'holm', size: 2, adjusted: [0.04, null, 0.02] });
    expect(adjustPValues([null, 0.6, 0.2], { method: 'bonferroni' }).adjusted).toEqual([null, 1, 0.4]);
    expect(adjustPValues([]).adjusted).toEqual([]);
    expect(adjustPValues([null])).toMatchObject({ size: 0, adjusted: [null] });
  });

  it.each([NaN, -0.1, 1.5, Infinity])('refuses p = %d, naming family and place', (p) => {
    expect(() => adjustPValues([0.1, p], { family: 'pairs' })).toThrow(expect.objectContaining({ code: 'BAD_PROBABILITY', message: `p value 2 of the family 'pairs' is ${p}` }));
  });
});
