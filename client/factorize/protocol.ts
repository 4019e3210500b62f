/** What passes between `sulcus factorize` and its threads: jobs and results by message, progress and cancel by shared memory. */
import type { Factorization, PreparedMatrix } from '../../analysis/opnmf/index.js';
import type { Solver } from '../../contracts/study.js';

export interface FitOptions {
  solver: Solver;
  tolerance: number;
  maxIterations: number;
  seed: number;
  initial: Float64Array | null;
}

export type Request =
  | { type: 'prepare'; path: string; maxRank: number }
  | {
    type: 'fit'; matrix: PreparedMatrix; rank: number; options: FitOptions;
    /** Where an interrupted fit goes on and what its checkpoint must have been made from; null: no checkpoints. */
    checkpoint: { file: string; identity: string } | null;
    /** Int32 [cancel], then Float64 [passes, residual] at byte 8. */
    shared: SharedArrayBuffer;
  };

export type Answer =
  | { type: 'prepared'; matrix: PreparedMatrix; seconds: number; sha256: string }
  | { type: 'fit'; fit: Factorization; seconds: number; resumed: boolean }
  | { type: 'error'; code: string | null; message: string; remedy: string | null };

export const SHARED_BYTES = 24;

export function sharedWords(shared: SharedArrayBuffer): { cancel: Int32Array; progress: Float64Array } {
  return { cancel: new Int32Array(shared, 0, 1), progress: new Float64Array(shared, 8, 2) };
}
