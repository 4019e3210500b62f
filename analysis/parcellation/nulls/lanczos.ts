/** The largest eigenvalues of a symmetric operator and their vectors, by Lanczos with full reorthogonalisation (Golub & Van Loan, Matrix Computations, 10.3). */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Random } from '../../random.js';

export interface Eigenpairs {
  /** Largest first. */
  values: Float64Array;
  /** vectors[k]: n values, of length 1. */
  vectors: Float64Array[];
}

/** Residuals |A v - value v| are at most this part of the largest eigenvalue's size. */
const TOLERANCE = 1e-9;

/** `apply(x, y)` writes A x into y, and says whether to go on: null when not. `count` pairs, at most n. Throws RangeError when it does not converge. */
export function largestEigenpairs(apply: (x: Float64Array, y: Float64Array) => boolean, n: number, count: number, random: Random): Eigenpairs | null {
  const wanted = Math.min(count, n), basis: Float64Array[] = [], alpha: number[] = [], beta: number[] = [];
  let q = unit(Float64Array.from({ length: n }, () => random.normal()));
  let steps = Math.min(n, 2 * wanted + 40);
  for (;;) {
    while (basis.length < steps) {
      basis.push(q);
      const next = new Float64Array(n);
      if (!apply(q, next)) return null;
      alpha.push(dot(q, next));
      for (let pass = 0; pass < 2; pass++) for (const b of basis) subtract(next, b, dot(b, next));
      const length = Math.sqrt(dot(next, next));
      // An invariant subspace is exhausted: go on from a fresh vector orthogonal to it.
      if (length > 1e-13 * Math.abs(alpha[0]!)) { beta.push(length); q = scaled(next, 1 / length); continue; }
      beta.push(0);
      if (basis.length >= n) break;
      const fresh = Float64Array.from({ length: n }, () => random.normal());
      for (let pass = 0; pass < 2; pass++) for (const b of basis) subtract(fresh, b, dot(b, fresh));
      q = unit(fresh);
    }
    const found = ritz(alpha, beta, basis, wanted);
    if (found !== null) return found;
    if (steps >= n) throw new RangeError(`Lanczos did not converge in ${steps} steps`);
    steps = Math.min(n, Math.ceil(1.5 * steps));
  }
}

/** Eigenpairs of the tridiagonal matrix, lifted; null when the last wanted one has not converged. */
function ritz(alpha: number[], beta: number[], basis: Float64Array[], wanted: number): Eigenpairs | null {
  const size = basis.length, t = Matrix.zeros(size, size);
  for (let i = 0; i < size; i++) {
    t.set(i, i, alpha[i]!);
    if (i + 1 < size) { t.set(i, i + 1, beta[i]!); t.set(i + 1, i, beta[i]!); }
  }
  const { realEigenvalues: values, eigenvectorMatrix: vectors } = new EigenvalueDecomposition(t, { assumeSymmetric: true });
  const order = values.map((_, i) => i).sort((a, b) => values[b]! - values[a]!).slice(0, wanted);
  const last = beta[size - 1]!, n = basis[0]!.length;
  if (size < n && order.some((k) => Math.abs(last * vectors.get(size - 1, k)) > TOLERANCE * Math.abs(values[order[0]!]!))) return null;
  return {
    values: Float64Array.from(order, (k) => values[k]!),
    vectors: order.map((k) => {
      const v = new Float64Array(n);
      basis.forEach((b, i) => subtract(v, b, -vectors.get(i, k)));
      return unit(v);
    }),
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += a[i]! * b[i]!;
  return s;
}

function subtract(from: Float64Array, b: Float64Array, times: number): void {
  for (let i = 0; i < from.length; i++) from[i] = from[i]! - times * b[i]!;
}

const scaled = (v: Float64Array, by: number): Float64Array => v.map((x) => x * by);
const unit = (v: Float64Array): Float64Array => scaled(v, 1 / Math.sqrt(dot(v, v)));
