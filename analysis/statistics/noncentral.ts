/**
 * Distribution functions of noncentral F and noncentral t, as Poisson mixtures of incomplete beta functions (Johnson, Kotz & Balakrishnan
 * 1995, vol. 2, chapters 30 and 31; for t: Lenth 1989, AS 243). One incomplete beta is computed, at the end of the sum from which the
 * recurrence adds positive terms only; the mixture is cut where its weights are below 1e-18 of the largest. Absolute error below 1e-12,
 * 1e-11 where the noncentrality is in the tens of thousands.
 * Software convention: R's pf and pt with ncp; scipy.stats.ncf and nct.
 */
import betainc from '@stdlib/math-base-special-betainc';
import gammaln from '@stdlib/math-base-special-gammaln';
import { StatisticsError } from './errors.js';
import { normalLower } from './normal.js';

/** Beyond this the sum has too many terms (about 12 roots of it). */
const MOST_NONCENTRALITY = 1e9;

function check(name: string, values: Record<string, number>, df: number[]): void {
  for (const [key, value] of Object.entries(values)) if (Number.isNaN(value)) throw new StatisticsError('NON_FINITE', `${key} of ${name} is not a number`);
  for (const d of df) if (!(d > 0) || !Number.isFinite(d)) throw new StatisticsError('NO_RESIDUAL_DF', `${name} needs positive degrees of freedom, found ${d}`);
}

function checkNoncentrality(mean: number): void {
  if (!(mean <= MOST_NONCENTRALITY)) throw new StatisticsError('OUT_OF_RANGE', `a noncentrality of ${2 * mean} is beyond the series (${2 * MOST_NONCENTRALITY})`);
}

/** First and last term of a Poisson sum whose weights matter. */
function reach(mean: number): [number, number] {
  const width = 9 * Math.sqrt(mean) + 30;
  return [Math.max(0, Math.floor(mean - width)), Math.ceil(mean + width)];
}

/**
 * Sum over j of w(j) I_x(p + j, q), where w(j + 1) / w(j) = mean / (j + shift) and w is largest near the mean. `atMode` is w at j = floor(mean).
 * I_x(p, q) = I_x(p + 1, q) + x^p (1 - x)^q / (p B(p, q)): running down from the last term, every addition is positive.
 */
function mixture(x: number, y: number, p: number, q: number, mean: number, shift: number, atMode: number): number {
  if (mean === 0) return atMode * betainc(x, p, q);
  const [first, last] = reach(mean), mode = Math.floor(mean);
  let w = atMode;
  for (let j = mode; j < last; j++) w *= mean / (j + shift);
  let a = p + last, beta = x <= 0 ? 0 : betainc(x, a, q);
  let step = Math.exp(a * Math.log(x) + q * Math.log(y) - Math.log(a) + gammaln(a + q) - gammaln(a) - gammaln(q));   // of a; those below by recurrence
  let sum = w * beta, weight = w;
  for (let j = last; j > first; j--) {
    step *= a / ((a + q - 1) * x);
    a -= 1;
    beta = Math.min(1, beta + step);
    weight = j - 1 === mode ? atMode : (weight * (j - 1 + shift)) / mean;
    sum += weight * beta;
  }
  return sum;
}

const logPoisson = (j: number, mean: number): number => (mean === 0 ? (j === 0 ? 0 : -Infinity) : j * Math.log(mean) - mean - gammaln(j + 1));

/**
 * P(F' <= F) of noncentral F with df1 = a, df2 = b and noncentrality ncp >= 0 (the sum of squared standardised means).
 * Throws NO_RESIDUAL_DF, NON_FINITE, BAD_ARGUMENT, OUT_OF_RANGE (ncp above 2e9).
 */
export function noncentralFLower(F: number, a: number, b: number, ncp: number): number {
  check('noncentral F', { F, ncp }, [a, b]);
  if (ncp < 0) throw new StatisticsError('BAD_ARGUMENT', `a noncentrality cannot be negative, found ${ncp}`);
  if (F <= 0) return 0;
  if (F === Infinity) return 1;
  const mean = ncp / 2;
  checkNoncentrality(mean);
  const odds = (a / b) * F, x = odds / (1 + odds), y = 1 / (1 + odds);
  return Math.min(1, mixture(x, y, a / 2, b / 2, mean, 1, Math.exp(logPoisson(Math.floor(mean), mean))));
}

/**
 * P(T <= t) of noncentral t with df degrees of freedom and noncentrality ncp (any sign). Throws as noncentralFLower.
 */
export function noncentralTLower(t: number, df: number, ncp: number): number {
  check('noncentral t', { t, ncp }, [df]);
  if (t < 0) return 1 - noncentralTLower(-t, df, -ncp);
  if (t === Infinity) return 1;
  const mean = (ncp * ncp) / 2;
  checkNoncentrality(mean);
  const below = normalLower(-ncp);
  const odds = (t * t) / df, x = odds / (1 + odds), y = 1 / (1 + odds), mode = Math.floor(mean);
  if (x === 0) return below;
  const even = mixture(x, y, 0.5, df / 2, mean, 1, Math.exp(logPoisson(mode, mean)));
  if (ncp === 0) return Math.min(1, below + even / 2);
  const odd = mixture(x, y, 1, df / 2, mean, 1.5, Math.exp(mode * Math.log(mean) - mean - gammaln(mode + 1.5)) * Math.sqrt(mean));
  return Math.min(1, Math.max(0, below + (even + Math.sign(ncp) * odd) / 2));
}
