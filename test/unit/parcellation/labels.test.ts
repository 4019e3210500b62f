import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustedRandIndex, componentSizes, hardLabels, overlapMatrix } from '../../../analysis/parcellation/labels.js';

describe('adjustedRandIndex', () => {
  // sklearn.metrics.adjusted_rand_score (scikit-learn 1.9.1); the first two and the fourth are the examples of its documentation.
  it.each([
    [[0, 0, 1, 2], [0, 0, 1, 1], 0.5714285714285714],
    [[0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2], 0.24242424242424243],
    [[0, 0, 1, 1], [0, 1, 0, 1], -0.5],
    [[0, 0, 1, 1], [1, 1, 0, 0], 1],
    [[0, 0, 0, 0], [0, 1, 2, 3], 0],
  ])('%j against %j is %f', (a, b, expected) => expect(adjustedRandIndex(a, b)).toBeCloseTo(expected, 15));

  it('worked example: Hubert & Arabie\'s formula on the table [[2, 1], [0, 3]]', () => {
    // index = C(2,2) + C(3,2) = 4, rows 3 + 3 pairs, columns C(2,2) + C(4,2) = 7 pairs, expected 6 * 7 / 15 = 2.8, most 6.5: 1.2 / 3.7.
    expect(adjustedRandIndex([1, 1, 1, 2, 2, 2], [1, 1, 2, 2, 2, 2])).toBeCloseTo(1.2 / 3.7, 15);
  });

  it('two trivial partitions agree', () => {
    expect(adjustedRandIndex([1, 1, 1], [4, 4, 4])).toBe(1);
    expect(adjustedRandIndex([1, 2, 3], [7, 5, 6])).toBe(1);
    expect(adjustedRandIndex([1], [2])).toBe(1);
  });

  it('refuses labels of different vertices', () => expect(() => adjustedRandIndex([1], [1, 2])).toThrow('1 and 2 vertices'));

  const pair = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })), { minLength: 2, maxLength: 60 });
  it('equals a count over all pairs of vertices', () => {
    fc.assert(fc.property(pair, (cells) => {
      let both = 0, inA = 0, inB = 0, all = 0;
      for (let i = 0; i < cells.length; i++) for (let j = 0; j < i; j++) {
        const sameA = cells[i]![0] === cells[j]![0], sameB = cells[i]![1] === cells[j]![1];
        both += Number(sameA && sameB); inA += Number(sameA); inB += Number(sameB); all++;
      }
      const expected = (inA * inB) / all, most = (inA + inB) / 2;
      expect(adjustedRandIndex(cells.map(([p]) => p), cells.map(([, q]) => q))).toBeCloseTo(most === expected ? 1 : (both - expected) / (most - expected), 12);
    }), { numRuns: 200, seed: 2 });
  });
});

describe('hard labels', () => {
  const w = Float64Array.of(1, 3, 2, /**/ 5, 5, 1, /**/ 0, 0, 0, /**/ 1e-16, 1e-16, 2e-16);

  it('largest weight, ties to the lower component, 0 without weight', () => expect([...hardLabels(w, 4, 3)]).toEqual([2, 1, 0, 3]));

  it('counts vertices, not the ones without a label', () => expect(componentSizes(Int32Array.of(2, 1, 0, 3, 3), 4)).toEqual([1, 1, 2, 0]));

  it('overlaps: rows are a, columns are b, label 0 on either side is nowhere', () => {
    expect(overlapMatrix(Int32Array.of(1, 1, 2, 0, 2, 1), Int32Array.of(2, 2, 1, 1, 0, 1), 2)).toEqual([[1, 2], [1, 0]]);
  });
});
