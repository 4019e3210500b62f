/** Where tasks run. The worker gives a pool of threads; the activities only know this interface. */
import { cancellationSignal } from '@temporalio/activity';
import { withHeartbeat } from '../heartbeat.js';
import type { Task, TaskResults } from './task.js';

export interface TaskRunner {
  /** Aborting stops the task soon. `onProgress` is called about once a second while it moves; not called when it does not. */
  run<K extends Task['kind']>(task: Extract<Task, { kind: K }>, callbacks: { signal: AbortSignal; onProgress: (done: number) => void }): Promise<TaskResults[K]>;
}

/** Runs a task and beats for it while it moves. */
export function runTask<K extends Task['kind']>(runner: TaskRunner, task: Extract<Task, { kind: K }>): Promise<TaskResults[K]> {
  return withHeartbeat((pulse) => runner.run(task, { signal: pulse.signal, onProgress: (done) => pulse.moved({ [task.kind]: done }) }));
}

/** For tasks of seconds in steps that are beaten for by the clock: they need no pulse of their own. */
export function aside(): { signal: AbortSignal; onProgress: () => void } {
  return { signal: cancellationSignal(), onProgress: () => undefined };
}
