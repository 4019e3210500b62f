/** Rows of W as the stability index sees them: unit length, centred, and the variance of each row of the cosine matrix (see stability.ts). */

export interface SimilarityRows {
  /** Unit rows, n x k; zeros where W has no direction. */
  rows: Float64Array;
  centred: Float64Array;
  /** u_i' S u_i with S the centred cross-products, scaled to `points` rows; 0 where there is no direction. */
  variance: Float64Array;
}

/** Weights at or below this are the solvers' floor, not a direction. */
const FLOOR = 1e-15;

/** The rows of W (k columns) at `at`; variances are those of a matrix over `points` columns. */
export function similarityRows(w: Float64Array, at: Int32Array, k: number, points: number): SimilarityRows {
  const n = at.length, rows = new Float64Array(n * k), centred = new Float64Array(n * k), variance = new Float64Array(n);
  const mean = new Float64Array(k), S = new Float64Array(k * k);
  let usable = 0;
  for (let i = 0; i < n; i++) {
    let s = 0, most = 0;
    for (let j = 0; j < k; j++) { const x = w[at[i]! * k + j]!; s += x * x; most = Math.max(most, x); }
    if (!(most > FLOOR)) continue;
    usable++;
    variance[i] = 1;
    for (let j = 0; j < k; j++) { const x = w[at[i]! * k + j]! / Math.sqrt(s); rows[i * k + j] = x; mean[j] = mean[j]! + x; }
  }
  for (let i = 0; i < n; i++) if (variance[i]! > 0) for (let j = 0; j < k; j++) centred[i * k + j] = rows[i * k + j]! - mean[j]! / usable;
  for (let i = 0; i < n; i++) for (let p = 0; p < k; p++) for (let q = 0; q < k; q++) S[p * k + q] = S[p * k + q]! + centred[i * k + p]! * centred[i * k + q]!;
  const scale = usable > 0 ? points / usable : 0;
  for (let i = 0; i < n; i++) {
    if (!(variance[i]! > 0)) continue;
    let v = 0;
    for (let p = 0; p < k; p++) for (let q = 0; q < k; q++) v += rows[i * k + p]! * S[p * k + q]! * rows[i * k + q]!;
    variance[i] = v * scale > 1e-26 * points ? v * scale : 0;
  }
  return { rows, centred, variance };
}
