/** What cannot be computed is an error with a stable code, and the column or group in its message; what can be is finite. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ancova, chiSquare, estimatedMarginalMeans, linearModel, oneWayAnova, pairwisePooled, pairwiseSubset, partialCorrelation, StatisticsError, termTest, coefficient,
  type Cell, type Table, type Term,
} from '../../../analysis/statistics/index.js';

const group = ['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'c'];
const age = [30, 41, 25, 33, 52, 47, 29, 38, 60];
const base: Table = { group, age, double: age.map((v) => 2 * v + 7), y: [1, 3, 2, 5, 4, 7, 9, 8, 6], one: age.map(() => 'x'), flat: age.map(() => 4.2) };
const lone = ['a', 'a', 'a', 'b', 'b', 'b', 'b', 'b', 'c'];
const site = ['s', 't', 's', 's', 't', 's', 's', 's', 's'];
const refused = (run: () => unknown): StatisticsError => {
  try { run(); } catch (error) { if (error instanceof StatisticsError) return error; throw error; }
  throw new Error('not refused');
};

describe('models', () => {
  const cases: [code: string, named: string, changes: Table, terms: Term[]][] = [
    ['RANK_DEFICIENT', 'double', {}, ['group', 'age', 'double']],
    ['RANK_DEFICIENT', 'flat', {}, ['group', 'flat']],
    ['RANK_DEFICIENT', 'site[t]', { site: group.map((g) => (g === 'a' ? 's' : 't')) }, ['group', 'site']],
    ['RANK_DEFICIENT', 'group[c]:site[t]', { site }, ['group', 'site', ['group', 'site']]],
    ['SINGLE_LEVEL_FACTOR', 'one', {}, ['group', 'one']],
    ['CONSTANT_RESPONSE', 'y', { y: age.map(() => 0.1 + 0.2) }, ['group']],
    ['PERFECT_FIT', 'y', { y: age.map((v) => v * 0.1) }, ['group', 'age']],
    ['UNKNOWN_COLUMN', 'iq', {}, ['group', 'iq']],
    ['UNKNOWN_COLUMN', 'group:age', {}, ['group', 'age', 'group:age']],
    ['NON_FINITE', 'y', { y: [NaN, 1, 2, 3, 4, 5, 6, 7, 8] }, ['group']],
    ['NON_FINITE', 'age', { age: [Infinity, ...age.slice(1)] }, ['group', 'age']],
    ['NO_ROWS', 'age', { age: age.map(() => null) }, ['group', 'age']],
    ['NOT_NUMERIC', 'y', { y: group }, ['age']],
    ['UNEQUAL_LENGTHS', 'age', { age: [1, 2] }, ['group', 'age']],
    ['MISSING_MARGIN', 'age', {}, ['group', ['age', 'group']]],
    ['DUPLICATE_TERM', 'group', {}, ['group', 'group']],
    ['DUPLICATE_TERM', 'y', {}, ['group', 'y']],
    ['GROUP_TOO_SMALL', 'age', { group: lone }, ['group', 'age', ['age', 'group']]],
    ['GROUP_TOO_SMALL', 'age', { age: [30, 41, 25, 33, 33, 33, 29, 38, 60] }, ['group', 'age', ['age', 'group']]],
    ['OUT_OF_RANGE', 'y', { y: age.map((v) => v ** 3 * 1e200) }, ['group', 'age']],
  ];
  const functions: [string, (table: Table, terms: Term[]) => unknown][] = [
    ['ancova', (table, terms) => ancova(table, { response: 'y', terms })],
    ['linearModel', (table, terms) => linearModel(table, { response: 'y', terms })],
    ['estimatedMarginalMeans', (table, terms) => estimatedMarginalMeans(table, { response: 'y', terms }, 'group')],
    ['pairwisePooled', (table, terms) => pairwisePooled(table, { response: 'y', group: 'group', covariates: terms.filter((t, i) => t !== 'group' || terms.indexOf(t) !== i) })],
  ];
  for (const [name, run] of functions) {
    it.each(cases)(`${name}: %s, %s`, (code, named, changes, terms) => {
      const error = refused(() => run({ ...base, ...changes }, terms));
      expect({ code: error.code, column: error.column }).toEqual({ code, column: named });
      expect(error.message).toContain(named);
    });
  }

  it('no residual degrees of freedom: how many rows and parameters', () => {
    const table: Table = { group: ['a', 'b', 'c', 'c'], age: [1, 2, 3, 5], y: [3, 1, 4, 1] };
    for (const run of [() => ancova(table, { response: 'y', terms: ['group', 'age'] }), () => linearModel(table, { response: 'y', terms: ['group', 'age'] })]) {
      expect(refused(run)).toMatchObject({ code: 'NO_RESIDUAL_DF', message: '4 rows cannot support 4 parameters (intercept, group[b], group[c], age)' });
    }
  });

  it('a group too small for a slope is named', () => {
    expect(refused(() => ancova({ ...base, group: lone }, { response: 'y', terms: ['group', 'age', ['age', 'group']] })).group).toBe('c');
  });

  it('an interaction in the wrong notation is told the right one', () => {
    expect(refused(() => ancova(base, { response: 'y', terms: ['group', 'age', 'group:age'] })).remedy).toBe("write the interaction as an array: ['group', 'age']");
  });

  it('a covariate that must be numbers, a level, a term, a coefficient, a factor, a confidence that are not there', () => {
    const formula = { response: 'y', terms: ['group', 'age'] };
    expect(refused(() => ancova({ ...base, age: age.map(String) }, formula, { numeric: ['age'] }))).toMatchObject({ code: 'NOT_NUMERIC', column: 'age' });
    expect(refused(() => termTest(ancova(base, formula), 'sex'))).toMatchObject({ code: 'UNKNOWN_COLUMN', column: 'sex', message: "the model has no term 'sex': it has 'group', 'age'" });
    expect(refused(() => coefficient(linearModel(base, formula), 'sex'))).toMatchObject({ code: 'UNKNOWN_COLUMN', column: 'sex' });
    expect(refused(() => estimatedMarginalMeans(base, formula, 'age'))).toMatchObject({ code: 'UNKNOWN_COLUMN', column: 'age' });
    for (const confidence of [0, 1, 95, NaN]) {
      expect(refused(() => linearModel(base, formula, { confidence })).code).toBe('BAD_ARGUMENT');
      expect(refused(() => estimatedMarginalMeans(base, formula, 'group', { confidence })).code).toBe('BAD_ARGUMENT');
      expect(refused(() => pairwiseSubset(base, { response: 'y', group: 'group', covariates: [], confidence })).code).toBe('BAD_ARGUMENT');
    }
  });

  it('listwise deletion tells who was left out and why; a level that vanishes is dropped', () => {
    const table: Table = { ...base, age: [30, 41, null, 33, 52, 47, null, null, null] }, formula = { response: 'y', terms: ['group', 'age'] };
    const leftOut = [2, 6, 7, 8].map((row) => ({ row, missing: ['age'] }));
    expect(ancova(table, formula)).toMatchObject({ n: 5, leftOut, residual: { df: 2 } });
    expect(termTest(ancova(table, formula), 'group').df1).toBe(1);
    expect(linearModel(table, formula)).toMatchObject({ n: 5, leftOut, dfResidual: 2 });
    expect(estimatedMarginalMeans(table, formula, 'group')).toMatchObject({ n: 5, leftOut, df: 2, means: [{ group: 'a', n: 2 }, { group: 'b', n: 3 }] });
    expect(partialCorrelation(table, 'y', 'age', [])).toMatchObject({ n: 5, leftOut, df: 3 });
    expect(oneWayAnova(table, 'age', 'group')).toMatchObject({ n: 5, leftOut, df2: 3 });
    expect(pairwisePooled(table, { response: 'y', group: 'group', covariates: ['age'] })).toMatchObject([{ a: 'b', b: 'a', n: 5, leftOut, df: 2 }]);
  });

  it('a pair tells who of its own two groups was left out, and who has no group', () => {
    const table: Table = { ...base, age: [30, 41, 25, null, 52, 47, 29, 38, 60], group: [...group.slice(0, 8), null] };
    const pairs = pairwiseSubset(table, { response: 'y', group: 'group', covariates: [] });
    expect(pairs.map(({ a, b, n, leftOut, df }) => [a, b, n, leftOut.map((l) => l.row), df])).toEqual([['b', 'a', 6, [8], 4], ['c', 'a', 5, [8], 3], ['c', 'b', 5, [8], 3]]);
    const adjusted = pairwiseSubset(table, { response: 'y', group: 'group', covariates: ['age'] });
    expect(adjusted.map(({ a, b, n, leftOut }) => [a, b, n, leftOut.map((l) => l.row)])).toEqual([['b', 'a', 5, [3, 8]], ['c', 'a', 5, [8]], ['c', 'b', 4, [3, 8]]]);
    const tiny = pairwiseSubset({ ...table, age: [30, 41, 25, null, 52, 47, null, 38, null] }, { response: 'y', group: 'group', covariates: ['age'] });
    expect(tiny[2]).toEqual({ a: 'c', b: 'b', n: 3, leftOut: [3, 6, 8].map((row) => expect.objectContaining({ row }) as unknown), estimate: null, se: null, t: null, df: null, p: null, lower: null, upper: null,
      reason: '3 rows cannot support 3 parameters (intercept, group[c], age)' });
  });
});

describe('other tests', () => {
  it.each([
    ['NO_RESIDUAL_DF', 'y', () => oneWayAnova({ y: [1, 2, 3], g: ['a', 'b', 'c'] }, 'y', 'g')],
    ['SINGLE_LEVEL_FACTOR', 'y', () => oneWayAnova({ y: [1, 2, 3], g: ['a', 'a', null] }, 'y', 'g')],
    ['CONSTANT_RESPONSE', 'y', () => oneWayAnova({ y: [2, 2, 2, 2], g: ['a', 'a', 'b', 'b'] }, 'y', 'g')],
    ['PERFECT_FIT', 'y', () => oneWayAnova({ y: [1, 1, 2, 2], g: ['a', 'a', 'b', 'b'] }, 'y', 'g')],
    ['NOT_NUMERIC', 'y', () => oneWayAnova({ y: ['1', 2, 2, 2], g: ['a', 'a', 'b', 'b'] }, 'y', 'g')],
    ['NO_RESIDUAL_DF', 'y', () => partialCorrelation({ x: [1, 2, 4], y: [1, 3, 2], z: [5, 1, 2] }, 'x', 'y', ['z'])],
    ['PERFECT_FIT', 'y', () => partialCorrelation({ x: [1, 2, 4, 5], y: [2, 4, 8, 10] }, 'x', 'y', [])],
    ['PERFECT_FIT', 'x', () => partialCorrelation({ x: age, y: base['y']!, z: base['double']! }, 'x', 'y', ['z'])],
    ['CONSTANT_RESPONSE', 'x', () => partialCorrelation({ x: [3, 3, 3, 3], y: [2, 4, 8, 10] }, 'x', 'y', [])],
    ['RANK_DEFICIENT', 'double', () => partialCorrelation(base, 'y', 'flat', ['age', 'double'])],
    ['UNKNOWN_COLUMN', 'q', () => partialCorrelation(base, 'y', 'age', ['q'])],
    ['NO_ROWS', 'x', () => partialCorrelation({ x: [null, null], y: [1, 2] }, 'x', 'y', [])],
    ['SINGLE_LEVEL_FACTOR', 'group', () => pairwiseSubset({ ...base, group: age.map(() => 'a') }, { response: 'y', group: 'group', covariates: [] })],
    ['SINGLE_LEVEL_FACTOR', 'one', () => chiSquare(base, 'group', 'one')],
  ])('%s: %s', (code, named, run) => {
    const error = refused(run);
    expect(error.code).toBe(code);
    expect(error.message).toContain(named);
  });
});

describe('never NaN', () => {
  /** Cells from the edges: extremes, ties, missing ones, constants. */
  const number = fc.oneof({ weight: 14, arbitrary: fc.integer({ min: -30, max: 90 }) }, { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
    { weight: 1, arbitrary: fc.constantFrom(1e308, -1e308, 5e-324, 1e160, 1e-160, 1 + 2 ** -52) });
  const columnOf = (cell: fc.Arbitrary<Cell>, n: number): fc.Arbitrary<Cell[]> => fc.oneof({ weight: 12, arbitrary: fc.array(fc.option(cell, { nil: null, freq: 30 }), { minLength: n, maxLength: n }) }, { weight: 1, arbitrary: cell.map((v) => Array.from({ length: n }, () => v)) });
  const anyTable = fc.integer({ min: 1, max: 20 }).chain((n) => fc.record<Table>({
    y: columnOf(number, n), x: columnOf(number, n), z: columnOf(number, n), group: columnOf(fc.constantFrom('a', 'b', 'c'), n), sex: columnOf(fc.constantFrom('f', 'm'), n),
  }));
  const numbersIn = (value: unknown): number[] => (typeof value === 'number' ? [value] : value !== null && typeof value === 'object' ? Object.values(value).flatMap(numbersIn) : []);
  const terms: Term[] = ['group', 'x', ['group', 'x']];
  const runs: Record<string, (t: Table) => unknown> = {
    ancova: (t) => (['I', 'II', 'III'] as const).map((type) => ancova(t, { response: 'y', terms }, { type })),
    linearModel: (t) => linearModel(t, { response: 'y', terms: ['x', 'z', 'sex'] }),
    estimatedMarginalMeans: (t) => estimatedMarginalMeans(t, { response: 'y', terms: ['group', 'sex', 'x'] }, 'group', { weights: 'proportional' }),
    pairwisePooled: (t) => pairwisePooled(t, { response: 'y', group: 'group', covariates: ['x'], adjust: 'bh' }),
    pairwiseSubset: (t) => pairwiseSubset(t, { response: 'y', group: 'group', covariates: ['x'], adjust: 'bh' }),
    partialCorrelation: (t) => partialCorrelation(t, 'y', 'x', ['z']),
    oneWayAnova: (t) => oneWayAnova(t, 'y', 'group'),
    chiSquare: (t) => chiSquare(t, 'group', 'sex'),
  };
  it.each(Object.keys(runs))('%s gives finite numbers, or one of its errors', (name) => {
    let computed = 0;
    fc.assert(fc.property(anyTable, (table) => {
      try {
        const numbers = numbersIn(runs[name]!(table));
        expect(numbers.filter((v) => !Number.isFinite(v))).toEqual([]);
        computed += 1;
      } catch (error) {
        if (!(error instanceof StatisticsError)) throw error;
        expect(error.message).not.toMatch(/NaN|undefined|\[object/);
      }
    }), { numRuns: 1500 });
    expect(computed).toBeGreaterThan(20);
  });
});
