/**
 * Tail probabilities of F, t and chi-square, accurate in relative terms down to 1e-300: every tail is computed directly by the
 * regularised incomplete beta or gamma function, never as 1 - cdf. Software convention: R's pf, pt, pchisq.
 */
import betainc from '@stdlib/math-base-special-betainc';
import gammainc from '@stdlib/math-base-special-gammainc';
import { StatisticsError } from './errors.js';

function check(name: string, value: number, df: number[]): void {
  if (Number.isNaN(value)) throw new StatisticsError('NON_FINITE', `${name} is not a number`);
  for (const d of df) if (!(d > 0) || !Number.isFinite(d)) throw new StatisticsError('NO_RESIDUAL_DF', `${name} needs positive degrees of freedom, found ${d}`);
}

/** A finite statistic has a positive tail: what underflows is printed as the smallest double (5e-324), not as 0. */
const positive = (p: number, statistic: number): number => (p > 0 ? Math.min(p, 1) : Number.isFinite(statistic) ? Number.MIN_VALUE : 0);

/** Odds beyond this are squared from their root: they would overflow, or leave a denominator without digits. */
const FAR = 1e290;

/** I(1 / (1 + odds); p, q): the regularised incomplete beta function, by the tail that does not cancel. `root`: the root of the odds. */
function betaBeyond(odds: number, root: number, p: number, q: number): number {
  if (odds > FAR) return betainc(1e-200, p, q) * (root * 1e-100) ** (-2 * p);          // so far out it is a power of the odds
  const y = 1 / (1 + odds);
  return y <= 0.5 ? betainc(y, p, q) : betainc(odds / (1 + odds), q, p, true, true);
}

/** P(F' >= F) with df1 = a and df2 = b. */
export function fUpper(F: number, a: number, b: number): number {
  check('F', F, [a, b]);
  if (F <= 0) return 1;
  if (F === Infinity) return 0;
  return positive(betaBeyond((a / b) * F, Math.sqrt(a / b) * Math.sqrt(F), b / 2, a / 2), F);
}

/** P(F' <= F). */
export function fLower(F: number, a: number, b: number): number {
  check('F', F, [a, b]);
  if (F <= 0) return 0;
  if (F === Infinity) return 1;
  return positive(betaBeyond(b / a / F, Math.sqrt(b / a) / Math.sqrt(F), a / 2, b / 2), F);
}

/** P(|T| >= |t|), two-sided. */
export function tTwoSided(t: number, df: number): number {
  check('t', t, [df]);
  if (t === 0) return 1;
  if (!Number.isFinite(t)) return 0;
  return positive(betaBeyond((t * t) / df, Math.abs(t) / Math.sqrt(df), df / 2, 0.5), t);
}

/** P(T >= t), one-sided. */
export function tUpper(t: number, df: number): number {
  const tail = tTwoSided(t, df) / 2;
  return t >= 0 ? tail : 1 - tail;
}

/** P(T <= t), one-sided. */
export const tLower = (t: number, df: number): number => tUpper(-t, df);

/** P(X >= x) of chi-square. */
export function chiSquareUpper(x: number, df: number): number {
  check('chi-square', x, [df]);
  if (x <= 0) return 1;
  if (x === Infinity) return 0;
  return positive(gammainc(x / 2, df / 2, true, true), x);
}

/** P(X <= x) of chi-square. */
export function chiSquareLower(x: number, df: number): number {
  check('chi-square', x, [df]);
  if (x <= 0) return 0;
  return x === Infinity ? 1 : positive(gammainc(x / 2, df / 2, true, false), x);
}

/**
 * The t > 0 with P(|T| >= t) = p, for intervals: `tQuantile(1 - confidence, df)`. By bisection of tTwoSided, to the last digit.
 * Throws BAD_PROBABILITY unless 0 < p < 1. R: qt(p / 2, df, lower.tail = FALSE).
 */
export function tQuantile(p: number, df: number): number {
  if (!(p > 0 && p < 1)) throw new StatisticsError('BAD_PROBABILITY', `a quantile needs a probability between 0 and 1, found ${p}`);
  let low = 0, high = 1;
  while (tTwoSided(high, df) > p) { low = high; high *= 2; }
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (tTwoSided(middle, df) > p) low = middle; else high = middle;
  }
}

/** Half the width of a t interval, in standard errors. Throws BAD_ARGUMENT. */
export function intervalFactor(confidence: number, df: number): number {
  if (!(confidence > 0 && confidence < 1)) throw new StatisticsError('BAD_ARGUMENT', `a confidence must lie between 0 and 1, found ${confidence}`);
  return tQuantile(1 - confidence, df);
}
