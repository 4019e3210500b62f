/**
 * Adjustment for multiple tests within one family. Nulls (tests that could not be made) keep their places and are not counted in m.
 * Software convention: R's p.adjust.
 */
import { StatisticsError } from './errors.js';

export type Adjustment = 'bh' | 'holm' | 'bonferroni';
type P = readonly (number | null)[];

/** Adjusted p by place, and the number m of tests the family holds. Throws BAD_PROBABILITY. */
export interface AdjustedFamily {
  adjusted: (number | null)[];
  size: number;
}

export function adjustFamily(p: P, method: Adjustment = 'bh'): AdjustedFamily {
  const places: number[] = [];
  p.forEach((value, i) => {
    if (value === null || value === undefined) return;
    if (!(value >= 0 && value <= 1)) throw new StatisticsError('BAD_PROBABILITY', `p value ${i + 1} is ${value}`);
    places.push(i);
  });
  const m = places.length;
  const adjusted: (number | null)[] = Array.from({ length: p.length }, () => null);
  const order = places.sort((i, j) => p[i]! - p[j]!);
  let running = method === 'holm' ? 0 : 1;
  for (let k = 0; k < m; k++) {
    if (method === 'bh') {                     // from the largest down: running minimum of p m / rank (Benjamini & Hochberg 1995)
      const i = order[m - 1 - k]!;
      running = Math.min(running, (p[i]! * m) / (m - k));
      adjusted[i] = running;
    } else if (method === 'holm') {            // from the smallest up: running maximum of p (m - rank + 1) (Holm 1979)
      const i = order[k]!;
      running = Math.max(running, Math.min(1, p[i]! * (m - k)));
      adjusted[i] = running;
    } else {
      const i = order[k]!;
      adjusted[i] = Math.min(1, p[i]! * m);
    }
  }
  return { adjusted, size: m };
}

/** Benjamini and Hochberg's false discovery rate. */
export const benjaminiHochberg = (p: P): (number | null)[] => adjustFamily(p, 'bh').adjusted;
/** Holm's step-down. */
export const holm = (p: P): (number | null)[] => adjustFamily(p, 'holm').adjusted;
/** Bonferroni. */
export const bonferroni = (p: P): (number | null)[] => adjustFamily(p, 'bonferroni').adjusted;
