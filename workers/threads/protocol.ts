/** What passes between a worker process and its fit threads: the job and its results by message, progress and cancel by shared memory. */
import type { Factorization } from '../../analysis/opnmf/index.js';
import type { FitJob } from '../../activities/index.js';

export interface ThreadJob {
  type: 'job';
  job: FitJob;
  /** Int32 [cancel], then Float64 [rank, passes, residual, error] at byte 8. */
  shared: SharedArrayBuffer;
}

export type ThreadMessage =
  | { type: 'fit'; fit: Factorization; seconds: number }
  | { type: 'done' }
  | { type: 'cancelled' }
  | { type: 'error'; code: string | null; message: string; remedy: string | null };

export function sharedWords(shared: SharedArrayBuffer): { cancel: Int32Array; progress: Float64Array } {
  return { cancel: new Int32Array(shared, 0, 1), progress: new Float64Array(shared, 8, 4) };
}

export const SHARED_BYTES = 8 + 4 * 8;
