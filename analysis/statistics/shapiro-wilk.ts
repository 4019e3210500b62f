/** The Shapiro-Wilk test of normality by Royston's algorithm AS R94 (1995, Appl Stat 44:547). Software convention: R's shapiro.test. */
import { StatisticsError } from './errors.js';
import { normalQuantile, normalUpper } from './normal.js';

export interface ShapiroWilk {
  n: number;
  W: number;
  p: number;
}

/** Approximations hold for these numbers of values. */
const LEAST = 3, MOST = 5000;

/** Lowest power first. */
const polynomial = (coefficients: readonly number[], x: number): number => coefficients.reduceRight((sum, c) => sum * x + c, 0);
const LAST = [0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056];
const LAST_BUT_ONE = [0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633];
const FEW = { bound: [-2.273, 0.459], mean: [0.544, -0.39978, 0.025054, -6.714e-4], logSd: [1.3822, -0.77857, 0.062767, -0.0020322] };
const MANY = { mean: [-1.5861, -0.31082, -0.083751, 0.0038915], logSd: [-0.4803, -0.082676, 0.0030302] };

/** Throws GROUP_TOO_SMALL (fewer than 3 values), OUT_OF_RANGE (more than 5,000), NON_FINITE, CONSTANT_RESPONSE. */
export function shapiroWilk(values: ArrayLike<number>, name = 'values'): ShapiroWilk {
  const x = Float64Array.from(values).sort(), n = x.length;
  if (n < LEAST) throw new StatisticsError('GROUP_TOO_SMALL', `the Shapiro-Wilk test of '${name}' needs ${LEAST} values, found ${n}`, { column: name });
  if (n > MOST) throw new StatisticsError('OUT_OF_RANGE', `the Shapiro-Wilk test of '${name}' holds up to ${MOST} values, found ${n}`, { column: name });
  if (!x.every(Number.isFinite)) throw new StatisticsError('NON_FINITE', `column '${name}' holds a value that is not a finite number`, { column: name });
  const range = x[n - 1]! - x[0]!;
  if (!(range > 1e-14 * Math.max(Math.abs(x[0]!), Math.abs(x[n - 1]!)))) throw new StatisticsError('CONSTANT_RESPONSE', `column '${name}' has the same value in every row`, { column: name });
  const a = weights(n);
  let mean = 0;
  for (const v of x) mean += (v - x[0]!) / range / n;
  let aa = 0, xx = 0, ax = 0;
  for (let i = 0; i < n; i++) {
    const d = (x[i]! - x[0]!) / range - mean;
    aa += a[i]! * a[i]!;
    xx += d * d;
    ax += a[i]! * d;
  }
  const root = Math.sqrt(aa * xx), oneMinusW = ((root - ax) * (root + ax)) / (aa * xx);      // 1 - W keeps its digits when W is near 1
  return { n, W: 1 - oneMinusW, p: probability(oneMinusW, n) };
}

/** Weights by number of values: a study tests many responses of the same participants. */
const known = new Map<number, Float64Array>();

/** Weights of the order statistics, antisymmetric. */
function weights(n: number): Float64Array {
  const found = known.get(n) ?? computeWeights(n);
  if (known.size < 100) known.set(n, found);
  return found;
}

function computeWeights(n: number): Float64Array {
  const a = new Float64Array(n);
  if (n === 3) { a[0] = -Math.SQRT1_2; a[2] = Math.SQRT1_2; return a; }
  const m = Float64Array.from({ length: n }, (_, i) => normalQuantile((i + 1 - 0.375) / (n + 0.25)));
  const squares = m.reduce((s, v) => s + v * v, 0), u = 1 / Math.sqrt(n), top = m[n - 1]!, second = m[n - 2]!;
  const last = polynomial(LAST, u) + top / Math.sqrt(squares);
  const fixed = n > 5 ? 2 : 1, next = polynomial(LAST_BUT_ONE, u) + second / Math.sqrt(squares);
  const phi = fixed === 2 ? (squares - 2 * top * top - 2 * second * second) / (1 - 2 * last * last - 2 * next * next) : (squares - 2 * top * top) / (1 - 2 * last * last);
  for (let i = 0; i < n; i++) a[i] = m[i]! / Math.sqrt(phi);
  a[n - 1] = last; a[0] = -last;
  if (fixed === 2) { a[n - 2] = next; a[1] = -next; }
  return a;
}

function probability(oneMinusW: number, n: number): number {
  if (n === 3) return Math.max(0, (6 / Math.PI) * (Math.asin(Math.sqrt(1 - oneMinusW)) - Math.asin(Math.sqrt(0.75))));
  const y = Math.log(oneMinusW);
  if (n > 11) {
    const u = Math.log(n);
    return normalUpper((y - polynomial(MANY.mean, u)) / Math.exp(polynomial(MANY.logSd, u)));
  }
  const bound = polynomial(FEW.bound, n);
  if (y >= bound) return 1e-99;                                      // beyond the transformation's range (R: the same)
  return normalUpper((-Math.log(bound - y) - polynomial(FEW.mean, n)) / Math.exp(polynomial(FEW.logSd, n)));
}
