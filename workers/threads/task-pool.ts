/**
 * Threads for tasks other than fits, started when the first task comes. They are not counted against the fit threads: the compute worker takes only as many
 * activities at a time as there are cores for, whatever their kind.
 */
import { Worker } from 'node:worker_threads';
import type { Task, TaskResults, TaskRunner } from '../../activities/index.js';
import { SulcusError } from '../../contracts/errors.js';
import { TASK_BYTES, taskWords, type TaskMessage, type TaskReply } from './task-protocol.js';

const POLL_MS = 1_000;

interface Callbacks {
  signal: AbortSignal;
  onProgress: (done: number) => void;
}

export class TaskPool implements TaskRunner {
  private readonly idle: Worker[] = [];
  private readonly all = new Set<Worker>();

  async run<K extends Task['kind']>(task: Extract<Task, { kind: K }>, callbacks: Callbacks): Promise<TaskResults[K]> {
    const thread = this.idle.pop() ?? this.spawn();
    try {
      const result = await converse(thread, task, callbacks) as TaskResults[K];
      this.idle.push(thread);
      return result;
    } catch (error) {
      if (error instanceof SulcusError && error.code === 'TASK_THREAD_DIED') this.all.delete(thread);
      else this.idle.push(thread);
      throw error;
    }
  }

  /** Stops every thread; tasks in them fail. */
  async close(): Promise<void> {
    await Promise.all([...this.all].map((t) => t.terminate()));
  }

  private spawn(): Worker {
    const thread = new Worker(new URL('./task-thread.js', import.meta.url));
    thread.setMaxListeners(0);
    thread.unref();
    this.all.add(thread);
    return thread;
  }
}

function converse(thread: Worker, task: Task, { signal, onProgress }: Callbacks): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const shared = new SharedArrayBuffer(TASK_BYTES), { cancel, progress } = taskWords(shared);
    const stop = (): void => { Atomics.store(cancel, 0, 1); };
    let seen = 0;
    const timer = setInterval(() => { if (progress[0] !== seen) { seen = progress[0]!; onProgress(seen); } }, POLL_MS);
    const finish = (end: () => void): void => {
      clearInterval(timer);
      signal.removeEventListener('abort', stop);
      thread.off('message', listen).off('error', died).off('exit', exited);
      end();
    };
    const died = (cause: Error): void => finish(() => reject(new SulcusError('TASK_THREAD_DIED', `a task thread died: ${cause.message}`, { cause })));
    const exited = (code: number): void => finish(() => reject(new SulcusError('TASK_THREAD_DIED', `a task thread ended with code ${code}`)));
    const listen = (reply: TaskReply): void => finish(() => {
      if (reply.type === 'done') resolve(reply.result);
      else if (reply.type === 'cancelled') reject(signal.reason instanceof Error ? signal.reason : new Error('the task was cancelled'));
      else reject(reply.code === null ? new Error(reply.message) : new SulcusError(reply.code, reply.message, reply.remedy === null ? {} : { remedy: reply.remedy }));
    });
    thread.on('message', listen).on('error', died).on('exit', exited);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    thread.postMessage({ task, shared } satisfies TaskMessage);
  });
}
