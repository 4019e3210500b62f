import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../analysis/random.js';
import { ancova, linearModel, partialCorrelation, termTest, type Table } from '../../../analysis/statistics/index.js';
import { relativeError, tsv, want } from './support.js';

describe('ill-conditioned columns', () => {
  it('NIST StRD Longley: the certified values', () => {
    // https://www.itl.nist.gov/div898/strd/lls/data/Longley.shtml; statsmodels' copy of the data (fixtures/longley.py)
    const model = linearModel(tsv('longley.tsv'), { response: 'TOTEMP', terms: ['GNPDEFL', 'GNP', 'UNEMP', 'ARMED', 'POP', 'YEAR'] });
    const certified = [-3482258.63459582, 15.0618722713733, -0.0358191792925910, -2.02022980381683, -1.03322686717359, -0.0511041056535807, 1829.15146461355];
    expect(relativeError(model.coefficients.map((c) => c.estimate), certified)).toBeLessThan(1e-10);
    expect(relativeError([model.sigma, model.overall!.F], [304.854073561965, 330.285339234588])).toBeLessThan(1e-11);
    expect(relativeError([model.coefficients[0]!.se, model.coefficients[6]!.se], [890420.383607373, 455.478499142212])).toBeLessThan(1e-11);
  });

  it('a covariate with mean 3e9 and SD 1e7 loses no digits (R, the covariate conditioned by hand)', () => {
    const data = tsv('unbalanced.tsv');
    const model = ancova(data, { response: 'md', terms: ['stamp', 'group'] });
    const [stamp, group] = [termTest(model, 'stamp'), termTest(model, 'group')];
    expect(relativeError([stamp.F, stamp.p, group.F, group.p], want('stamp'))).toBeLessThan(1e-9);
    const slope = linearModel(data, { response: 'md', terms: ['stamp', 'group'] }).coefficients[1]!;
    expect(relativeError([slope.estimate, slope.se, slope.t], want('stamp.slope'))).toBeLessThan(1e-9);
  });

  it('units do not matter: a response times 1e-120 or 1e140 has the same F, and beyond that is refused, not NaN', () => {
    const data = tsv('unbalanced.tsv');
    const F = (scale: number): number => termTest(ancova({ ...data, y: data['md']!.map((v) => Number(v) * scale) }, { response: 'y', terms: ['glx', 'group', ['glx', 'group']] }), 'glx').F;
    for (const scale of [1e3, 1e-3, 1e-120, 1e140]) expect(relativeError([F(scale)], [F(1)])).toBeLessThan(1e-11);
    for (const scale of [1e-200, 1e200]) expect(() => F(scale)).toThrow(expect.objectContaining({ code: 'OUT_OF_RANGE', column: 'y' }));
  });

  it('a partial correlation of 1 - 1e-14 keeps its digits', () => {
    const random = createRandom(4);
    const x = Array.from({ length: 200 }, () => random.normal()), noise = x.map(() => random.normal());
    const data: Table = { x, y: x.map((v, i) => v + 1e-7 * noise[i]!) };
    const { t } = partialCorrelation(data, 'x', 'y', []);
    const slope = linearModel({ x, d: noise }, { response: 'd', terms: ['x'] });           // y = (1 + 1e-7 b) x + 1e-7 e: its t is that of the slope
    const exact = (1 + 1e-7 * slope.coefficients[1]!.estimate) / (1e-7 * slope.coefficients[1]!.se);
    expect(relativeError([t], [exact])).toBeLessThan(1e-6);
  });
});

describe('what cannot be computed is a typed error that names the place', () => {
  const group = ['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'c'];
  const age = [30, 41, 25, 33, 52, 47, 29, 38, 60];
  const base: Table = { group, age, double: age.map((v) => 2 * v + 7), y: [1, 3, 2, 5, 4, 7, 9, 8, 6], one: age.map(() => 'x'), flat: age.map(() => 4.2) };
  const fit = (table: Table, ...terms: (string | string[])[]) => (): unknown => ancova(table, { response: 'y', terms });
  it.each([
    ['RANK_DEFICIENT', 'double', fit(base, 'group', 'age', 'double')],
    ['RANK_DEFICIENT', 'flat', fit(base, 'group', 'flat')],
    ['RANK_DEFICIENT', 'site[t]', fit({ ...base, site: group.map((g) => (g === 'a' ? 's' : 't')) }, 'group', 'site')],
    ['SINGLE_LEVEL_FACTOR', 'one', fit(base, 'group', 'one')],
    ['CONSTANT_RESPONSE', 'y', fit({ ...base, y: age.map(() => 0.1 + 0.2) }, 'group')],
    ['PERFECT_FIT', 'y', fit({ ...base, y: age.map((v) => v * 0.1) }, 'group', 'age')],
    ['UNKNOWN_COLUMN', 'iq', fit(base, 'group', 'iq')],
    ['NON_FINITE', 'y', fit({ ...base, y: [NaN, 1, 2, 3, 4, 5, 6, 7, 8] }, 'group')],
    ['NO_ROWS', 'age', fit({ ...base, age: age.map(() => null) }, 'group', 'age')],
    ['NOT_NUMERIC', 'y', fit({ ...base, y: group }, 'age')],
    ['UNEQUAL_LENGTHS', 'age', fit({ ...base, age: [1, 2] }, 'group', 'age')],
    ['MISSING_MARGIN', 'age', fit(base, 'group', ['age', 'group'])],
    ['DUPLICATE_TERM', 'group', fit(base, 'group', 'group')],
    ['GROUP_TOO_SMALL', 'age', fit({ ...base, group: ['a', 'a', 'a', 'b', 'b', 'b', 'b', 'b', 'c'] }, 'group', 'age', ['age', 'group'])],
  ])('%s: %s', (code, column, run) => {
    expect(run).toThrow(expect.objectContaining({ code, column }));
    expect(run).toThrow(column.replace(/\[.*/, ''));
  });

  it('NO_RESIDUAL_DF says how many rows and parameters', () => {
    const table: Table = { group: ['a', 'b', 'c', 'c'], age: [1, 2, 3, 5], y: [3, 1, 4, 1] };
    expect(fit(table, 'group', 'age')).toThrow(expect.objectContaining({ code: 'NO_RESIDUAL_DF' }));
    expect(fit(table, 'group', 'age')).toThrow('4 rows cannot support 4 parameters');
  });

  it('a group too small for a slope is named', () => {
    expect(fit({ ...base, group: ['a', 'a', 'a', 'b', 'b', 'b', 'b', 'b', 'c'] }, 'group', 'age', ['age', 'group'])).toThrow(expect.objectContaining({ group: 'c' }));
  });

  it('listwise deletion tells who was left out and why; a level that vanishes is dropped', () => {
    const model = ancova({ ...base, age: [30, 41, null, 33, 52, 47, null, null, null] }, { response: 'y', terms: ['group', 'age'] });
    expect(model.n).toBe(5);
    expect(model.leftOut.map((l) => l.row)).toEqual([2, 6, 7, 8]);
    expect(model.leftOut[0]!.missing).toEqual(['age']);
    expect(termTest(model, 'group').df1).toBe(1);
  });
});
