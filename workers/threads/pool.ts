/** A fixed pool of fit threads. The main thread stays free: it only reads progress words by timer and stores what is finished. */
import { Worker } from 'node:worker_threads';
import type { FitCallbacks, FitJob, FitRunner } from '../../activities/index.js';
import type { PreparedMatrix } from '../../analysis/opnmf/index.js';
import { SulcusError } from '../../contracts/errors.js';
import { SharedMatrices } from './matrices.js';
import { outOfMemory } from './memory.js';
import { SHARED_BYTES, sharedWords, type ThreadJob, type ThreadMessage } from './protocol.js';

const POLL_MS = 1_000;

export class FitPool implements FitRunner {
  private readonly idle: Worker[] = [];
  private readonly all = new Set<Worker>();
  private readonly dead = new WeakSet<Worker>();
  private readonly waiting: ((thread: Worker) => void)[] = [];
  private readonly matrices = new SharedMatrices();

  constructor(private readonly threads: number) {}

  async run(job: FitJob, callbacks: FitCallbacks): Promise<void> {
    const thread = await this.take();
    let healthy = false;
    const turn = await this.matrices.join(job.key);
    try {
      const input: ThreadJob['input'] = turn.prepared === null ? { raw: await job.matrix() } : { prepared: turn.prepared };
      await converse(thread, job, input, turn.provide, callbacks);
      healthy = true;
    } catch (error) {
      healthy = !this.dead.has(thread);
      throw error;
    } finally {
      turn.leave();
      if (healthy) this.release(thread);
      else { this.all.delete(thread); const next = this.waiting.shift(); if (next) next(this.spawn()); }
    }
  }

  /** Stops every thread; jobs in them fail. */
  async close(): Promise<void> {
    await Promise.all([...this.all].map((t) => t.terminate()));
  }

  private async take(): Promise<Worker> {
    const ready = this.idle.pop();
    if (ready && !this.dead.has(ready)) return ready;
    if (ready) this.all.delete(ready);
    if (this.all.size < this.threads) return this.spawn();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private release(thread: Worker): void {
    const next = this.waiting.shift();
    if (next) next(thread);
    else this.idle.push(thread);
  }

  private spawn(): Worker {
    const thread = new Worker(new URL('./fit-thread.js', import.meta.url));
    thread.setMaxListeners(0);
    thread.unref();
    thread.once('error', () => this.dead.add(thread)).once('exit', () => this.dead.add(thread));
    this.all.add(thread);
    return thread;
  }
}

function converse(
  thread: Worker, job: FitJob, input: ThreadJob['input'], provide: (matrix: PreparedMatrix) => void, { signal, onProgress, onFit, onCheckpoint }: FitCallbacks,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const shared = new SharedArrayBuffer(SHARED_BYTES);
    const { cancel, progress } = sharedWords(shared);
    const stop = (): void => { Atomics.store(cancel, 0, 1); };
    let seen = '';
    const timer = setInterval(() => {
      const now = progress.join();
      if (now === seen) return;
      seen = now;
      const [rank, passes, residual] = progress as unknown as [number, number, number];
      onProgress({ rank, passes, residual });
    }, POLL_MS);
    const stored: Promise<void>[] = [];
    const finish = (end: () => void): void => {
      clearInterval(timer);
      signal.removeEventListener('abort', stop);
      thread.off('message', listen).off('error', died).off('exit', exited);
      // What was finished is stored even when a later rank failed.
      Promise.all(stored).then(end, reject);
    };
    const died = (cause: Error): void => finish(() => reject(outOfMemory(cause) ?? new SulcusError('FIT_THREAD_DIED', `a fit thread died: ${cause.message}`, { cause })));
    const exited = (code: number): void => finish(() => reject(new SulcusError('FIT_THREAD_DIED', `a fit thread ended with code ${code}`)));
    const listen = (message: ThreadMessage): void => {
      if (message.type === 'prepared') provide(message.matrix);
      if (message.type === 'fit') stored.push(onFit(message.fit, message.seconds));
      if (message.type === 'checkpoint') stored.push(onCheckpoint(message.rank, message.checkpoint));
      if (message.type === 'done') finish(resolve);
      if (message.type === 'cancelled') finish(() => reject(signal.reason instanceof Error ? signal.reason : new Error('the fit was cancelled')));
      if (message.type === 'error') finish(() => reject(message.code === null ? new Error(message.message) : new SulcusError(message.code, message.message, message.remedy === null ? {} : { remedy: message.remedy })));
    };
    thread.on('message', listen).on('error', died).on('exit', exited);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    const { ranks, maxRank, spec, seed, checkpoints } = job;
    thread.postMessage({ type: 'job', input, ranks, maxRank, spec, seed, checkpoints, shared } satisfies ThreadJob, 'raw' in input ? [input.raw.values.buffer as ArrayBuffer] : []);
  });
}
