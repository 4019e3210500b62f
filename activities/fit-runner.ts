/** Where fits run. The worker gives a pool of threads; the activity only knows this interface. */
import type { Checkpoint, Factorization, Progress } from '../analysis/opnmf/index.js';
import type { CohortMatrix } from '../analysis/parcellation/normalize.js';
import type { FactorizationSpec } from '../contracts/study.js';

export interface FitJob {
  /** Names the content of the matrix: jobs under way with the same key share one copy of it in memory. */
  key: string;
  /** Raw values of the subjects of this half; asked for only when no thread holds the matrix. Its buffer is handed over to the thread. */
  matrix: () => Promise<CohortMatrix>;
  ranks: number[];
  /** Highest rank of the study: all ranks share one decomposition for their starts, whatever the batch. */
  maxRank: number;
  spec: FactorizationSpec;
  seed: number;
  /** Where an interrupted fit goes on, by rank. */
  checkpoints: ReadonlyMap<number, Checkpoint>;
}

export interface FitCallbacks {
  /** Aborting stops the fit within one pass. */
  signal: AbortSignal;
  /** Called about once a second while the numbers move; not called when they do not. */
  readonly onProgress: (progress: Pick<Progress, 'passes' | 'residual'> & { rank: number }) => void;
  /** Called for each finished rank, in order; the next rank goes on meanwhile. */
  readonly onFit: (fit: Factorization, seconds: number) => Promise<void>;
  /** Called with a state to go on from, once a fit has worked for a while since the last. */
  readonly onCheckpoint: (rank: number, checkpoint: Checkpoint) => Promise<void>;
}

export interface FitRunner {
  run(job: FitJob, callbacks: FitCallbacks): Promise<void>;
}
