/** OPNMF of one matrix at several ranks, in threads that share it: the main thread stays free to show progress and to be interrupted. */
import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { OPNMF_VERSION, type Factorization } from '../../analysis/opnmf/index.js';
import { SulcusError } from '../../contracts/errors.js';
import { SHARED_BYTES, sharedWords, type Answer, type FitOptions, type Request } from './protocol.js';

export interface RankFit {
  fit: Factorization;
  /** Of the fit itself; of the first rank with the decomposition that all ranks share. Reading is not in it. */
  seconds: number;
  resumed: boolean;
}

export interface FactorizeJob {
  path: string;
  ranks: number[];
  options: FitOptions;
  threads: number;
  /** Where the checkpoint of a rank lies; null: fits that are interrupted are lost. */
  checkpointOf: ((rank: number) => string) | null;
  signal: AbortSignal;
  onProgress: (rank: number, passes: number, residual: number) => void;
  /** In the order in which they end. */
  onFit: (rank: RankFit) => Promise<void>;
}

const POLL_MS = 500;

/** Fits every rank; after an abort those under way stop within a pass and are left out. */
export async function factorizeRanks(job: FactorizeJob): Promise<void> {
  const threads = Array.from({ length: Math.min(job.threads, job.ranks.length) }, () => new Worker(new URL('./thread.js', import.meta.url)));
  try {
    const prepared = await ask(threads[0] as Worker, { type: 'prepare', path: job.path, maxRank: Math.max(...job.ranks) }, 'prepared');
    const identity = createHash('sha256').update(JSON.stringify([OPNMF_VERSION, prepared.sha256, job.options.solver, job.options.tolerance, job.options.maxIterations, job.options.seed, [...(job.options.initial ?? [])]])).digest('hex');
    const first = Math.min(...job.ranks);
    const waiting = [...job.ranks].sort((a, b) => b - a); // the longest first, so that none waits for it at the end
    await Promise.all(threads.map(async (thread) => {
      for (let rank = waiting.shift(); rank !== undefined && !job.signal.aborted; rank = waiting.shift()) {
        const shared = new SharedArrayBuffer(SHARED_BYTES), { cancel, progress } = sharedWords(shared), at = rank;
        const stop = (): void => { Atomics.store(cancel, 0, 1); };
        job.signal.addEventListener('abort', stop);
        if (job.signal.aborted) stop();
        const timer = setInterval(() => job.onProgress(at, progress[0] as number, progress[1] as number), POLL_MS);
        try {
          const file = job.checkpointOf?.(rank);
          const checkpoint = file === undefined ? null : { file, identity: `${identity}-${rank}` };
          const { fit, seconds, resumed } = await ask(thread, { type: 'fit', matrix: prepared.matrix, rank, options: job.options, checkpoint, shared }, 'fit');
          if (fit.stopped !== 'cancelled') await job.onFit({ fit, seconds: seconds + (rank === first ? prepared.seconds : 0), resumed });
        } finally {
          clearInterval(timer);
          job.signal.removeEventListener('abort', stop);
        }
      }
    }));
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

function ask<T extends Answer['type']>(thread: Worker, request: Request, _type: T): Promise<Extract<Answer, { type: T }>> {
  return new Promise((resolve, reject) => {
    const finish = (end: () => void): void => { thread.off('message', listen).off('error', died); end(); };
    const died = (cause: Error): void => finish(() => reject(new SulcusError('FIT_THREAD_DIED', `the thread that fits died: ${cause.message}`, { cause })));
    const listen = (answer: Answer): void => finish(() => {
      if (answer.type === 'error') reject(answer.code === null ? new Error(answer.message) : new SulcusError(answer.code, answer.message, answer.remedy === null ? {} : { remedy: answer.remedy }));
      else resolve(answer as Extract<Answer, { type: T }>);
    });
    thread.on('message', listen).on('error', died);
    thread.postMessage(request);
  });
}
