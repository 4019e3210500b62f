import { describe, expect, it } from 'vitest';
import { nndsvd, partitionStart, prepare, randomStart, singularVectors, type SingularVectors } from '../../../analysis/opnmf/index.js';
import { adjustedRandIndex, hardLabels } from '../../../analysis/parcellation/labels.js';
import { randomMatrix, relativeDifference, separableMatrix } from './support.js';

const leading = (x: Float64Array, m: number, n: number, count: number): SingularVectors => singularVectors(prepare(x, m, n, count), count);

/** sum_c u_c s_c v_c' */
function product({ u, s, v, count }: SingularVectors, m: number, n: number): Float64Array {
  return Float64Array.from({ length: m * n }, (_, at) => {
    let sum = 0;
    for (let c = 0; c < count; c++) sum += u[Math.floor(at / n) * count + c]! * s[c]! * v[(at % n) * count + c]!;
    return sum;
  });
}

// numpy 2.4.6 and scikit-learn 1.9.1:
//   X = np.array([[1., 2, 0, 4], [0, 3, 1, 2], [5, 1, 2, 0], [2, 2, 2, 1], [0, 1, 6, 3], [4, 0, 1, 1]])
//   np.linalg.svd(X)[1];  W, H = sklearn.decomposition._nmf._initialize_nmf(X, 3, init='nndsvd', eps=1e-10)
const X = Float64Array.of(1, 2, 0, 4, 0, 3, 1, 2, 5, 1, 2, 0, 2, 2, 2, 1, 0, 1, 6, 3, 4, 0, 1, 1);
const SINGULAR = [9.28166776, 5.77135935, 4.23469496, 2.14695448];
const W = [
  1.0234644, 0, 1.34534844, 0.87109185, 0, 0.76409205, 1.34948828, 1.54950164, 0,
  1.1317949, 0.18167629, 0.09601233, 1.82671037, 0, 0, 1.01805613, 1.19230037, 0.07066094,
];

describe('leadingSingularVectors', () => {
  it('has numpy\'s singular values', () => {
    const { s } = leading(X, 6, 4, 4);
    expect(relativeDifference(s, SINGULAR)).toBeLessThan(1e-8);
  });

  it.each([[9, 5], [5, 9], [6, 6], [12, 1], [2, 7]])('reconstructs a %i x %i matrix from all of them, orthonormal on both sides', (m, n) => {
    const { x } = randomMatrix(m, n, m * n), all = leading(x, m, n, Math.min(m, n));
    expect(relativeDifference(product(all, m, n), x)).toBeLessThan(1e-12);
    for (const [side, rows] of [[all.u, m], [all.v, n]] as const) {
      for (let a = 0; a < all.count; a++) for (let b = 0; b <= a; b++) {
        let inner = 0;
        for (let i = 0; i < rows; i++) inner += side[i * all.count + a]! * side[i * all.count + b]!;
        expect(inner).toBeCloseTo(a === b ? 1 : 0, 8);
      }
    }
    expect([...all.s]).toEqual([...all.s].sort((a, b) => b - a));
  });

  it('the leading ones do not depend on how many were asked for', () => {
    const { x } = randomMatrix(10, 6, 3), few = leading(x, 10, 6, 2), many = leading(x, 10, 6, 6);
    for (let i = 0; i < 10; i++) for (let c = 0; c < 2; c++) expect(few.u[i * 2 + c]).toBe(many.u[i * 6 + c]);
  });

  it('gives a zero vector, not NaN, for a singular value of zero', () => {
    const { u, s } = leading(Float64Array.of(1, 0, 0, 0, 0, 0), 3, 2, 2);
    expect(s[0]).toBeCloseTo(1, 14);
    expect(s[1]).toBe(0);
    expect([...u].every(Number.isFinite)).toBe(true);
  });
});

describe('nndsvd', () => {
  it('equals scikit-learn\'s', () => {
    expect(relativeDifference(nndsvd(leading(X, 6, 4, 4), 6, 4, 3, 'zeros'), W)).toBeLessThan(1e-8);
  });

  it('worked example: X = diag(2, 1) has u = v = I, so W = diag(sqrt 2, 1)', () => {
    const w = nndsvd(leading(Float64Array.of(2, 0, 0, 1), 2, 2, 2), 2, 2, 2, 'zeros');
    expect(relativeDifference(w, [Math.SQRT2, 0, 0, 1])).toBeLessThan(1e-14);
  });

  it('fills its zeros with 0.1 (MATLAB lineage), with the mean of W, or not', () => {
    const vectors = leading(X, 6, 4, 4), mean = W.reduce((s, v) => s + v, 0) / W.length;
    expect(relativeDifference(nndsvd(vectors, 6, 4, 3, 'tenth'), W.map((v) => (v === 0 ? 0.1 : v)))).toBeLessThan(1e-8);
    expect(relativeDifference(nndsvd(vectors, 6, 4, 3, 'mean'), W.map((v) => (v === 0 ? mean : v)))).toBeLessThan(1e-8);
  });

  it('starts a component beyond the data\'s rank at the fill', () => {
    const w = nndsvd(leading(Float64Array.of(1, 2, 2, 4, 3, 6), 3, 2, 2), 3, 2, 2, 'tenth');
    expect([w[1], w[3], w[5]]).toEqual([0.1, 0.1, 0.1]);
  });
});

describe('randomStart', () => {
  it('is in (0, 1], the same for a seed, another for another', () => {
    const w = randomStart(50, 4, 'a');
    expect(Math.min(...w)).toBeGreaterThan(0);
    expect(Math.max(...w)).toBeLessThanOrEqual(1);
    expect(randomStart(50, 4, 'a')).toEqual(w);
    expect(randomStart(50, 4, 'b')).not.toEqual(w);
    expect(w.reduce((s, v) => s + v, 0) / 200).toBeCloseTo(0.5, 1);
  });
});

describe('partitionStart', () => {
  const { x, m, n } = separableMatrix(60, 24, 4, 3), matrix = prepare(x, m, n, 6);

  it('draws one row of each well separated part, so that the start is the partition', () => {
    const found = [0, 1, 2, 3].map((seed) => adjustedRandIndex(hardLabels(partitionStart(matrix, 4, seed), m, 4), Array.from({ length: m }, (_, i) => i % 4)));
    expect(Math.max(...found)).toBe(1);
  });

  it('gives every row 1 in one component and 0.1 in the others, the same for a seed, whatever the highest rank prepared', () => {
    const w = partitionStart(matrix, 3, 's');
    for (let i = 0; i < m; i++) expect([...w.subarray(i * 3, i * 3 + 3)].sort()).toEqual([0.1, 0.1, 1]);
    expect(partitionStart(prepare(x, m, n, 3), 3, 's')).toEqual(w);
    expect(partitionStart(matrix, 3, 't')).not.toEqual(w);
  });

  it('bears rows that are all alike', () => {
    const same = prepare(Float64Array.from({ length: 40 }, (_, i) => 1 + (i % 4)), 10, 4, 3);
    expect(partitionStart(same, 3, 0).every(Number.isFinite)).toBe(true);
  });
});
