/**
 * Initial W. NNDSVD (Boutsidis & Gallopoulos 2008, Pattern Recognition 41:1350) from the leading singular vectors of X, which come
 * from the eigenvectors of the smaller Gram matrix; or seeded uniform random numbers.
 */
import { createRandom } from '../random.js';
import type { PreparedMatrix } from './kernel/matrix.js';
import { view } from './kernel/module.js';

/** Leading left singular vectors of X: `u` is m x count (row-major), `s` the singular values, `v` n x count. */
export interface SingularVectors {
  u: Float64Array;
  s: Float64Array;
  v: Float64Array;
  count: number;
}

/** The `count` leading triplets of a prepared matrix; a singular value of zero has zero vectors. */
export function singularVectors(matrix: PreparedMatrix, count: number): SingularVectors {
  const { m, n, usColumns } = matrix, kept = Math.min(count, m, n);
  const us = view(matrix.memory, matrix.at.us, m * usColumns);
  const u = new Float64Array(m * kept), v = new Float64Array(n * kept), s = matrix.s.slice(0, kept);
  for (let j = 0; j < kept; j++) {
    const scale = (s[j] as number) > 0 ? 1 / (s[j] as number) : 0;
    for (let i = 0; i < m; i++) u[i * kept + j] = (us[i * usColumns + j] as number) * scale;
    for (let i = 0; i < n; i++) v[i * kept + j] = matrix.v[i * usColumns + j] as number;
  }
  return { u, s, v, count: kept };
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

/** NNDSVD filled as in the MATLAB lineage: the published start (m x k). */
export function nndsvdStart(matrix: PreparedMatrix, k: number): Float64Array {
  return nndsvd(singularVectors(matrix, k), matrix.m, matrix.n, k, 'tenth');
}

/** Weight of a vertex in the components that are not its own. */
const ELSEWHERE = 0.1;

/**
 * A random partition of the rows that the data support: k rows drawn one after the other with probability proportional to the squared distance
 * to those drawn before (k-means++, Arthur & Vassilvitskii 2007), in the space of the k leading singular vectors; every row goes to the nearest.
 * Independent random numbers would start near the saddle at which all components are alike, and passes would be spent on leaving it.
 */
export function partitionStart(matrix: PreparedMatrix, k: number, seed: number | string): Float64Array {
  const { m, usColumns } = matrix, us = view(matrix.memory, matrix.at.us, m * usColumns), random = createRandom(seed);
  const nearest = new Float64Array(m).fill(Infinity), label = new Int32Array(m);
  let row = random.integer(m);
  for (let j = 0; j < k; j++) {
    let sum = 0;
    for (let i = 0; i < m; i++) {
      let d = 0;
      for (let c = 0; c < k; c++) { const e = (us[i * usColumns + c] as number) - (us[row * usColumns + c] as number); d += e * e; }
      if (d < (nearest[i] as number)) { nearest[i] = d; label[i] = j; }
      sum += nearest[i] as number;
    }
    let left = random.uniform() * sum;
    row = 0;
    while (row < m - 1 && left >= (nearest[row] as number)) left -= nearest[row++] as number;
  }
  const w = new Float64Array(m * k).fill(ELSEWHERE);
  for (let i = 0; i < m; i++) w[i * k + (label[i] as number)] = 1;
  return w;
}

/** What of two remixed components is left of each row in the one it does not get. */
const LEFT = 0.1;

/** A copy of W (m x k, k > 1) in which two components, drawn at random, divide their rows anew: each row's weight in both goes to the one or the other. Seeded. */
export function remixed(w: Float64Array, m: number, k: number, seed: number | string): Float64Array {
  const random = createRandom(seed), a = random.integer(k), other = random.integer(k - 1), b = other < a ? other : other + 1;
  const out = w.slice();
  for (let i = 0; i < m; i++) {
    const both = (w[i * k + a] as number) + (w[i * k + b] as number), toA = random.uniform() < 0.5;
    out[i * k + a] = toA ? both : LEFT * both;
    out[i * k + b] = toA ? LEFT * both : both;
  }
  return out;
}

/** Uniform random W in (0, 1], seeded. */
export function randomStart(m: number, k: number, seed: number | string): Float64Array {
  const random = createRandom(seed);
  const w = new Float64Array(m * k);
  for (let i = 0; i < w.length; i++) w[i] = 1 - random.uniform();
  return w;
}
