/** What passes between a worker process and its fit threads: the job and its results by message, progress and cancel by shared memory. */
import type { Checkpoint, Factorization, PreparedMatrix } from '../../analysis/opnmf/index.js';
import type { FitJob } from '../../activities/index.js';
import type { CohortMatrix } from '../../analysis/parcellation/normalize.js';

export interface ThreadJob extends Pick<FitJob, 'ranks' | 'maxRank' | 'spec' | 'seed' | 'checkpoints'> {
  type: 'job';
  /** Raw values, or the matrix as another thread prepared it: shared memory, nothing copied. */
  input: { raw: CohortMatrix } | { prepared: PreparedMatrix };
  /** Int32 [cancel], then Float64 [rank, passes, residual] at byte 8. */
  shared: SharedArrayBuffer;
}

export type ThreadMessage =
  | { type: 'prepared'; matrix: PreparedMatrix }
  | { type: 'fit'; fit: Factorization; seconds: number }
  | { type: 'checkpoint'; rank: number; checkpoint: Checkpoint }
  | { type: 'done' }
  | { type: 'cancelled' }
  | { type: 'error'; code: string | null; message: string; remedy: string | null };

export function sharedWords(shared: SharedArrayBuffer): { cancel: Int32Array; progress: Float64Array } {
  return { cancel: new Int32Array(shared, 0, 1), progress: new Float64Array(shared, 8, 3) };
}

export const SHARED_BYTES = 8 + 3 * 8;
