/**
 * Bias-corrected and accelerated bootstrap intervals (Efron 1987, J Am Stat Assoc 82:171; DiCiccio & Efron 1996, Stat Sci 11:189), for
 * resampling within strata: the acceleration is that of several samples (Davison & Hinkley 1997, Bootstrap Methods, 5.3.2; scipy.stats.bootstrap).
 */
import { StatisticsError } from './errors.js';
import { normalLower, normalQuantile } from './normal.js';

export interface BcaInterval {
  low: number;
  high: number;
  confidence: number;
  /** Median bias of the replicates, in normal deviates. */
  z0: number;
  /** How fast the standard error changes with the estimate. */
  acceleration: number;
  /** An end lies beyond the replicates: the outermost one stands for it. */
  extreme: boolean;
}

/** Fewer replicates than this have no tails to speak of. */
const LEAST = 50;

/**
 * `replicates`: the finite ones, in any order. `leftOut`: by stratum, the estimate without each of its rows.
 * Throws BAD_ARGUMENT (too few replicates), CONSTANT_RESPONSE (they do not vary), OUT_OF_RANGE (all on one side of the estimate).
 */
export function bcaInterval(estimate: number, replicates: ArrayLike<number>, leftOut: readonly ArrayLike<number>[], confidence = 0.95): BcaInterval {
  const sorted = Float64Array.from(replicates).sort(), B = sorted.length;
  if (B < LEAST) throw new StatisticsError('BAD_ARGUMENT', `an interval needs ${LEAST} resamples that can be fitted, found ${B}`);
  if (sorted[0] === sorted[B - 1]) throw new StatisticsError('CONSTANT_RESPONSE', 'every resample gives the same estimate');
  let below = 0;
  for (const v of sorted) below += v < estimate ? 1 : v === estimate ? 0.5 : 0;
  if (below === 0 || below === B) throw new StatisticsError('OUT_OF_RANGE', `every resample is ${below === 0 ? 'above' : 'below'} the estimate`);
  const z0 = normalQuantile(below / B), a = accelerationOf(leftOut);
  const end = (p: number): { value: number; extreme: boolean } => {
    const z = z0 + normalQuantile(p), bent = 1 - a * z;
    return quantile(sorted, bent > 0 ? normalLower(z0 + z / bent) : p < 0.5 ? 0 : 1);
  };
  const low = end((1 - confidence) / 2), high = end((1 + confidence) / 2);
  return { low: low.value, high: high.value, confidence, z0, acceleration: a, extreme: low.extreme || high.extreme };
}

/** (1/6) sum l^3 / n^3 over (sum l^2 / n^2)^(3/2), l the jackknife's influence values within each stratum of n rows. 0 when nothing matters. */
export function accelerationOf(leftOut: readonly ArrayLike<number>[]): number {
  let cubes = 0, squares = 0;
  for (const values of leftOut) {
    const n = values.length, list = Array.from(values), mean = list.reduce((s, v) => s + v, 0) / n;
    for (const v of list) {
      const l = ((n - 1) * (mean - v)) / n;
      squares += l * l;
      cubes += l * l * l;
    }
  }
  return squares === 0 ? 0 : cubes / 6 / squares ** 1.5;
}

/** The p quantile at place (B + 1) p, interpolated on the scale of normal deviates (Davison & Hinkley 1997, eq. 5.8; R: boot.ci). */
function quantile(sorted: Float64Array, p: number): { value: number; extreme: boolean } {
  const B = sorted.length, place = (B + 1) * p, k = Math.floor(place);
  if (k < 1) return { value: sorted[0]!, extreme: true };
  if (k >= B) return { value: sorted[B - 1]!, extreme: place > B };
  if (place === k) return { value: sorted[k - 1]!, extreme: false };
  const [from, to] = [normalQuantile(k / (B + 1)), normalQuantile((k + 1) / (B + 1))];
  return { value: sorted[k - 1]! + ((normalQuantile(p) - from) / (to - from)) * (sorted[k]! - sorted[k - 1]!), extreme: false };
}
