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

/** P(F' >= F) with df1 = a and df2 = b. */
export function fUpper(F: number, a: number, b: number): number {
  check('F', F, [a, b]);
  if (F <= 0) return 1;
  if (F === Infinity) return 0;
  const x = (a / b) * F;                      // y = b / (b + aF) and 1 - y, each without cancellation or overflow
  const y = 1 / (1 + x);
  const p = y <= 0.5 ? betainc(y, b / 2, a / 2) : betainc(x / (1 + x), a / 2, b / 2, true, true);
  return positive(p, F);
}

/** P(F' <= F). */
export function fLower(F: number, a: number, b: number): number {
  return F > 0 && F < Infinity ? fUpper(1 / F, b, a) : (check('F', F, [a, b]), F > 0 ? 1 : 0);
}

/** P(|T| >= |t|), two-sided. */
export function tTwoSided(t: number, df: number): number {
  check('t', t, [df]);
  return fUpper(Number.isFinite(t) ? Math.min(t * t, Number.MAX_VALUE) : Infinity, 1, df);
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
  return x <= 0 ? 0 : x === Infinity ? 1 : gammainc(x / 2, df / 2, true, false);
}
