/** What passes between a worker process and its task threads: the task and its result by message, progress and cancel by shared memory. */
import type { Task, TaskResults } from '../../activities/index.js';

export interface TaskMessage {
  task: Task;
  /** Int32 [cancel], then Float64 [done] at byte 8. */
  shared: SharedArrayBuffer;
}

export type TaskReply =
  | { type: 'done'; result: TaskResults[Task['kind']] }
  | { type: 'cancelled' }
  | { type: 'error'; code: string | null; message: string; remedy: string | null };

export const TASK_BYTES = 16;

export function taskWords(shared: SharedArrayBuffer): { cancel: Int32Array; progress: Float64Array } {
  return { cancel: new Int32Array(shared, 0, 1), progress: new Float64Array(shared, 8, 1) };
}
