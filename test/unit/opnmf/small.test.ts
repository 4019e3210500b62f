import { EigenvalueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { largestEigenvalue, trace, traceOfProduct } from '../../../analysis/opnmf/small.js';
import { toMatrix } from '../../../analysis/opnmf/reference.js';
import { randomMatrix } from './support.js';

describe('largestEigenvalue', () => {
  it('worked example: [[2, 1], [1, 2]] has 3 and 1', () => expect(largestEigenvalue(Float64Array.of(2, 1, 1, 2), 2, 2)).toBeCloseTo(3, 14));

  it.each([1, 2, 3, 5, 8, 13])('of a %i x %i Gram matrix is ml-matrix\'s, with padding that is not read', (k) => {
    const B = toMatrix(randomMatrix(k + 3, k, k).x, k + 3, k), S = B.transpose().mmul(B), ld = k + 2;
    const padded = new Float64Array(k * ld).fill(1e6);
    for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) padded[i * ld + j] = S.get(i, j);
    const before = padded.slice();
    const expected = Math.max(...new EigenvalueDecomposition(S, { assumeSymmetric: true }).realEigenvalues);
    expect(Math.abs(largestEigenvalue(padded, k, ld) / expected - 1)).toBeLessThan(1e-13);
    expect(padded).toEqual(before);
  });

  it('of a diagonal matrix is its largest entry, of zeros zero', () => {
    expect(largestEigenvalue(Float64Array.of(1, 0, 0, 0, 7, 0, 0, 0, 3), 3, 3)).toBe(7);
    expect(largestEigenvalue(new Float64Array(4), 2, 2)).toBe(0);
  });
});

describe('traces', () => {
  it('worked example', () => {
    const a = Float64Array.of(1, 2, 9, 2, 3, 9), b = Float64Array.of(4, 5, 9, 5, 6, 9);   // 2 x 2, one column of padding
    expect(trace(a, 2, 3)).toBe(4);
    expect(traceOfProduct(a, b, 2, 3)).toBe(1 * 4 + 2 * 5 + 2 * 5 + 3 * 6);
  });
});
