/** Standardised effect sizes with confidence intervals, by inverting noncentral distributions (Steiger 2004, Psychol Methods 9:164). */
import gammaln from '@stdlib/math-base-special-gammaln';
import { StatisticsError } from './errors.js';
import { noncentralFLower, noncentralTLower } from './noncentral.js';

export interface Limits {
  low: number;
  high: number;
  confidence: number;
}

/** Noncentralities are found to this, relative. */
const PRECISION = 1e-12;

/**
 * Interval of partial eta squared from the F test of a term with fixed effects: the noncentralities lambda at which F is the upper and lower
 * (1 - confidence) / 2 quantile, each turned into lambda / (lambda + n) (Steiger 2004; R: MBESS::ci.pvaf). n is the number of
 * rows. A limit is 0 when F is too small for a positive lambda. At confidence 1 - 2 alpha the interval excludes 0 exactly when p < alpha, which is
 * why 90 % is usual beside a test at 5 %.
 * Throws BAD_ARGUMENT, NO_RESIDUAL_DF, OUT_OF_RANGE.
 */
export function partialEtaSquaredInterval(F: number, df1: number, df2: number, n: number, confidence = 0.9): Limits {
  const tail = tailOf(confidence);
  if (!(F >= 0 && F < Infinity)) throw new StatisticsError('BAD_ARGUMENT', `F must be a number from 0, found ${F}`);
  const lambda = (p: number): number => {
    const cdf = (ncp: number): number => noncentralFLower(F, df1, df2, ncp);
    return cdf(0) <= p ? 0 : decreasingRoot(cdf, p, 0, Math.max(1, 2 * df1 * F));
  };
  const eta = (ncp: number): number => ncp / (ncp + n);
  return { low: eta(lambda(1 - tail)), high: eta(lambda(tail)), confidence };
}

export interface HedgesG extends Limits {
  /** J (difference / sigma). */
  g: number;
  /** The standardiser: residual standard deviation of the model, in the unit of the response. */
  sigma: number;
}

/**
 * Hedges's g of a difference of adjusted means: J estimate / sigma, sigma the residual standard deviation of the model with df degrees of freedom
 * (as emmeans::eff_size), J = Gamma(df/2) / (sqrt(df/2) Gamma((df-1)/2)) the exact factor that takes the bias of the sample ratio away
 * (Hedges 1981, J Educ Stat 6:107). The interval is the exact one of the population's difference / sigma: t = estimate / se is noncentral t
 * with noncentrality delta * sigma / se (Cumming & Finch 2001; Steiger 2004), so J does not enter it.
 * What the covariates explain is not in sigma: with R2 the share of the variance within groups that they explain, g / sqrt(1 - R2)
 * would be against sigma, and g sqrt(1 - R2) is against the standard deviation within groups as it was measured.
 * Throws BAD_ARGUMENT, NO_RESIDUAL_DF, OUT_OF_RANGE.
 */
export function hedgesG(contrast: { estimate: number; se: number; df: number }, sigma: number, confidence = 0.95): HedgesG {
  const tail = tailOf(confidence), { estimate, se, df } = contrast;
  if (!(se > 0 && sigma > 0) || !Number.isFinite(estimate)) throw new StatisticsError('BAD_ARGUMENT', `Hedges's g needs a positive standard error and deviation, found ${se} and ${sigma}`);
  const t = estimate / se, scale = se / sigma;
  const delta = (p: number): number => {
    const cdf = (ncp: number): number => noncentralTLower(t, df, ncp);
    return decreasingRoot(cdf, p, t - 10 - Math.abs(t), t + 10 + Math.abs(t)) * scale;
  };
  return { g: (smallSampleFactor(df) * estimate) / sigma, sigma, low: delta(1 - tail), high: delta(tail), confidence };
}

/** Hedges's J: below 1, near 1 - 3 / (4 df - 1). With df = 1 the ratio has no mean and J is 0. */
export function smallSampleFactor(df: number): number {
  return df <= 1 ? 0 : Math.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / Math.sqrt(df / 2);
}

function tailOf(confidence: number): number {
  if (!(confidence > 0 && confidence < 1)) throw new StatisticsError('BAD_ARGUMENT', `a confidence must lie between 0 and 1, found ${confidence}`);
  return (1 - confidence) / 2;
}

/** Where a decreasing function is p: the bracket is widened until it holds the root, then Brent's method (1973). */
function decreasingRoot(f: (x: number) => number, p: number, from: number, to: number): number {
  let a = from, b = to, fa = f(a) - p, fb = f(b) - p;
  while (fa < 0) { const width = b - a; b = a; fb = fa; a -= 2 * width; fa = f(a) - p; }
  while (fb > 0) { const width = b - a; a = b; fa = fb; b += 2 * width; fb = f(b) - p; }
  let c = a, fc = fa, step = b - a, before = step;
  for (let round = 0; round < 200; round++) {
    if (Math.abs(fc) < Math.abs(fb)) { a = b; b = c; c = a; fa = fb; fb = fc; fc = fa; }
    const tolerance = PRECISION * Math.max(1, Math.abs(b)), half = (c - b) / 2;
    if (Math.abs(half) <= tolerance || fb === 0) break;
    const s = fb / fa;
    let up: number, down: number;
    if (a === c) { up = 2 * half * s; down = 1 - s; }                               // secant
    else { const q = fa / fc, r = fb / fc; up = s * (2 * half * q * (q - r) - (b - a) * (r - 1)); down = (q - 1) * (r - 1) * (s - 1); }   // inverse quadratic
    if (up > 0) down = -down; else up = -up;
    const interpolated = Math.abs(before) >= tolerance && Math.abs(fa) > Math.abs(fb) && 2 * up < Math.min(3 * half * down - Math.abs(tolerance * down), Math.abs(before * down));
    before = interpolated ? step : half;
    step = interpolated ? up / down : half;
    a = b;
    fa = fb;
    b += Math.abs(step) > tolerance ? step : half > 0 ? tolerance : -tolerance;
    fb = f(b) - p;
    if ((fb > 0) === (fc > 0)) { c = a; fc = fa; before = step = b - a; }
  }
  return b;
}
