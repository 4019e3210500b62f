import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { leadingEigenpairs, type Eigenpairs } from '../../../analysis/opnmf/symmetric-eigen.js';
import { prepare, singularVectors } from '../../../analysis/opnmf/index.js';
import { randomTriplets } from '../../../analysis/opnmf/kernel/triplets.js';
import { even, instantiate, newMemory, reserve, view } from '../../../analysis/opnmf/kernel/module.js';
import { partsMatrix, randomMatrix, relativeDifference, toColumns } from './support.js';

const symmetric = (size: number, rank: number, seed: number): Matrix => {
  const B = Matrix.from1DArray(size, rank, randomMatrix(size, rank, seed).x);
  return B.mmul(B.transpose());
};
/** In memory of its own; what a caller leaves below the diagonal and beyond the rows must not matter. */
function eigenpairs(A: Matrix, count: number): Eigenpairs {
  const size = A.rows, ld = even(size) + 2, memory = newMemory(), at = reserve(memory, size * ld), rows = view(memory, at, size * ld).fill(NaN);
  for (let i = 0; i < size; i++) for (let j = i; j < size; j++) rows[i * ld + j] = A.get(i, j);
  const { values, vectors, stride } = leadingEigenpairs(instantiate(memory), memory, at, size, ld, count);
  expect(stride).toBe(ld);
  return { values, vectors: Float64Array.from({ length: values.length * size }, (_, e) => vectors[Math.floor(e / size) * ld + (e % size)]!), stride: size };
}
const CASES: [string, Matrix][] = [
  ['1 x 1', symmetric(1, 1, 1)], ['a negative one', new Matrix([[-3]])], ['indefinite', Matrix.sub(symmetric(31, 31, 8), Matrix.mul(Matrix.eye(31), 8))], ['2 x 2', symmetric(2, 2, 1)], ['3 x 3', symmetric(3, 3, 1)], ['40 x 40', symmetric(40, 40, 2)], ['rank 5 of 60', symmetric(60, 5, 3)],
  ['identity (one eigenvalue, 30 times)', Matrix.eye(30)], ['zero', Matrix.zeros(12, 12)], ['diagonal with repeats', Matrix.diag(Array.from({ length: 28 }, (_, i) => i % 7))],
  ['tiny values', Matrix.mul(symmetric(20, 20, 4), 1e-100)], ['already tridiagonal', new Matrix([[2, 1, 0], [1, 2, 1], [0, 1, 2]])],
];

describe('leadingEigenpairs', () => {
  it.each(CASES)('%s: values of ml-matrix, A v = lambda v, orthonormal', (_name, A) => {
    const size = A.rows, { values, vectors } = eigenpairs(A, size);
    const scale = Math.max(1e-300, ...A.to1DArray().map(Math.abs)) * size;
    const expected = [...new EigenvalueDecomposition(A, { assumeSymmetric: true }).realEigenvalues].sort((a, b) => b - a);
    expect(Math.max(...expected.map((v, j) => Math.abs(v - values[j]!))) / scale).toBeLessThan(1e-13);
    const V = toColumns(vectors, size);
    expect(Matrix.sub(A.mmul(V), V.mmul(Matrix.diag([...values]))).norm('frobenius') / scale).toBeLessThan(1e-12);
    expect(Matrix.sub(V.transpose().mmul(V), Matrix.eye(size)).norm('frobenius')).toBeLessThan(1e-12);
  });

  it('a pair does not depend on how many are asked for, and its largest entry is positive', () => {
    const a = symmetric(25, 25, 6), few = eigenpairs(a, 3), many = eigenpairs(a, 20);
    expect([...few.values]).toEqual([...many.values.subarray(0, 3)]);
    expect([...few.vectors]).toEqual([...many.vectors.subarray(0, 75)]);
    for (let j = 0; j < 20; j++) {
      const v = [...many.vectors.subarray(j * 25, (j + 1) * 25)];
      expect(Math.max(...v)).toBe(Math.max(...v.map(Math.abs)));
    }
  });
});

describe('randomTriplets', () => {
  it('finds the leading singular values and directions that the exact way finds', () => {
    const [m, n] = [220, 140], { x } = partsMatrix(m, n, 5, 0.2, 3);
    const exact = singularVectors(prepare(x, m, n, 8), 8);
    const memory = newMemory(), at = { x: reserve(memory, m * n + 4), us: reserve(memory, m * 8), gram: 0 };
    view(memory, at.x, m * n).set(x);
    const { s, v } = randomTriplets(instantiate(memory), memory, at, m, n, 8);
    expect(relativeDifference(s.subarray(0, 5), exact.s.subarray(0, 5))).toBeLessThan(1e-10);
    for (let j = 0; j < 5; j++) {
      let inner = 0;
      for (let i = 0; i < n; i++) inner += v[i * 8 + j]! * exact.v[i * 8 + j]!;
      expect(Math.abs(inner)).toBeCloseTo(1, 8);
    }
  });
});
