import { describe, expect, it } from 'vitest';
import { factorize, FactorizationError, Factorizer, type FactorizeOptions } from '../../../analysis/opnmf/index.js';

const options: FactorizeOptions = { rank: 2, solver: 'accelerated', tolerance: 1e-4, maxIterations: 100, seed: 0 };
const good = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 10, 1, 0, 2);
const raised = (run: () => unknown): FactorizationError => {
  try {
    run();
  } catch (error) {
    if (error instanceof FactorizationError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};
const at = (i: number, v: number): Float64Array => { const x = good.slice(); x[i] = v; return x; };

describe('input that cannot be factorized', () => {
  it('is fine in this shape', () => expect(factorize(good, 4, 3, options).converged).toBe(true));

  it.each([
    ['EMPTY_MATRIX', '0 x 3', () => factorize(new Float64Array(0), 0, 3, options)],
    ['EMPTY_MATRIX', '4 x 4 with 12 values', () => factorize(good, 4, 4, options)],
    ['NEGATIVE_VALUE', '-1 at row 2, column 3', () => factorize(at(5, -1), 4, 3, options)],
    ['NOT_FINITE', 'NaN at row 1, column 1', () => factorize(at(0, NaN), 4, 3, options)],
    ['NOT_FINITE', 'Infinity at row 4, column 3', () => factorize(at(11, Infinity), 4, 3, options)],
    ['CONSTANT_MATRIX', 'all 12 values are 7', () => factorize(good.map(() => 7), 4, 3, options)],
    ['CONSTANT_MATRIX', 'all 12 values are 0', () => factorize(good.map(() => 0), 4, 3, options)],
    ['RANK_TOO_LARGE', 'rank 4 asked of a 4 x 3 matrix', () => factorize(good, 4, 3, { ...options, rank: 4 })],
    ['RANK_TOO_LARGE', 'rank 0', () => factorize(good, 4, 3, { ...options, rank: 0 })],
    ['RANK_TOO_LARGE', 'rank 3', () => Factorizer.of(good, 4, 3, 2).factorize({ ...options, rank: 3 })],
    ['RANK_TOO_LARGE', 'rank 0', () => Factorizer.of(good, 4, 3, 2).factorize({ ...options, rank: 0 })],
    ['RANK_TOO_LARGE', 'rank 1.5', () => Factorizer.of(good, 4, 3, 2).factorize({ ...options, rank: 1.5 })],
    ['BAD_START', '7 values where 4 x 2', () => factorize(good, 4, 3, { ...options, initial: new Float64Array(7).fill(1) })],
    ['BAD_START', '-1 at row 2, column 1', () => factorize(good, 4, 3, { ...options, initial: Float64Array.of(1, 1, -1, 1, 1, 1, 1, 1) })],
    ['BAD_START', 'NaN at row 4, column 2', () => factorize(good, 4, 3, { ...options, initial: Float64Array.of(1, 1, 1, 1, 1, 1, 1, NaN) })],
    ['BAD_START', 'Infinity at row 1, column 1', () => factorize(good, 4, 3, { ...options, initial: Float64Array.of(Infinity, 1, 1, 1, 1, 1, 1, 1) })],
    ['BAD_START', 'column 2 of the initial W is all zero', () => factorize(good, 4, 3, { ...options, initial: Float64Array.of(1, 0, 1, 0, 1, 0, 1, 0) })],
  ])('%s: %s', (code, words, run) => {
    const error = raised(run);
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
    expect(error.remedy).toBeTruthy();
  });
});
