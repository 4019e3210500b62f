/** A null distribution in a few numbers. */
import type { SurrogateNull } from '../../../contracts/uncertainty.js';

/** `values`: the statistic of each surrogate. p counts the observed value among them, so that it is never 0 (Phipson & Smyth 2010). */
export function summariseNull(observed: number, values: Float64Array): SurrogateNull {
  const sorted = Float64Array.from(values).sort(), n = sorted.length;
  const mean = sorted.reduce((s, v) => s + v, 0) / n;
  const sd = n > 1 ? Math.sqrt(sorted.reduce((s, v) => s + (v - mean) ** 2, 0) / (n - 1)) : null;
  let above = 0;
  for (const v of sorted) if (v >= observed) above++;
  return { nulls: n, mean, sd, q95: sorted[Math.min(n - 1, Math.ceil(0.95 * n) - 1)]!, p: (1 + above) / (1 + n) };
}

export const noNull = (reason: string): SurrogateNull => ({ nulls: 0, mean: null, sd: null, q95: null, p: null, reason });
