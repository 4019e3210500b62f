/**
 * Least squares with an intercept, on centred columns scaled to unit length, by Householder QR. (X'X)^-1 is never formed: a
 * covariate with mean 3e9 and SD 1e7 keeps its digits. All thresholds are relative, so the unit of a column does not matter.
 */
import { StatisticsError } from './errors.js';
import { project, projections, qrOf, solveLower, solveUpper, type Qr } from './qr.js';

/** A column of unit length shorter than this after projection on the others is a linear combination of them (R's lm: 1e-7). */
const RANK_TOLERANCE = 1e-9;
/** A column whose spread is below this part of its size is constant up to rounding. */
const CONSTANT = 1e-14;
/** Residuals below this part of the response's spread are rounding errors. */
const PERFECT = 1e-12;
/** Sums of squares outside this range would overflow, or lose digits. */
const SQUARES = [1e-270, 1e300] as const;
/** The same for spread of the response over spread of a column, the unit of a coefficient. */
const RATIO = [1e-280, 1e280] as const;

export interface Factorisation {
  qr: Qr;
  names: readonly string[];
  means: Float64Array;
  /** Length of each centred column. */
  scales: Float64Array;
  /** Number of columns up to the end of each block. */
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

/** A column about its mean. */
export interface Centred {
  mean: number;
  /** Length of the centred vector; 0: constant up to rounding; infinite: the values span more than the range of numbers. */
  scale: number;
  /** The centred vector, of length 1. */
  unit: Float64Array;
}

/** Centred twice, because the mean of large numbers close together is itself rounded. */
export function standardise(values: Float64Array): Centred {
  const n = values.length, unit = values.slice();
  let mean = 0, size = 0, largest = 0, s = 0;
  for (let i = 0; i < n; i++) size = Math.max(size, Math.abs(values[i]!));
  for (let pass = 0; pass < 2; pass++) {
    let m = 0;
    for (let i = 0; i < n; i++) m += unit[i]! / n;
    for (let i = 0; i < n; i++) unit[i]! -= m;
    mean += m;
  }
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(unit[i]!));
  if (largest <= CONSTANT * size) return { mean, scale: 0, unit: unit.fill(0) };
  for (let i = 0; i < n; i++) s += (unit[i]! / largest) ** 2;
  const scale = largest * Math.sqrt(s);
  for (let i = 0; i < n; i++) unit[i]! /= scale;
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
    if (!Number.isFinite(scale)) throw new StatisticsError('OUT_OF_RANGE', `column '${names[j]}' spans more than the range of numbers`, { column: names[j]!, remedy: 'give the column in another unit' });
    if (scale === 0) throw new StatisticsError('RANK_DEFICIENT', `column '${names[j]}' is constant`, { column: names[j]! });
  });
  const qr = qrOf(standard.map((s) => s.unit), n);
  const dependent = qr.r.findIndex((column, j) => Math.abs(column[j]!) <= RANK_TOLERANCE);
  if (dependent >= 0) throw rankDeficient(qr, dependent, names);
  let end = 0;
  const ends = blocks.map((size) => (end += size));
  return { qr, names, means: Float64Array.from(standard, (s) => s.mean), scales: Float64Array.from(standard, (s) => s.scale), ends, dfResidual: n - 1 - p };
}

/** Column k is determined by those before it: R's column k holds it in their terms. */
function rankDeficient(qr: Qr, k: number, names: readonly string[]): StatisticsError {
  const others = [...solveUpper(qr, qr.r[k]!, k)].flatMap((w, j) => (Math.abs(w) > 1e-6 ? [`'${names[j]}'`] : []));
  const remedy = names[k]!.includes(':') ? 'an interaction needs rows in every combination of its levels; subtract the mean from a numeric column far from zero' : 'leave one of them out';
  return new StatisticsError('RANK_DEFICIENT', `column '${names[k]}' is a linear combination of ${others.join(', ')}`, { column: names[k]!, remedy });
}

/** A response about its mean. Throws CONSTANT_RESPONSE, NON_FINITE, OUT_OF_RANGE. */
export function centredResponse(y: Float64Array, name: string): Centred {
  for (const v of y) if (!Number.isFinite(v)) throw new StatisticsError('NON_FINITE', `column '${name}' holds a value that is not a finite number`, { column: name });
  const centred = standardise(y);
  if (centred.scale === 0) throw new StatisticsError('CONSTANT_RESPONSE', `column '${name}' has the same value in every row`, { column: name });
  const squared = centred.scale ** 2;
  if (!(squared >= SQUARES[0] && squared <= SQUARES[1])) throw new StatisticsError('OUT_OF_RANGE', `the values of column '${name}' are too far apart or too close together for sums of squares`, { column: name, remedy: 'give the column in another unit' });
  return centred;
}

/** Fits one response (n values; `name` for errors). Throws as centredResponse does. */
export const leastSquares = (f: Factorisation, y: Float64Array, name: string): LeastSquaresFit => fitCentred(f, centredResponse(y, name), name);

/** The same, of a response already about its mean. Throws OUT_OF_RANGE. */
export function fitCentred(f: Factorisation, { mean, scale, unit }: Centred, name: string): LeastSquaresFit {
  const { qr, means, scales } = f;
  const { effects, residuals } = project(qr, unit);
  const coefficients = solveUpper(qr, effects);
  let intercept = mean;
  for (let j = 0; j < qr.p; j++) {
    const unit = scale / scales[j]!;
    if (!(unit >= RATIO[0] && unit <= RATIO[1])) throw new StatisticsError('OUT_OF_RANGE', `the coefficient of '${f.names[j]}' for column '${name}' is beyond the range of numbers`, { column: f.names[j]!, remedy: 'give the column in another unit' });
    coefficients[j]! *= unit;
    intercept -= coefficients[j]! * means[j]!;
  }
  const total = scale * scale, residual = squares(residuals, 0, residuals.length) * total;
  return { n: f.qr.n, dfResidual: f.dfResidual, coefficients, intercept, responseMean: mean, total, residual, blocks: blocksOf(f, effects, total), variance: residual / f.dfResidual };
}

/** Sequential sums of squares of the blocks alone. */
export function blockSquares(f: Factorisation, { scale, unit }: Centred): number[] {
  return blocksOf(f, projections(f.qr, unit), scale * scale);
}

const blocksOf = ({ ends }: Factorisation, effects: Float64Array, total: number): number[] => ends.map((end, b) => squares(effects, b === 0 ? 0 : ends[b - 1]!, end) * total);

/** Residuals of a response, divided by its spread about the mean (so of length <= 1). Throws CONSTANT_RESPONSE, NON_FINITE. */
export function unitResiduals(f: Factorisation, y: Float64Array, name: string): Float64Array {
  return project(f.qr, centredResponse(y, name).unit).residuals;
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
  let estimate = mean ? fit.responseMean : 0;
  const d = Float64Array.from({ length: qr.p }, (_, j) => {
    const distance = mean ? at[j]! - means[j]! : at[j]!;
    estimate += distance * fit.coefficients[j]!;
    return distance / scales[j]!;
  });
  return { estimate, se: norm([mean ? 1 / Math.sqrt(fit.n) : 0, ...solveLower(qr, d)]) * Math.sqrt(fit.variance) };
}

/** Euclidean length, without overflow on the way. */
function norm(z: readonly number[]): number {
  const largest = z.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
  return largest === 0 ? 0 : largest * Math.sqrt(z.reduce((s, v) => s + (v / largest) ** 2, 0));
}
