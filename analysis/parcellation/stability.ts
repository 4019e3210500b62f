/**
 * Split-half stability of a parcellation (Patel et al. 2020): for each vertex, the Pearson correlation between its row of the
 * vertex-by-vertex cosine similarity matrix in half A and in half B; the index is the mean over vertices. The m x m matrices are
 * never formed: with unit rows a_i, b_i and centred rows, cov_i = a_i' S_AB b_i and var_i = a_i' S_AA a_i (opnmf.md).
 */
import { ParcellationError } from './errors.js';

export interface Stability {
  mean: number | null;
  median: number | null;
  sd: number | null;
  /** Vertices whose weights are all at the floor in one half (no direction) or whose similarity does not vary; left out. */
  undefined: number;
}

/** Weights at or below this are the solvers' floor, not a direction. */
const FLOOR = 1e-15;
/** A row of cosines whose standard deviation is below this is constant but for rounding. */
const NO_VARIATION = 1e-13;

/** Stability of two W (m x k, row-major, any column order, any scale). mean, median and sd are null when no vertex has a direction in both. Throws ParcellationError. */
export function stability(wA: Float64Array, wB: Float64Array, m: number, k: number): Stability {
  for (const [name, w] of [['A', wA], ['B', wB]] as const) {
    if (w.length !== m * k) throw new ParcellationError('UNEQUAL_LENGTHS', `the weights of half ${name} are ${w.length} numbers, not ${m} vertices x ${k} components`);
    const bad = w.findIndex((v) => !Number.isFinite(v));
    if (bad >= 0) throw new ParcellationError('NOT_FINITE', `the weight of vertex ${Math.floor(bad / k) + 1}, component ${(bad % k) + 1} in half ${name} is ${w[bad]}`);
  }
  const a = unitRows(wA, m, k), b = unitRows(wB, m, k);
  const usable = a.defined.map((d, i) => d && (b.defined[i] as boolean));
  const ac = centred(a.rows, usable, m, k), bc = centred(b.rows, usable, m, k);
  const AA = products(ac, ac, usable, m, k), BB = products(bc, bc, usable, m, k), AB = products(ac, bc, usable, m, k);
  const r: number[] = [], least = NO_VARIATION * NO_VARIATION * usable.filter(Boolean).length;
  for (let i = 0; i < m; i++) {
    if (!usable[i]) continue;
    const u = a.rows.subarray(i * k, (i + 1) * k), v = b.rows.subarray(i * k, (i + 1) * k);
    const va = bilinear(u, AA, u, k), vb = bilinear(v, BB, v, k);
    if (va > least && vb > least) r.push(Math.max(-1, Math.min(1, bilinear(u, AB, v, k) / Math.sqrt(va * vb))));
  }
  return { ...summary(r), undefined: m - r.length };
}

function summary(values: number[]): { mean: number | null; median: number | null; sd: number | null } {
  const n = values.length;
  if (n === 0) return { mean: null, median: null, sd: null };
  const mean = values.reduce((s, v) => s + v, 0) / n;
  const sorted = [...values].sort((x, y) => x - y);
  const median = ((sorted[(n - 1) >> 1] as number) + (sorted[n >> 1] as number)) / 2;
  const sd = n > 1 ? Math.sqrt(values.reduce((s, v) => s + (v - mean) * (v - mean), 0) / (n - 1)) : null;
  return { mean, median, sd };
}

function unitRows(w: Float64Array, m: number, k: number): { rows: Float64Array; defined: boolean[] } {
  const rows = new Float64Array(m * k);
  const defined: boolean[] = new Array<boolean>(m);
  for (let i = 0; i < m; i++) {
    let s = 0, most = 0;
    for (let j = 0; j < k; j++) { const x = w[i * k + j] as number; s += x * x; if (x > most) most = x; }
    defined[i] = most > FLOOR;
    const norm = Math.sqrt(s);
    if (defined[i]) for (let j = 0; j < k; j++) rows[i * k + j] = (w[i * k + j] as number) / norm;
  }
  return { rows, defined };
}

function centred(rows: Float64Array, usable: boolean[], m: number, k: number): Float64Array {
  const mean = new Float64Array(k);
  let count = 0;
  for (let i = 0; i < m; i++) if (usable[i]) { count++; for (let j = 0; j < k; j++) mean[j] = (mean[j] as number) + (rows[i * k + j] as number); }
  const out = new Float64Array(m * k);
  for (let i = 0; i < m; i++) if (usable[i]) for (let j = 0; j < k; j++) out[i * k + j] = (rows[i * k + j] as number) - (mean[j] as number) / count;
  return out;
}

function products(a: Float64Array, b: Float64Array, usable: boolean[], m: number, k: number): Float64Array {
  const s = new Float64Array(k * k);
  for (let i = 0; i < m; i++) {
    if (!usable[i]) continue;
    for (let p = 0; p < k; p++) for (let q = 0; q < k; q++) s[p * k + q] = (s[p * k + q] as number) + (a[i * k + p] as number) * (b[i * k + q] as number);
  }
  return s;
}

function bilinear(u: Float64Array, s: Float64Array, v: Float64Array, k: number): number {
  let sum = 0;
  for (let p = 0; p < k; p++) for (let q = 0; q < k; q++) sum += (u[p] as number) * (s[p * k + q] as number) * (v[q] as number);
  return sum;
}
