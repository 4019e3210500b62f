/**
 * Householder QR (ml-matrix; Golub & Van Loan, Matrix Computations, 5.2.1) of columns of unit length, with Q written out: n x p, p is small.
 * Without pivoting: a column's diagonal entry of R is then its distance from the span of the columns before it, in the order of the
 * formula, which is what the check of the rank needs; the solution is as accurate either way.
 */
import { Matrix, QrDecomposition } from 'ml-matrix';

export interface Qr {
  n: number;
  p: number;
  /** p orthonormal vectors of n. */
  q: Float64Array[];
  /** r[j]: column j of R, its entries 0..j. */
  r: Float64Array[];
}

/** `columns`: p columns of n >= p values. */
export function qrOf(columns: readonly Float64Array[], n: number): Qr {
  const p = columns.length;
  if (p === 0) return { n, p, q: [], r: [] };
  const x = new Matrix(n, p);
  for (let j = 0; j < p; j++) for (let i = 0; i < n; i++) x.set(i, j, columns[j]![i]!);
  const qr = new QrDecomposition(x), Q = qr.orthogonalMatrix, R = qr.upperTriangularMatrix;
  const upTo = (matrix: Matrix, j: number, length: number): Float64Array => {
    const column = new Float64Array(length);
    for (let i = 0; i < length; i++) column[i] = matrix.get(i, j);
    return column;
  };
  return { n, p, q: columns.map((_, j) => upTo(Q, j, n)), r: columns.map((_, j) => upTo(R, j, j + 1)) };
}

/** Q'y: p effects. */
export const projections = ({ q }: Qr, y: Float64Array): Float64Array => Float64Array.from(q, (column) => dot(column, y));

/** Q'y (p effects) and y - QQ'y, projected twice so that a small residual keeps its digits. */
export function project({ q }: Qr, y: Float64Array): { effects: Float64Array; residuals: Float64Array } {
  const effects = new Float64Array(q.length), residuals = y.slice();
  for (let pass = 0; pass < 2; pass++) {
    for (let j = 0; j < q.length; j++) {
      const column = q[j]!, e = dot(column, residuals);
      effects[j]! += e;
      for (let i = 0; i < column.length; i++) residuals[i]! -= e * column[i]!;
    }
  }
  return { effects, residuals };
}

function dot(a: Float64Array, b: Float64Array): number {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += a[i]! * b[i]!;
  return s;
}

/** Solves R x = e over the first `size` columns. */
export function solveUpper({ r }: Qr, e: ArrayLike<number>, size = r.length): Float64Array {
  const x = Float64Array.from({ length: size }, (_, i) => e[i]!);
  for (let j = size - 1; j >= 0; j--) {
    x[j]! /= r[j]![j]!;
    for (let i = 0; i < j; i++) x[i]! -= r[j]![i]! * x[j]!;
  }
  return x;
}

/** Solves R' z = d. */
export function solveLower({ r }: Qr, d: ArrayLike<number>): Float64Array {
  const z = new Float64Array(r.length);
  r.forEach((column, j) => {
    let s = d[j]!;
    for (let i = 0; i < j; i++) s -= column[i]! * z[i]!;
    z[j] = s / column[j]!;
  });
  return z;
}
