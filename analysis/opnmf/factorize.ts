/** OPNMF of one matrix at one or several ranks: X ~ W W'X, W >= 0. Yang & Oja 2010; Sotiras et al. 2015. */
import type { Solver } from '../../contracts/study.js';
import { searchPlan } from './accelerated/plan.js';
import { solveAccelerated } from './accelerated/solve.js';
import { FactorizationError } from './errors.js';
import { isFlat, poorError } from './flat.js';
import { nndsvdStart } from './initialise.js';
import { prepareMatrix, type PreparedMatrix } from './kernel/matrix.js';
import { Problem } from './kernel/problem.js';
import { solveMultiplicative } from './multiplicative.js';
import type { Factorization, RunHooks } from './types.js';

/** Changes whenever the same input could give other bits; part of every fit's key. */
export const OPNMF_VERSION = 7;

export interface FactorizeOptions extends Partial<RunHooks> {
  rank: number;
  solver: Solver;
  /** Residual r for `accelerated`, relative change for `multiplicative`. */
  tolerance: number;
  maxIterations: number;
  /** Seed of the random starts. */
  seed: number;
  /** Replaces every start: m x rank, row-major. */
  initial?: Float64Array;
}

/**
 * Holds X (m x n, row-major, non-negative) ready for several ranks: checked once, in kernel memory once, one decomposition for
 * every start. Rows that are all zero come back as zero weight.
 * Throws FactorizationError: EMPTY_MATRIX, NEGATIVE_VALUE, NOT_FINITE, CONSTANT_MATRIX, BAD_SCALE, RANK_TOO_LARGE, BAD_START.
 */
export class Factorizer {
  private readonly problem: Problem;

  private constructor(private readonly matrix: PreparedMatrix) {
    this.problem = new Problem(matrix, matrix.maxRank);
  }

  static of(x: Float64Array, m: number, n: number, maxRank: number): Factorizer {
    return new Factorizer(prepare(x, m, n, maxRank));
  }

  /** On a matrix that another thread prepared: nothing is copied. */
  static sharing(matrix: PreparedMatrix): Factorizer {
    return new Factorizer(matrix);
  }

  factorize(options: FactorizeOptions): Factorization {
    const { rank: k, solver, tolerance, maxIterations } = options;
    const { problem, matrix } = this;
    if (!Number.isInteger(k) || k < 1 || k > matrix.maxRank) {
      throw new FactorizationError('RANK_TOO_LARGE', `rank ${k} asked where 1 to ${matrix.maxRank} was prepared`, 'prepare for the highest rank');
    }
    const initial = options.initial ? usableStart(options.initial, matrix.m, k) : null;
    const hooks: RunHooks = { ...options, onPass: options.onPass ?? ((): boolean => true) };
    const state = solver === 'accelerated'
      ? solveAccelerated(problem, { k, plan: searchPlan(matrix, k, options.seed, initial), tolerance, maxIterations }, hooks)
      : solveMultiplicative(problem, () => initial ?? nndsvdStart(matrix, k), k, tolerance, maxIterations, hooks);
    const { W, H } = ordered(problem, matrix.zeroRows, k);
    const converged = state.stopped === 'residual' || state.stopped === 'relative-change';
    return { rank: k, solver, W, H, converged, flat: isFlat(matrix, k) && state.error > poorError(matrix, k), ...state };
  }
}

/** X checked and in shared memory, for Factorizer.sharing in any thread. Throws what Factorizer does. */
export function prepare(x: Float64Array, m: number, n: number, maxRank: number): PreparedMatrix {
  const { norm2, zeroRows } = survey(x, m, n);
  if (!Number.isInteger(maxRank) || maxRank < 1 || maxRank > Math.min(m, n)) {
    throw new FactorizationError('RANK_TOO_LARGE', `rank ${maxRank} asked of a ${m} x ${n} matrix`, `choose ranks from 1 to ${Math.min(m, n)}`);
  }
  return prepareMatrix(x, m, n, maxRank, norm2, zeroRows);
}

/** One factorization of X; see Factorizer. */
export function factorize(x: Float64Array, m: number, n: number, options: FactorizeOptions): Factorization {
  return Factorizer.of(x, m, n, options.rank).factorize(options);
}

/** ||X||_F^2 and the rows that are all zero; throws where X cannot be factorized. */
function survey(x: Float64Array, m: number, n: number): { norm2: number; zeroRows: number[] } {
  if (m < 1 || n < 1 || x.length !== m * n) {
    throw new FactorizationError('EMPTY_MATRIX', `a matrix of ${m} x ${n} with ${x.length} values`, 'give at least one row and one column');
  }
  let least = Infinity, most = -Infinity, norm2 = 0;
  const zeroRows: number[] = [];
  for (let i = 0, at = 0; i < m; i++) {
    const before = norm2;
    for (const end = at + n; at < end; at++) {
      const v = x[at] as number;
      norm2 += v * v;
      if (v < least) least = v;
      if (v > most) most = v;
    }
    if (norm2 === before && x.subarray(i * n, at).every((v) => v === 0)) zeroRows.push(i);
  }
  const place = (i: number): string => `${x[i]} at row ${Math.floor(i / n) + 1}, column ${(i % n) + 1}`;
  const notFinite = Number.isNaN(norm2) || least === -Infinity || most === Infinity ? x.findIndex((v) => !Number.isFinite(v)) : -1;
  if (notFinite >= 0) throw new FactorizationError('NOT_FINITE', place(notFinite), 'remove or impute values that are not finite');
  if (least < 0) throw new FactorizationError('NEGATIVE_VALUE', place(x.findIndex((v) => v < 0)), 'shift the matrix to be non-negative');
  if (least === most) throw new FactorizationError('CONSTANT_MATRIX', `all ${x.length} values are ${least}`, 'there is nothing to factorize; check the input');
  // Squares that overflow or vanish leave nothing to converge by.
  if (!(norm2 > 0 && norm2 < Infinity)) throw new FactorizationError('BAD_SCALE', `values from ${least} to ${most}: their squares cannot be summed`, 'rescale the matrix');
  return { norm2, zeroRows };
}

/** A copy of the given W, checked. A row of zeros has no quotient in the multiplicative update, so it starts at the floor. */
function usableStart(w: Float64Array, m: number, k: number): Float64Array {
  if (w.length !== m * k) throw new FactorizationError('BAD_START', `an initial W of ${w.length} values where ${m} x ${k} is needed`, 'give W with one row per vertex and one column per component');
  const bad = w.findIndex((v) => !(v >= 0) || v === Infinity);
  if (bad >= 0) throw new FactorizationError('BAD_START', `${w[bad]} at row ${Math.floor(bad / k) + 1}, column ${(bad % k) + 1} of the initial W`, 'give a finite, non-negative W');
  const out = w.slice();
  for (let i = 0; i < m; i++) if (w.subarray(i * k, (i + 1) * k).every((v) => v === 0)) out.fill(1e-16, i * k, (i + 1) * k);
  for (let j = 0; j < k; j++) {
    let any = false;
    for (let i = 0; i < m && !any; i++) any = w[i * k + j] !== 0;
    if (!any) throw new FactorizationError('BAD_START', `column ${j + 1} of the initial W is all zero`, 'give every component some weight: it cannot grow from nothing');
  }
  return out;
}

/** Columns by decreasing || W_j * ||H_j|| ||_2, ties by the earlier column; H = W'X computed from the W that is returned. Rows of X that are zero get weight 0. */
function ordered(problem: Problem, zeroRows: readonly number[], k: number): { W: Float64Array; H: Float64Array } {
  const { m, n } = problem;
  problem.use('x');
  const w = problem.unload(), { Y, kp } = problem;
  for (const i of zeroRows) w.fill(0, i * k, (i + 1) * k);
  const weight = Array.from({ length: k }, (_, j) => {
    let w2 = 0, h2 = 0;
    for (let i = 0; i < m; i++) { const a = w[i * k + j] as number; w2 += a * a; }
    for (let c = 0; c < n; c++) { const a = Y[c * kp + j] as number; h2 += a * a; }
    return Math.sqrt(w2 * h2);
  });
  const order = weight.map((_, j) => j).sort((a, b) => (weight[b] as number) - (weight[a] as number) || a - b);
  const W = new Float64Array(m * k), H = new Float64Array(k * n);
  order.forEach((from, to) => {
    for (let i = 0; i < m; i++) W[i * k + to] = w[i * k + from] as number;
    for (let c = 0; c < n; c++) H[to * n + c] = Y[c * kp + from] as number;
  });
  return { W, H };
}
