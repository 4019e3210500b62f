/**
 * Initial W. NNDSVD (Boutsidis & Gallopoulos 2008, Pattern Recognition 41:1350) from the leading singular vectors of X, which come
 * from the eigenvectors of the smaller Gram matrix; or seeded uniform random numbers.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { createRandom } from '../random.js';
import { kernelGram } from './kernel/instance.js';

/** Leading left singular vectors of X: `u` is m x count (row-major), `s` the singular values, `v` n x count. */
export interface SingularVectors {
  u: Float64Array;
  s: Float64Array;
  v: Float64Array;
  count: number;
}

/** The `count` leading singular triplets of X (m x n, row-major) through the Gram matrix of its smaller side. */
export function leadingSingularVectors(x: Float64Array, m: number, n: number, count: number): SingularVectors {
  const tall = n <= m;
  const side = tall ? n : m;
  const gram = tall ? gramOfColumns(x, m, n) : gramOfRows(x, m, n);
  const evd = new EigenvalueDecomposition(gram, { assumeSymmetric: true });
  const kept = Math.min(count, side);
  const near = new Float64Array(side * kept), s = new Float64Array(kept);
  for (let j = 0; j < kept; j++) {
    const at = side - 1 - j; // ml-matrix returns ascending eigenvalues of a symmetric matrix
    s[j] = Math.sqrt(Math.max(0, evd.realEigenvalues[at] as number));
    for (let i = 0; i < side; i++) near[i * kept + j] = evd.eigenvectorMatrix.get(i, at);
  }
  const far = tall ? timesX(x, m, n, near, kept) : transposedTimesX(x, m, n, near, kept);
  const rows = tall ? m : n;
  for (let j = 0; j < kept; j++) {
    const scale = (s[j] as number) > 0 ? 1 / (s[j] as number) : 0;
    for (let i = 0; i < rows; i++) far[i * kept + j] = (far[i * kept + j] as number) * scale;
  }
  return tall ? { u: far, s, v: near, count: kept } : { u: near, s, v: far, count: kept };
}

export type Fill = 'zeros' | 'tenth' | 'mean';

/**
 * NNDSVD's W (m x k). Entries below 1e-10 are zero and then filled: `zeros` keeps them (the Python lineage), `tenth` puts 0.1
 * (the MATLAB lineage), `mean` puts the mean of W.
 */
export function nndsvd(vectors: SingularVectors, m: number, n: number, k: number, fill: Fill): Float64Array {
  const w = new Float64Array(m * k);
  for (let j = 0; j < Math.min(k, vectors.count); j++) {
    const { u, v, count } = vectors;
    let up = 0, un = 0, vp = 0, vn = 0;
    for (let i = 0; i < m; i++) { const a = u[i * count + j] as number; if (a > 0) up += a * a; else un += a * a; }
    for (let i = 0; i < n; i++) { const a = v[i * count + j] as number; if (a > 0) vp += a * a; else vn += a * a; }
    const s = vectors.s[j] as number;
    if (j === 0) {
      const scale = Math.sqrt(s);
      for (let i = 0; i < m; i++) w[i * k] = scale * Math.abs(u[i * count] as number);
      continue;
    }
    const positive = Math.sqrt(up) * Math.sqrt(vp), negative = Math.sqrt(un) * Math.sqrt(vn);
    const take = positive >= negative;
    const norm = Math.sqrt(take ? up : un);
    const scale = norm > 0 ? Math.sqrt(s * (take ? positive : negative)) / norm : 0;
    for (let i = 0; i < m; i++) {
      const a = u[i * count + j] as number;
      w[i * k + j] = take ? scale * Math.max(a, 0) : scale * Math.max(-a, 0);
    }
  }
  let sum = 0;
  for (let i = 0; i < w.length; i++) { if ((w[i] as number) < 1e-10) w[i] = 0; sum += w[i] as number; }
  const filler = fill === 'tenth' ? 0.1 : fill === 'mean' ? sum / w.length : 0;
  if (filler > 0) for (let i = 0; i < w.length; i++) if (w[i] === 0) w[i] = filler;
  return w;
}

/** Uniform random W in (0, 1], seeded. */
export function randomStart(m: number, k: number, seed: number | string): Float64Array {
  const random = createRandom(seed);
  const w = new Float64Array(m * k);
  for (let i = 0; i < w.length; i++) w[i] = 1 - random.uniform();
  return w;
}

function gramOfColumns(x: Float64Array, m: number, n: number): Matrix {
  return symmetric(kernelGram(x, m, n), n);
}

function gramOfRows(x: Float64Array, m: number, n: number): Matrix {
  const sums = new Float64Array(m * m);
  for (let p = 0; p < m; p++) {
    for (let q = p; q < m; q++) {
      let s = 0;
      for (let j = 0; j < n; j++) s += (x[p * n + j] as number) * (x[q * n + j] as number);
      sums[p * m + q] = s;
    }
  }
  return symmetric(sums, m);
}

function symmetric(upper: Float64Array, size: number): Matrix {
  const out = new Matrix(size, size);
  for (let p = 0; p < size; p++) for (let q = p; q < size; q++) { const a = upper[p * size + q] as number; out.set(p, q, a); out.set(q, p, a); }
  return out;
}

/** X (m x n) times V (n x k). */
function timesX(x: Float64Array, m: number, n: number, v: Float64Array, k: number): Float64Array {
  const out = new Float64Array(m * k);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) {
    const a = x[i * n + j] as number;
    for (let c = 0; c < k; c++) out[i * k + c] = (out[i * k + c] as number) + a * (v[j * k + c] as number);
  }
  return out;
}

/** X' (n x m) times U (m x k). */
function transposedTimesX(x: Float64Array, m: number, n: number, u: Float64Array, k: number): Float64Array {
  const out = new Float64Array(n * k);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) {
    const a = x[i * n + j] as number;
    for (let c = 0; c < k; c++) out[j * k + c] = (out[j * k + c] as number) + a * (u[i * k + c] as number);
  }
  return out;
}
