/** The stability index (see stability.ts) of rows already of unit length, fast enough to be computed many thousand times. */

/** Weights at or below this are the solvers' floor, not a direction. */
const FLOOR = 1e-15;

/** Scales each of n rows of k to unit length, in place; a row that has no direction becomes zeros. */
export function unitRowsOf(rows: Float64Array, n: number, k: number): Float64Array {
  for (let i = 0; i < n; i++) {
    let s = 0, most = 0;
    for (let j = i * k; j < (i + 1) * k; j++) { const x = rows[j]!; s += x * x; if (x > most) most = x; }
    const scale = most > FLOOR ? 1 / Math.sqrt(s) : 0;
    for (let j = i * k; j < (i + 1) * k; j++) rows[j] = rows[j]! * scale;
  }
  return rows;
}

/** Mean over rows of the correlation between row i of the cosine matrix of `a` and of `b`; NaN when no row has one. */
export function meanSimilarity(a: Float64Array, b: Float64Array, n: number, k: number): number {
  const usable = new Uint8Array(n), meanA = new Float64Array(k), meanB = new Float64Array(k);
  let count = 0;
  for (let i = 0; i < n; i++) {
    let sa = 0, sb = 0;
    for (let j = i * k; j < (i + 1) * k; j++) { sa += a[j]!; sb += b[j]!; }
    if (!(sa > 0 && sb > 0)) continue;
    usable[i] = 1;
    count++;
    for (let j = 0; j < k; j++) { meanA[j] = meanA[j]! + a[i * k + j]!; meanB[j] = meanB[j]! + b[i * k + j]!; }
  }
  const AA = new Float64Array(k * k), AB = new Float64Array(k * k), BB = new Float64Array(k * k);
  for (let j = 0; j < k; j++) { meanA[j] = meanA[j]! / count; meanB[j] = meanB[j]! / count; }
  for (let i = 0; i < n; i++) {
    if (usable[i] === 0) continue;
    for (let p = 0, at = 0, x = i * k; p < k; p++, x++) {
      const u = a[x]! - meanA[p]!, v = b[x]! - meanB[p]!;
      for (let q = 0, y = i * k; q < k; q++, y++, at++) {
        AA[at] = AA[at]! + u * a[y]!;
        AB[at] = AB[at]! + u * b[y]!;
        BB[at] = BB[at]! + v * b[y]!;
      }
    }
  }
  let sum = 0, known = 0;
  const least = 1e-26 * count;
  for (let i = 0; i < n; i++) {
    if (usable[i] === 0) continue;
    let aa = 0, ab = 0, bb = 0;
    for (let p = 0, at = 0, x = i * k; p < k; p++, x++) {
      let sa = 0, sab = 0, sb = 0;
      for (let q = 0, y = i * k; q < k; q++, y++, at++) { sa += AA[at]! * a[y]!; sab += AB[at]! * b[y]!; sb += BB[at]! * b[y]!; }
      aa += a[x]! * sa;
      ab += a[x]! * sab;
      bb += b[x]! * sb;
    }
    if (!(aa > least && bb > least)) continue;
    sum += Math.max(-1, Math.min(1, ab / Math.sqrt(aa * bb)));
    known++;
  }
  return known > 0 ? sum / known : NaN;
}
