/**
 * Least squares with an intercept, on centred columns scaled to unit length, by Householder QR. (X'X)^-1 is never formed: a
 * covariate with mean 3e9 and SD 1e7 keeps its digits. All thresholds are relative, so the unit of a column does not matter.
 */
import { StatisticsError } from './errors.js';
import { applyQ, applyQt, householderQr, solveLower, solveUpper, type HouseholderQr } from './householder.js';

/** A column of unit length shorter than this after projection on the others is a linear combination of them (R's lm: 1e-7). */
export const RANK_TOLERANCE = 1e-9;
/** A column whose spread is below this part of its size is constant up to rounding. */
const CONSTANT = 1e-14;
/** Residuals below this part of the response's spread are rounding errors. */
const PERFECT = 1e-12;

export interface Factorisation {
  qr: HouseholderQr;
  names: readonly string[];
  means: Float64Array;
  /** Length of each centred column. */
  scales: Float64Array;
  /** Place in the QR where each block ends. */
  ends: number[];
  dfResidual: number;
}

export interface LeastSquaresFit {
  n: number;
  dfResidual: number;
  /** In the order and units of the columns. */
  coefficients: Float64Array;
  intercept: number;
  responseMean: number;
  /** Sum of squares about the mean; of the residuals; of each block, sequentially. Squared units of the response. */
  total: number;
  residual: number;
  blocks: number[];
  /** Residual variance, residual / dfResidual. */
  variance: number;
}

/** Mean and centred values, in units of `scale` = the centred vector's length (0: constant up to rounding). */
export function standardise(values: Float64Array): { mean: number; scale: number; unit: Float64Array } {
  const n = values.length;
  let mean = 0;
  for (const v of values) mean += v / n;
  let correction = 0;
  for (const v of values) correction += (v - mean) / n;      // second pass: the mean to the last digit
  mean += correction;
  const unit = values.map((v) => v - mean);
  let largest = 0, size = 0;
  for (let i = 0; i < n; i++) {
    largest = Math.max(largest, Math.abs(unit[i]!));
    size = Math.max(size, Math.abs(values[i]!));
  }
  if (largest <= CONSTANT * size) return { mean, scale: 0, unit: unit.fill(0) };
  let s = 0;
  for (const v of unit) s += (v / largest) ** 2;
  const scale = largest * Math.sqrt(s);
  for (let i = 0; i < n; i++) unit[i] = unit[i]! / scale;
  return { mean, scale, unit };
}

/**
 * Factorises p columns of n values; `blocks` are sizes of consecutive column groups whose order is kept.
 * Throws NO_RESIDUAL_DF when n <= p + 1, RANK_DEFICIENT naming the column and those it depends on.
 */
export function factorise(columns: readonly Float64Array[], names: readonly string[], n: number, blocks: readonly number[] = [columns.length]): Factorisation {
  const p = columns.length;
  if (n <= p + 1) throw new StatisticsError('NO_RESIDUAL_DF', `${n} rows cannot support ${p + 1} parameters (intercept, ${names.join(', ')})`);
  const standard = columns.map(standardise);
  standard.forEach(({ scale }, j) => {
    if (scale === 0) throw new StatisticsError('RANK_DEFICIENT', `column '${names[j]}' is constant`, { column: names[j]! });
  });
  const units = standard.map((s) => s.unit);
  const qr = householderQr(units, blocks, RANK_TOLERANCE);
  if (qr.rank < p) throw rankDeficient(units, names);
  let end = 0;
  const ends = blocks.map((size) => (end += size));
  return { qr, names, means: Float64Array.from(standard, (s) => s.mean), scales: Float64Array.from(standard, (s) => s.scale), ends, dfResidual: n - 1 - p };
}

/** The first column, in the order given, that the ones before it determine (up to ten tolerances, since pivoting found it first). */
function rankDeficient(units: readonly Float64Array[], names: readonly string[]): StatisticsError {
  for (let k = 1; k < units.length; k++) {
    const before = householderQr(units.slice(0, k), Array.from({ length: k }, () => 1), 0);
    const e = applyQt(before, units[k]!);
    let s = 0;
    for (let i = k; i < e.length; i++) s += e[i]! * e[i]!;
    if (Math.sqrt(s) > 10 * RANK_TOLERANCE) continue;
    const weights = solveUpper(before, e);
    const others = [...weights].flatMap((w, j) => (Math.abs(w) > 1e-6 ? [`'${names[j]}'`] : []));
    return new StatisticsError('RANK_DEFICIENT', `column '${names[k]}' is a linear combination of ${others.join(', ')}`, { column: names[k]! });
  }
  return new StatisticsError('RANK_DEFICIENT', `columns ${names.map((name) => `'${name}'`).join(', ')} are linearly dependent`);
}

/** Fits one response (n values; `name` for errors). Throws CONSTANT_RESPONSE, NON_FINITE. */
export function leastSquares(f: Factorisation, y: Float64Array, name: string): LeastSquaresFit {
  if (!y.every(Number.isFinite)) throw new StatisticsError('NON_FINITE', `column '${name}' holds a value that is not a finite number`, { column: name });
  const { mean, scale, unit } = standardise(y);
  if (scale === 0) throw new StatisticsError('CONSTANT_RESPONSE', `column '${name}' has the same value in every row`, { column: name });
  const { qr, means, scales, ends } = f;
  const e = applyQt(qr, unit);
  const solution = solveUpper(qr, e);
  const coefficients = new Float64Array(qr.p);
  for (let k = 0; k < qr.p; k++) coefficients[qr.pivot[k]!] = (solution[k]! * scale) / scales[qr.pivot[k]!]!;
  let intercept = mean;
  for (let j = 0; j < qr.p; j++) intercept -= coefficients[j]! * means[j]!;
  const total = scale * scale;
  const residual = squares(e, qr.p, e.length) * total;
  const blocks = ends.map((end, b) => squares(e, b === 0 ? 0 : ends[b - 1]!, end) * total);
  return { n: y.length, dfResidual: f.dfResidual, coefficients, intercept, responseMean: mean, total, residual, blocks, variance: residual / f.dfResidual };
}

/** Residuals of a response, divided by its spread about the mean (so of length <= 1). Throws CONSTANT_RESPONSE. */
export function unitResiduals(f: Factorisation, y: Float64Array, name: string): Float64Array {
  const { scale, unit } = standardise(y);
  if (scale === 0) throw new StatisticsError('CONSTANT_RESPONSE', `column '${name}' has the same value in every row`, { column: name });
  return applyQ(f.qr, applyQt(f.qr, unit).fill(0, 0, f.qr.p));
}

function squares(e: Float64Array, from: number, to: number): number {
  let s = 0;
  for (let i = from; i < to; i++) s += e[i]! * e[i]!;
  return s;
}

/** PERFECT_FIT when nothing but rounding error is left to test against: F would be infinite and p zero. */
export function requireResidual(fit: LeastSquaresFit, name: string): void {
  if (fit.residual <= PERFECT * PERFECT * fit.total) throw new StatisticsError('PERFECT_FIT', `the model fits column '${name}' exactly: there is no residual variation to test against`, { column: name });
}

/**
 * Estimate and standard error of a linear function of the coefficients: `at` one weight a column. With `mean` true it is the
 * expected response at that point of the design (intercept included), else a contrast.
 */
export function linearFunction(f: Factorisation, fit: LeastSquaresFit, at: ArrayLike<number>, mean: boolean): { estimate: number; se: number } {
  const { qr, means, scales } = f;
  const d = new Float64Array(qr.p);
  let estimate = mean ? fit.responseMean : 0;
  for (let k = 0; k < qr.p; k++) {
    const j = qr.pivot[k]!;
    const distance = mean ? at[j]! - means[j]! : at[j]!;
    estimate += distance * fit.coefficients[j]!;
    d[k] = distance / scales[j]!;
  }
  let v = mean ? 1 / fit.n : 0;
  for (const z of solveLower(qr, d)) v += z * z;
  return { estimate, se: Math.sqrt(v * fit.variance) };
}
