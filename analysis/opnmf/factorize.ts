/** OPNMF of one matrix at one or several ranks: X ~ W W'X, W >= 0. Yang & Oja 2010; Sotiras et al. 2015. */
import type { Solver } from '../../contracts/study.js';
import { solveAccelerated } from './accelerated.js';
import { FactorizationError } from './errors.js';
import { leadingSingularVectors, nndsvd, randomStart, type SingularVectors } from './initialise.js';
import { Problem } from './kernel/instance.js';
import { solveMultiplicative } from './multiplicative.js';
import type { Factorization, OnPass } from './types.js';

/** Changes whenever the same input could give other bits; part of every fit's key. */
export const OPNMF_VERSION = 1;

export interface FactorizeOptions {
  rank: number;
  solver: Solver;
  /** Residual r for `accelerated`, relative change for `multiplicative`. */
  tolerance: number;
  maxIterations: number;
  /** Seed of the random starts. */
  seed: number;
  /** Replaces every start: m x rank, row-major. */
  initial?: Float64Array;
  onPass?: OnPass;
}

/** Starts of the accelerated solver: NNDSVD and two random ones, compared after a short run. */
const RANDOM_STARTS = 2;

/**
 * Holds X (m x n, row-major, non-negative) ready for several ranks: checked once, in kernel memory once, one decomposition for
 * every NNDSVD start. Rows that are all zero come back as zero weight.
 * Throws FactorizationError: EMPTY_MATRIX, NEGATIVE_VALUE, NOT_FINITE, CONSTANT_MATRIX, RANK_TOO_LARGE, BAD_START.
 */
export class Factorizer {
  private readonly problem: Problem;
  private vectors: SingularVectors | null = null;

  constructor(private readonly x: Float64Array, private readonly m: number, private readonly n: number, private readonly maxRank: number) {
    checkMatrix(x, m, n);
    if (!Number.isInteger(maxRank) || maxRank < 1 || maxRank > Math.min(m, n)) {
      throw new FactorizationError('RANK_TOO_LARGE', `rank ${maxRank} asked of a ${m} x ${n} matrix`, `choose ranks from 1 to ${Math.min(m, n)}`);
    }
    this.problem = new Problem(x, m, n, maxRank);
  }

  factorize(options: FactorizeOptions): Factorization {
    const { rank: k, solver } = options;
    if (!Number.isInteger(k) || k < 1 || k > this.maxRank) {
      throw new FactorizationError('RANK_TOO_LARGE', `rank ${k} asked where 1 to ${this.maxRank} was prepared`, 'prepare for the highest rank');
    }
    const onPass = options.onPass ?? (() => true);
    const initial = options.initial ? usableStart(options.initial, this.m, k) : null;
    const { problem } = this;
    const state = solver === 'accelerated'
      ? solveAccelerated(problem, initial ? [initial] : this.starts(k, options.seed), k, options.tolerance, options.maxIterations, onPass)
      : solveMultiplicative(problem, initial ?? this.nndsvdStart(k), k, options.tolerance, options.maxIterations, onPass);
    const { W, H } = ordered(problem.unload(), this.x, this.m, this.n, k);
    const converged = state.stopped === 'residual' || state.stopped === 'relative-change';
    return { rank: k, solver, W, H, converged, ...state };
  }

  private starts(k: number, seed: number): Float64Array[] {
    const random = Array.from({ length: RANDOM_STARTS }, (_, i) => randomStart(this.m, k, `${seed}/start/${i}`));
    return [this.nndsvdStart(k), ...random];
  }

  private nndsvdStart(k: number): Float64Array {
    this.vectors ??= leadingSingularVectors(this.x, this.m, this.n, this.maxRank);
    return nndsvd(this.vectors, this.m, this.n, k, 'tenth');
  }
}

/** One factorization of X; see Factorizer. */
export function factorize(x: Float64Array, m: number, n: number, options: FactorizeOptions): Factorization {
  return new Factorizer(x, m, n, options.rank).factorize(options);
}

function checkMatrix(x: Float64Array, m: number, n: number): void {
  if (m < 1 || n < 1 || x.length !== m * n) {
    throw new FactorizationError('EMPTY_MATRIX', `a matrix of ${m} x ${n} with ${x.length} values`, 'give at least one row and one column');
  }
  let least = Infinity, most = -Infinity;
  for (let i = 0; i < x.length; i++) {
    const v = x[i] as number;
    if (!Number.isFinite(v)) throw new FactorizationError('NOT_FINITE', `${v} at row ${Math.floor(i / n) + 1}, column ${(i % n) + 1}`, 'remove or impute values that are not finite');
    if (v < 0) throw new FactorizationError('NEGATIVE_VALUE', `${v} at row ${Math.floor(i / n) + 1}, column ${(i % n) + 1}`, 'shift the matrix to be non-negative');
    if (v < least) least = v;
    if (v > most) most = v;
  }
  if (least === most) throw new FactorizationError('CONSTANT_MATRIX', `all ${x.length} values are ${least}`, 'there is nothing to factorize; check the input');
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

/** Columns by decreasing || W_j * ||H_j|| ||_2, ties by the earlier column; H = W'X recomputed. Rows of X that are zero get weight 0. */
function ordered(w: Float64Array, x: Float64Array, m: number, n: number, k: number): { W: Float64Array; H: Float64Array } {
  const h = new Float64Array(k * n), w2 = new Float64Array(k);
  for (let i = 0; i < m; i++) {
    let any = false;
    for (let c = 0; c < n && !any; c++) any = x[i * n + c] !== 0;
    for (let j = 0; j < k; j++) {
      if (!any) w[i * k + j] = 0;
      const a = w[i * k + j] as number;
      w2[j] = (w2[j] as number) + a * a;
      if (a > 0) for (let c = 0; c < n; c++) h[j * n + c] = (h[j * n + c] as number) + a * (x[i * n + c] as number);
    }
  }
  const weight = Array.from({ length: k }, (_, j) => {
    let s = 0;
    for (let c = 0; c < n; c++) s += (h[j * n + c] as number) * (h[j * n + c] as number);
    return Math.sqrt((w2[j] as number) * s);
  });
  const order = weight.map((_, j) => j).sort((a, b) => (weight[b] as number) - (weight[a] as number) || a - b);
  const W = new Float64Array(m * k), H = new Float64Array(k * n);
  order.forEach((from, to) => {
    for (let i = 0; i < m; i++) W[i * k + to] = w[i * k + from] as number;
    H.set(h.subarray(from * n, (from + 1) * n), to * n);
  });
  return { W, H };
}
