/** Small least-squares helpers on columns of equal length. */
import type { Random } from '../analysis/random.js';

export type Column = Float64Array;

export function dot(a: Column, b: Column): number {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += a[i]! * b[i]!;
  return s;
}

/** An orthonormal basis of the columns' span (modified Gram-Schmidt, twice); dependent columns add nothing. */
export function orthonormal(columns: readonly Column[]): Column[] {
  const basis: Column[] = [];
  for (const column of columns) {
    const size = Math.sqrt(dot(column, column));
    if (size === 0) continue;
    const q = residual(basis, column);
    const norm = Math.sqrt(dot(q, q));
    if (norm <= 1e-9 * size) continue;
    basis.push(q.map((v) => v / norm));
  }
  return basis;
}

/** What is left of y after projecting onto an orthonormal basis (done twice for accuracy). */
export function residual(basis: readonly Column[], y: Column): Column {
  const r = Float64Array.from(y);
  for (let pass = 0; pass < 2; pass++) {
    for (const q of basis) {
      const c = dot(q, r);
      for (let i = 0; i < r.length; i++) r[i] = r[i]! - c * q[i]!;
    }
  }
  return r;
}

/** Correlation of y and x after removing `covariates` (which should include the constant) from both. */
export function partialCorrelation(y: Column, x: Column, covariates: readonly Column[]): number {
  const basis = orthonormal(covariates);
  const a = residual(basis, y), b = residual(basis, x);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

/**
 * Random noise orthogonal to the constraints with the given sum of squares. When there are too few values for all constraints, the last
 * ones are given up, so that at least one value in three stays free; a single value gets plain noise.
 */
export function orthogonalNoise(raw: Column, constraints: readonly Column[], sumOfSquares: number): Column {
  const room = Math.max(0, Math.min(constraints.length, raw.length - Math.max(1, Math.ceil(raw.length / 3))));
  const r = residual(orthonormal(constraints.slice(0, room)), raw);
  const size = Math.sqrt(dot(r, r));
  return size === 0 ? r : r.map((v) => (v * Math.sqrt(sumOfSquares)) / size);
}

export function normals(random: Random, n: number): Column {
  return Float64Array.from({ length: n }, () => random.normal());
}
