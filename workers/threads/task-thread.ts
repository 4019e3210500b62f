/** A task thread: one task at a time. Reads the cancel word and writes the progress word as the task moves. */
import { parentPort } from 'node:worker_threads';
import { doTask } from '../../activities/resampling/task.js';
import { SulcusError } from '../../contracts/errors.js';
import { taskWords, type TaskMessage, type TaskReply } from './task-protocol.js';

const port = parentPort;
if (port === null) throw new Error('task-thread runs only as a worker thread');

const work = async ({ task, shared }: TaskMessage): Promise<void> => {
  const { cancel, progress } = taskWords(shared);
  const reply = (message: TaskReply): void => { port.postMessage(message); };
  try {
    const result = await doTask(task, (done) => { progress[0] = done; return Atomics.load(cancel, 0) === 0; });
    reply(result === null ? { type: 'cancelled' } : { type: 'done', result });
  } catch (error) {
    const known = error instanceof SulcusError;
    reply({ type: 'error', code: known ? error.code : null, message: error instanceof Error ? error.message : String(error), remedy: known ? error.remedy : null });
  }
};

port.on('message', (message: TaskMessage) => { void work(message); });
