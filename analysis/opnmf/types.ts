/** What a factorization is asked for and what it answers. W is m x k and H = W'X is k x n, both row-major. */
import type { Solver } from '../../contracts/study.js';

/** Why a solver stopped: its own criterion was met, or it ran out of passes, or it was told to. */
export type StopReason = 'residual' | 'relative-change' | 'max-iterations' | 'cancelled';

export interface Progress {
  /** Passes over X so far, all starts together. */
  passes: number;
  /** Residual r of the current W (relative change for `multiplicative`). */
  residual: number;
  /** ||X - W H||_F at the projective scale. */
  error: number;
}

export interface Factorization {
  rank: number;
  solver: Solver;
  /** m x k: at the projective scale for `accelerated`, spectral norm 1 for `multiplicative`. Columns by decreasing || W_j * ||H_j|| ||. */
  W: Float64Array;
  /** k x n, H = W'X. */
  H: Float64Array;
  /** ||X - W W'X||_F at the projective scale. */
  error: number;
  /** Natural residual of the fixed-point condition at the returned W: the certificate. */
  residual: number;
  converged: boolean;
  stopped: StopReason;
  /** Iterations of the start that was kept. */
  iterations: number;
  /** Passes over X in all, every start included. */
  passes: number;
  /** (worst - best) / best error of the starts after the warm-up, when they are compared; only the best is finished. null with one start. */
  spread: number | null;
}

/** Called after a pass; return false to stop there (`stopped: 'cancelled'`). */
export type OnPass = (progress: Progress) => boolean;
