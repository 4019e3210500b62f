/** What a factorization is asked for and what it answers. W is m x k and H = W'X is k x n, both row-major. */
import type { Solver } from '../../contracts/study.js';
import type { Checkpoint } from './checkpoint.js';

/** Why a solver stopped: its own criterion was met, or it ran out of passes, or it was told to. */
export type StopReason = 'residual' | 'relative-change' | 'max-iterations' | 'cancelled';

export interface Progress {
  /** Passes so far, over X or over its leading part, all starts together. */
  passes: number;
  /** Residual r of the current W (relative change for `multiplicative`); while starts are compared, r as the leading part of X has it. */
  residual: number;
  /** ||X - W H||_F at the projective scale. */
  error: number;
  /** Whether residual and error are those of the leading part of X, near those of X itself. */
  compressed: boolean;
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
  /** Passes over the leading part of X alone, each a fraction of the cost of one over X. */
  compressedPasses: number;
  /** (worst - best) / best error of the starts that were finished. null with one start. */
  spread: number | null;
  /** X does not determine W at this rank: very many W, far apart, fit it about as well, and which is found hangs on the start (docs/opnmf.md, "Flat problems"). */
  flat: boolean;
}

/** What a solver tells of its run; W itself is left in the problem. */
export interface SolverState {
  iterations: number;
  passes: number;
  compressedPasses: number;
  residual: number;
  error: number;
  stopped: StopReason;
  spread: number | null;
}

/** Called after a pass; return false to stop there (`stopped: 'cancelled'`). */
export type OnPass = (progress: Progress) => boolean;

/** Called where a run can be taken up again; take the checkpoint (it copies W) when one is due. */
export type OnSafePoint = (checkpoint: () => Checkpoint) => void;

/** How a run talks to its caller, and where it goes on. */
export interface RunHooks {
  onPass: OnPass;
  onSafePoint?: OnSafePoint;
  /** From an interrupted run of the same matrix, rank and options: the result is the same bits. */
  resume?: Checkpoint;
}
