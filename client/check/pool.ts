/** Reads many vertex files: in threads when there are many, a file at a time in each, so that memory does not grow with the study. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Hemisphere } from '../../contracts/study.js';
import { SulcusError } from '../../contracts/errors.js';
import { inspectFile, type Inspection, type InspectTask } from './facts.js';

/** Fewer files than this are read before threads have started. */
const WORTH_THREADS = 64;
const MOST_THREADS = 8;
/** Files given to a thread at a time: enough to keep it busy, few enough to share the end fairly. */
const BATCH = 8;

export type Regions = Partial<Record<Hemisphere, Int32Array>>;

export interface Batch {
  first: number;
  tasks: InspectTask[];
}

export interface BatchDone {
  first: number;
  results: Inspection[];
}

export interface PoolOptions {
  /** Threads; 0 reads in this one. Default: one a core, none for a few files. */
  threads?: number;
  /** Called after every batch with the number of files read. */
  onProgress?: (done: number) => void;
  /** Stops between files. */
  signal?: AbortSignal;
}

/** Inspections in the order of the tasks. Throws the signal's reason when it aborts. */
export async function inspectAll(tasks: readonly InspectTask[], regions: Regions, options: PoolOptions = {}): Promise<Inspection[]> {
  const { threads = tasks.length < WORTH_THREADS ? 0 : Math.min(MOST_THREADS, availableParallelism()), onProgress, signal } = options;
  const results = new Array<Inspection>(tasks.length);
  if (threads > 0) await inThreads(tasks, regions, threads, results, onProgress, signal);
  else {
    for (const [i, task] of tasks.entries()) {
      signal?.throwIfAborted();
      results[i] = inspectFile(task, regions[task.source.side] ?? new Int32Array(0));
      onProgress?.(i + 1);
      if (i % BATCH === 0) await new Promise((resolve) => setImmediate(resolve)); // lets an interrupt in
    }
  }
  return results;
}

async function inThreads(
  tasks: readonly InspectTask[], regions: Regions, threads: number, results: Inspection[], onProgress: PoolOptions['onProgress'], signal: AbortSignal | undefined,
): Promise<void> {
  let next = 0, done = 0;
  const one = (): Promise<void> => new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./inspect-thread.js', import.meta.url), { workerData: regions });
    const end = (finish: () => void): void => {
      signal?.removeEventListener('abort', stop);
      thread.removeAllListeners();
      void thread.terminate().then(finish);
    };
    const stop = (): void => end(() => reject(signal?.reason as Error));
    const give = (): void => {
      if (next >= tasks.length) { end(resolve); return; }
      thread.postMessage({ first: next, tasks: tasks.slice(next, next + BATCH) } satisfies Batch);
      next += BATCH;
    };
    thread.on('message', ({ first, results: batch }: BatchDone) => {
      batch.forEach((result, i) => { results[first + i] = result; });
      done += batch.length;
      onProgress?.(done);
      give();
    });
    const died = (cause: unknown): void => end(() => reject(new SulcusError('THREAD_DIED', 'a thread that read files ended before its time', { cause, remedy: 'try again; close other programs if memory is short' })));
    thread.once('error', died).once('exit', died);
    signal?.addEventListener('abort', stop);
    if (signal?.aborted) stop();
    else give();
  });
  await Promise.all(Array.from({ length: Math.min(threads, Math.ceil(tasks.length / BATCH)) }, one));
}
