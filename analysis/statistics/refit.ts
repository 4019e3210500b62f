/**
 * Many refits of one model in which each row counts a number of times: bootstrap resamples, or a row left out. The design is factorised once by
 * QR; a refit solves the small system G = Q'CQ (C the counts) by Cholesky, for all responses together. Q is orthonormal, so G is near the identity and
 * the normal equations lose nothing: what is ill-conditioned stayed behind in R. The whole sample's fit is subtracted first, so that no sum of squares
 * is a difference of large numbers.
 */
import { StatisticsError } from './errors.js';
import { centredResponse, type Factorisation } from './least-squares.js';
import { project, solveLower } from './qr.js';

/** A column whose part independent of the others has lost all but this of its squared length is determined by them. */
const DEPENDENT = 1e-10;

export interface Refitter {
  readonly n: number;
  /** Fits all responses with row i counted counts[i] times. False: a column of the design has become dependent, and nothing may be read. */
  refit(counts: ArrayLike<number>): boolean;
  /** A linear function of the coefficients of response r, in its unit; `direction` comes from directionOf. */
  estimate(direction: Float64Array, r: number): number;
  /** Sum of counts * residual of response r * residual of response s. */
  residualProduct(r: number, s: number): number;
  /** Sequential sum of squares of design columns from .. to - 1 for response r, in squared units. */
  squares(r: number, from: number, to: number): number;
}

/** A contrast of the coefficients, one weight a column, as it is asked of a Refitter. */
export function directionOf(f: Factorisation, contrast: ArrayLike<number>): Float64Array {
  return Float64Array.of(0, ...solveLower(f.qr, Array.from(f.scales, (scale, j) => contrast[j]! / scale)));
}

/**
 * A model ready for refits. `responses`: n values each, in the rows' order of the factorisation; `names` for errors.
 * Throws CONSTANT_RESPONSE, NON_FINITE, OUT_OF_RANGE, and PERFECT_FIT for a response without residuals.
 */
export function prepareRefits(f: Factorisation, responses: readonly Float64Array[], names: readonly string[]): Refitter {
  const n = f.qr.n, k = f.qr.p + 1, m = responses.length;
  const q = new Float64Array(n * k), e = new Float64Array(n * m), gamma = new Float64Array(m * k);
  for (let i = 0; i < n; i++) {
    q[i * k] = 1 / Math.sqrt(n);
    for (let j = 1; j < k; j++) q[i * k + j] = f.qr.q[j - 1]![i]!;
  }
  responses.forEach((y, r) => {
    const { mean, scale, unit } = centredResponse(y, names[r]!), { effects, residuals } = project(f.qr, unit);
    if (!(residuals.reduce((s, v) => s + v * v, 0) > 1e-24)) throw new StatisticsError('PERFECT_FIT', `the model fits column '${names[r]}' exactly`, { column: names[r]! });
    gamma[r * k] = mean * Math.sqrt(n);
    effects.forEach((v, j) => { gamma[r * k + j + 1] = v * scale; });
    residuals.forEach((v, i) => { e[i * m + r] = v * scale; });
  });
  const L = new Float64Array(k * k), s = new Float64Array(m * k), v = new Float64Array(m * k), delta = new Float64Array(m * k);
  let current: ArrayLike<number> = [];

  return {
    n,
    refit(counts) {
      current = counts;
      L.fill(0);
      s.fill(0);
      for (let i = 0; i < n; i++) {
        const c = counts[i]!;
        if (c === 0) continue;
        for (let a = 0; a < k; a++) {
          const w = c * q[i * k + a]!;
          for (let b = 0; b <= a; b++) L[a * k + b]! += w * q[i * k + b]!;
          for (let r = 0; r < m; r++) s[r * k + a]! += w * e[i * m + r]!;
        }
      }
      if (!choleskyInPlace(L, k)) return false;
      for (let r = 0; r < m; r++) {
        for (let a = 0; a < k; a++) {
          let x = s[r * k + a]!;
          for (let b = 0; b < a; b++) x -= L[a * k + b]! * v[r * k + b]!;
          v[r * k + a] = x / L[a * k + a]!;
        }
        for (let a = k - 1; a >= 0; a--) {
          let x = v[r * k + a]!;
          for (let b = a + 1; b < k; b++) x -= L[b * k + a]! * delta[r * k + b]!;
          delta[r * k + a] = x / L[a * k + a]!;
        }
      }
      return true;
    },
    estimate(direction, r) {
      let sum = 0;
      for (let a = 0; a < k; a++) sum += direction[a]! * (gamma[r * k + a]! + delta[r * k + a]!);
      return sum;
    },
    residualProduct(r, t) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += current[i]! * e[i * m + r]! * e[i * m + t]!;
      for (let a = 0; a < k; a++) sum -= v[r * k + a]! * v[t * k + a]!;
      return sum;
    },
    squares(r, from, to) {
      let sum = 0;
      for (let a = from + 1; a <= to; a++) {                     // L' gamma: the sequential effects
        let z = 0;
        for (let b = a; b < k; b++) z += L[b * k + a]! * (gamma[r * k + b]! + delta[r * k + b]!);
        sum += z * z;
      }
      return sum;
    },
  };
}

/** Lower triangle of a symmetric k x k matrix to its Cholesky factor; false when it is (nearly) singular. */
function choleskyInPlace(a: Float64Array, k: number): boolean {
  for (let i = 0; i < k; i++) {
    const whole = a[i * k + i]!;
    for (let j = 0; j <= i; j++) {
      let x = a[i * k + j]!;
      for (let t = 0; t < j; t++) x -= a[i * k + t]! * a[j * k + t]!;
      if (j < i) a[i * k + j] = x / a[j * k + j]!;
      else if (x > DEPENDENT * whole) a[i * k + i] = Math.sqrt(x);
      else return false;
    }
  }
  return true;
}
