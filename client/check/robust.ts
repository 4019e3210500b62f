/** Statistics that a few wrong values do not spoil. */

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b), half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[half] as number) : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}

/** Robust z of each value: 0.6745 (x - median) / MAD (Iglewicz & Hoaglin 1993). All 0 when more than half of the values are the same. */
export function robustZ(values: readonly number[]): number[] {
  const middle = median(values), mad = median(values.map((v) => Math.abs(v - middle)));
  return values.map((v) => (mad === 0 ? 0 : (0.6745 * (v - middle)) / mad));
}

/** Pearson correlation; null when one of the two does not vary. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  const n = a.length;
  let meanA = 0, meanB = 0;
  for (let i = 0; i < n; i++) { meanA += a[i] as number; meanB += b[i] as number; }
  meanA /= n; meanB /= n;
  let ab = 0, aa = 0, bb = 0;
  for (let i = 0; i < n; i++) {
    const x = (a[i] as number) - meanA, y = (b[i] as number) - meanB;
    ab += x * y; aa += x * x; bb += y * y;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : null;
}
