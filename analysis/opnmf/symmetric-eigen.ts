/**
 * The largest eigenvalues of a symmetric matrix and their vectors: Householder tridiagonalisation, bisection by Sturm counts, inverse
 * iteration (Golub & Van Loan, Matrix Computations, 8.3-8.4; LAPACK's dsyevx does the same). Only + - * / and square roots in a fixed order, so the bits
 * are the same everywhere, and an eigenpair does not depend on how many are asked for.
 */
import { createRandom } from '../random.js';

export interface Eigenpairs {
  /** Descending. */
  values: Float64Array;
  /** One vector of unit length after the other, `size` values each; its largest entry in absolute value is positive. */
  vectors: Float64Array;
}

/** Squared entries of rounding size beside a largest entry of 1. */
const NOTHING = 1e-32;

interface Tridiagonal {
  size: number;
  diagonal: Float64Array;
  /** offDiagonal[i] couples i and i + 1. */
  offDiagonal: Float64Array;
  /** Row i holds the Householder vector that cleared row i left of the off-diagonal. */
  reflectors: Float64Array;
}

/** The `count` leading eigenpairs of `a` (size x size, row-major; the lower triangle is read). */
export function leadingEigenpairs(a: Float64Array, size: number, count: number): Eigenpairs {
  // At its own scale, so that no square underflows.
  const scale = a.reduce((most, v) => Math.max(most, Math.abs(v)), 0) || 1;
  const t = tridiagonalize(a.map((v) => v / scale), size);
  const wanted = Math.min(count, size);
  const values = new Float64Array(wanted), vectors = new Float64Array(wanted * size);
  const random = createRandom('eigenvectors');
  const start = Float64Array.from({ length: size }, () => random.uniform() - 0.5);
  const bound = gershgorin(t);
  for (let j = 0; j < wanted; j++) {
    values[j] = bisect(t, size - 1 - j, bound);
    inverseIteration(t, values[j] as number, bound, start, vectors, j);
  }
  for (let j = 0; j < wanted; j++) {
    turnBack(t, vectors.subarray(j * size, (j + 1) * size));
    values[j] = (values[j] as number) * scale;
  }
  return { values, vectors };
}

/** Reduction from the last row upwards (tred2's order); O(4/3 size^3). The largest entry must be 1. Overwrites `s`. */
function tridiagonalize(s: Float64Array, size: number): Tridiagonal {
  const diagonal = new Float64Array(size), offDiagonal = new Float64Array(Math.max(0, size - 1)), reflectors = new Float64Array(size * size);
  const p = new Float64Array(size);
  for (let i = size - 1; i > 1; i--) {
    const row = i * size, u = reflectors.subarray(row, row + i);
    let norm2 = 0;
    for (let c = 0; c < i; c++) { const v = s[row + c] as number; u[c] = v; norm2 += v * v; }
    const last = u[i - 1] as number, norm = Math.sqrt(norm2);
    const beyond = norm2 - last * last;
    if (!(beyond > NOTHING)) { offDiagonal[i - 1] = last; u.fill(0); continue; }
    const alpha = last > 0 ? -norm : norm;
    u[i - 1] = last - alpha;
    offDiagonal[i - 1] = alpha;
    const scale = Math.sqrt(2 / (norm2 - last * last + (last - alpha) * (last - alpha)));
    for (let c = 0; c < i; c++) u[c] = (u[c] as number) * scale; // H = I - u u'
    p.fill(0, 0, i);
    for (let r = 0; r < i; r++) {
      const from = r * size, ur = u[r] as number;
      let sum = (s[from + r] as number) * ur;
      for (let c = 0; c < r; c++) { const v = s[from + c] as number; sum += v * (u[c] as number); p[c] = (p[c] as number) + v * ur; }
      p[r] = (p[r] as number) + sum;
    }
    let k = 0;
    for (let c = 0; c < i; c++) k += (u[c] as number) * (p[c] as number);
    k /= 2;
    for (let c = 0; c < i; c++) p[c] = (p[c] as number) - k * (u[c] as number);
    for (let r = 0; r < i; r++) {
      const from = r * size, ur = u[r] as number, pr = p[r] as number;
      for (let c = 0; c <= r; c++) s[from + c] = (s[from + c] as number) - ur * (p[c] as number) - pr * (u[c] as number);
    }
  }
  if (size > 1) offDiagonal[0] = s[size] as number;
  for (let i = 0; i < size; i++) diagonal[i] = s[i * size + i] as number;
  return { size, diagonal, offDiagonal, reflectors };
}

function gershgorin({ size, diagonal, offDiagonal }: Tridiagonal): { least: number; most: number; norm: number } {
  let least = Infinity, most = -Infinity;
  for (let i = 0; i < size; i++) {
    const radius = (i > 0 ? Math.abs(offDiagonal[i - 1] as number) : 0) + (i < size - 1 ? Math.abs(offDiagonal[i] as number) : 0);
    least = Math.min(least, (diagonal[i] as number) - radius);
    most = Math.max(most, (diagonal[i] as number) + radius);
  }
  return { least, most, norm: Math.max(Math.abs(least), Math.abs(most)) };
}

/** The eigenvalue with `index` smaller ones. */
function bisect({ size, diagonal, offDiagonal }: Tridiagonal, index: number, { least, most, norm }: { least: number; most: number; norm: number }): number {
  const tiny = norm * 1e-300 + 1e-300;
  let low = least - norm * 1e-15, high = most + norm * 1e-15;
  while (true) {
    const middle = low + (high - low) / 2;
    if (!(middle > low && middle < high)) return middle;
    let below = 0, q = 1;
    for (let i = 0; i < size; i++) {
      const e = i > 0 ? (offDiagonal[i - 1] as number) : 0;
      q = (diagonal[i] as number) - middle - (i > 0 ? (e * e) / q : 0);
      if (q === 0) q = -tiny;
      if (q < 0) below++;
    }
    if (below > index) high = middle;
    else low = middle;
    if (high - low <= 4e-16 * norm) return low + (high - low) / 2;
  }
}

/** Solves (T - value) x = b three times from `start` by LU with partial pivoting, kept orthogonal to the vectors before (Gram-Schmidt, twice). */
function inverseIteration({ size, diagonal, offDiagonal }: Tridiagonal, value: number, { norm }: { norm: number }, start: Float64Array, vectors: Float64Array, j: number): void {
  const x = vectors.subarray(j * size, (j + 1) * size);
  x.set(start);
  const floor = norm * 2.3e-16 + 1e-300;
  const d = new Float64Array(size), e = new Float64Array(size), f = new Float64Array(size), l = new Float64Array(size), swapped = new Uint8Array(size);
  let a = (diagonal[0] as number) - value, b = size > 1 ? (offDiagonal[0] as number) : 0;
  for (let i = 0; i < size - 1; i++) {
    const c = offDiagonal[i] as number, nextA = (diagonal[i + 1] as number) - value, nextB = i + 2 < size ? (offDiagonal[i + 1] as number) : 0;
    if (Math.abs(c) > Math.abs(a)) { // the row below becomes the pivot
      swapped[i] = 1;
      const ratio = a / c;
      d[i] = c; e[i] = nextA; f[i] = nextB; l[i] = ratio;
      a = b - ratio * nextA; b = -ratio * nextB;
    } else {
      if (Math.abs(a) < floor) a = a < 0 ? -floor : floor;
      const ratio = c / a;
      d[i] = a; e[i] = b; f[i] = 0; l[i] = ratio;
      a = nextA - ratio * b; b = nextB;
    }
  }
  d[size - 1] = Math.abs(a) < floor ? (a < 0 ? -floor : floor) : a;
  for (let round = 0; round < 3; round++) {
    orthogonalize(vectors, size, j);
    if (round > 0 || j > 0) unit(x);
    for (let i = 0; i < size - 1; i++) {
      const ratio = l[i] as number;
      if (swapped[i]) { const t = x[i] as number; x[i] = x[i + 1] as number; x[i + 1] = t - ratio * (x[i] as number); }
      else x[i + 1] = (x[i + 1] as number) - ratio * (x[i] as number);
    }
    for (let i = size - 1; i >= 0; i--) {
      let v = x[i] as number;
      if (i + 1 < size) v -= (e[i] as number) * (x[i + 1] as number);
      if (i + 2 < size) v -= (f[i] as number) * (x[i + 2] as number);
      x[i] = v / (d[i] as number);
    }
    unit(x);
  }
  orthogonalize(vectors, size, j);
  unit(x);
}

function orthogonalize(vectors: Float64Array, size: number, j: number): void {
  const x = vectors.subarray(j * size, (j + 1) * size);
  for (let round = 0; round < 2; round++) {
    for (let q = 0; q < j; q++) {
      const from = q * size;
      let dot = 0;
      for (let i = 0; i < size; i++) dot += (vectors[from + i] as number) * (x[i] as number);
      for (let i = 0; i < size; i++) x[i] = (x[i] as number) - dot * (vectors[from + i] as number);
    }
  }
}

function unit(x: Float64Array): void {
  let largest = 0;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i] as number));
  let sum = 0;
  for (let i = 0; i < x.length; i++) { const v = (x[i] as number) / largest; x[i] = v; sum += v * v; }
  const scale = 1 / Math.sqrt(sum);
  for (let i = 0; i < x.length; i++) x[i] = (x[i] as number) * scale;
}

/** From an eigenvector of the tridiagonal matrix to one of the matrix itself, its largest entry positive. */
function turnBack({ size, reflectors }: Tridiagonal, x: Float64Array): void {
  for (let i = 2; i < size; i++) {
    const from = i * size;
    let dot = 0;
    for (let c = 0; c < i; c++) dot += (reflectors[from + c] as number) * (x[c] as number);
    if (dot !== 0) for (let c = 0; c < i; c++) x[c] = (x[c] as number) - dot * (reflectors[from + c] as number);
  }
  let at = 0;
  for (let i = 1; i < size; i++) if (Math.abs(x[i] as number) > Math.abs(x[at] as number)) at = i;
  if ((x[at] as number) < 0) for (let i = 0; i < size; i++) x[i] = -(x[i] as number);
}
