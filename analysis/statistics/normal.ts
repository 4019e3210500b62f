/** The standard normal distribution: tails by the incomplete gamma function (no cancellation), quantiles by Halley's method. R: pnorm, qnorm. */
import { chiSquareUpper } from './distributions.js';
import { StatisticsError } from './errors.js';

/** P(Z >= z). */
export function normalUpper(z: number): number {
  const tail = chiSquareUpper(z * z, 1) / 2;
  return z >= 0 ? tail : 1 - tail;
}

/** P(Z <= z). */
export const normalLower = (z: number): number => normalUpper(-z);

/** The density. */
const normalDensity = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/**
 * The z with P(Z <= z) = p. The start is Abramowitz & Stegun 26.2.23 (4.5e-4), and each step cubes the error.
 * Throws BAD_PROBABILITY unless 0 < p < 1.
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new StatisticsError('BAD_PROBABILITY', `a quantile needs a probability between 0 and 1, found ${p}`);
  if (p > 0.5) return -normalQuantile(1 - p);
  const t = Math.sqrt(-2 * Math.log(p));
  let z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (let step = 0; step < 2; step++) {
    const error = (normalUpper(z) - p) / normalDensity(z);
    z += error / (1 - (z * error) / 2);        // Halley's correction: the density falls with z
  }
  return -z;
}
