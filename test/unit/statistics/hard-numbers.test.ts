/** Where double precision is at its end; models.test.ts has the covariate of mean 3e9, the response of mean 1e7 and p below 1e-200. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../analysis/random.js';
import { ancova, linearModel, partialCorrelation, termTest, type Table } from '../../../analysis/statistics/index.js';
import { dataset, relativeError, tsv } from './support.js';

describe('ill-conditioned columns', () => {
  it('NIST StRD Longley: the certified values', () => {
    // https://www.itl.nist.gov/div898/strd/lls/data/Longley.shtml; statsmodels' copy of the data (fixtures/longley.py)
    const model = linearModel(tsv('longley.tsv'), { response: 'TOTEMP', terms: ['GNPDEFL', 'GNP', 'UNEMP', 'ARMED', 'POP', 'YEAR'] });
    const certified = [-3482258.63459582, 15.0618722713733, -0.0358191792925910, -2.02022980381683, -1.03322686717359, -0.0511041056535807, 1829.15146461355];
    expect(relativeError(model.coefficients.map((c) => c.estimate), certified)).toBeLessThan(1e-10);
    expect(relativeError([model.sigma, model.overall!.F, model.rSquared], [304.854073561965, 330.285339234588, 0.995479004577296])).toBeLessThan(1e-11);
    expect(relativeError([model.coefficients[0]!.se, model.coefficients[6]!.se], [890420.383607373, 455.478499142212])).toBeLessThan(1e-11);
  });

  it('large numbers close together: adding 1e12 to a response and 1e11 to a covariate costs the digits they lose as doubles, no more', () => {
    const random = createRandom('level'), x = Array.from({ length: 60 }, () => Math.round(1e3 * random.normal()) / 1024), noise = x.map(() => Math.round(1e3 * random.normal()) / 1024);
    const table = (dx: number, dy: number): Table => ({ x: x.map((v) => v + dx), y: x.map((v, i) => v + noise[i]! + dy) });       // multiples of 1/1024: exact
    const numbers = (t: Table): number[] => { const m = linearModel(t, { response: 'y', terms: ['x'] }); return [m.coefficients[1]!.estimate, m.coefficients[1]!.se, m.sigma, m.overall!.F, m.overall!.p]; };
    expect(relativeError(numbers(table(1e11, 1e12)), numbers(table(0, 0)))).toBeLessThan(1e-11);
  });

  it('units do not matter: a response times 1e-120 or 1e140 has the same F, and beyond that is refused, not NaN', () => {
    const data = dataset('milli'), formula = { response: 'y', terms: ['glx', 'group', ['glx', 'group']] };
    const F = (scale: number): number => termTest(ancova({ ...data, y: data['md']!.map((v) => Number(v) * scale) }, formula), 'glx').F;
    for (const scale of [1e3, 1e-3, 1e-120, 1e140]) expect(relativeError([F(scale)], [F(1)])).toBeLessThan(1e-11);
    for (const scale of [1e-200, 1e200]) expect(() => F(scale)).toThrow(expect.objectContaining({ code: 'OUT_OF_RANGE', column: 'y' }));
  });

  it('a covariate times 1e200 or 1e-200 has the same F; beyond numbers it is named', () => {
    const data = dataset('milli');
    const fit = (scale: number, unit: number): number => termTest(ancova({ ...data, x: data['glx']!.map((v) => Number(v) * scale), y: data['md']!.map((v) => Number(v) * unit) }, { response: 'y', terms: ['x', 'group'] }), 'x').F;
    for (const scale of [1e-200, 1e200]) expect(relativeError([fit(scale, 1)], [fit(1, 1)])).toBeLessThan(1e-11);
    for (const [scale, unit] of [[1e-200, 1e100], [1e307, 1], [1e-300, 1]] as const) expect(() => fit(scale, unit)).toThrow(expect.objectContaining({ code: 'OUT_OF_RANGE', column: 'x' }));
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
