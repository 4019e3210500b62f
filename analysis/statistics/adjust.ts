/**
 * Adjustment for multiple tests within one family. Nulls (tests that could not be made) keep their places and are not counted in m.
 * Software convention: R's p.adjust.
 */
import { StatisticsError } from './errors.js';

export type Adjustment = 'bh' | 'holm' | 'bonferroni';

export interface AdjustmentOptions {
  /** Default bh: Benjamini & Hochberg 1995. */
  method?: Adjustment;
  /** Name of the family: which tests are adjusted together. Default 'family'. */
  family?: string;
}

export interface AdjustedFamily {
  family: string;
  method: Adjustment;
  /** m: tests of the family that could be made. */
  size: number;
  /** Adjusted p, each in the place of its p. */
  adjusted: (number | null)[];
}

/** Adjusts the p values of one family. Throws BAD_PROBABILITY, naming family and place, for what is neither null nor in [0, 1]. */
export function adjustPValues(p: readonly (number | null)[], { method = 'bh', family = 'family' }: AdjustmentOptions = {}): AdjustedFamily {
  const places: number[] = [];
  p.forEach((value, i) => {
    if (value === null || value === undefined) return;
    if (!(value >= 0 && value <= 1)) throw new StatisticsError('BAD_PROBABILITY', `p value ${i + 1} of the family '${family}' is ${value}`);
    places.push(i);
  });
  const size = places.length;
  const adjusted: (number | null)[] = Array.from({ length: p.length }, () => null);
  const order = places.sort((i, j) => p[i]! - p[j]!);
  let running = method === 'holm' ? 0 : 1;
  for (let k = 0; k < size; k++) {
    if (method === 'bh') {                     // from the largest down: running minimum of p m / rank (Benjamini & Hochberg 1995)
      const i = order[size - 1 - k]!;
      running = Math.min(running, (p[i]! * size) / (size - k));
      adjusted[i] = running;
    } else if (method === 'holm') {            // from the smallest up: running maximum of p (m - rank + 1) (Holm 1979)
      const i = order[k]!;
      running = Math.max(running, Math.min(1, p[i]! * (size - k)));
      adjusted[i] = running;
    } else {
      const i = order[k]!;
      adjusted[i] = Math.min(1, p[i]! * size);
    }
  }
  return { family, method, size, adjusted };
}
