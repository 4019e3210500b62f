/** Following a run until it ends, needs a person, or the operator leaves. */
import type { Client } from '@temporalio/client';
import type { StudyOutput, StudyProgress } from '../contracts/workflows.js';
import { setTimeout as pause } from 'node:timers/promises';
import type { Console } from './console.js';
import type { StudyHandle } from './launch.js';
import { progressLine, readProgress } from './progress.js';

export type Ending =
  | { kind: 'done'; output: StudyOutput }
  | { kind: 'failed'; error: unknown }
  | { kind: 'review'; study: StudyProgress }
  | { kind: 'interrupted' };

const POLL_MS = 500;
/** Off a terminal a line is printed this often at most. */
const LINE_MS = 5_000;

export async function followStudy(client: Client, handle: StudyHandle, cohorts: string[], out: Console, interrupted: AbortSignal): Promise<Ending> {
  const over = new AbortController();
  const result = handle.result().then((output): Ending => ({ kind: 'done', output }), (error: unknown): Ending => ({ kind: 'failed', error }));
  const left = new Promise<Ending>((resolve) => interrupted.addEventListener('abort', () => resolve({ kind: 'interrupted' }), { once: true }));
  try {
    return await Promise.race([result, left, watch(client, handle.workflowId, cohorts, out, over.signal)]);
  } finally {
    over.abort();
    out.status('');
  }
}

/** Shows progress; resolves only when a review waits. */
async function watch(client: Client, workflowId: string, cohorts: string[], out: Console, over: AbortSignal): Promise<Ending> {
  let last = '', printed = performance.now();
  while (!over.aborted) {
    const progress = await readProgress(client, workflowId, cohorts);
    if (over.aborted) break;
    if (progress !== null) {
      if (progress.study.review !== null) return { kind: 'review', study: progress.study };
      const line = progressLine(progress);
      out.status(line);
      if (!process.stderr.isTTY && line !== last && performance.now() - printed > LINE_MS) { out.note(line); printed = performance.now(); last = line; }
    }
    await pause(POLL_MS);
  }
  return new Promise<Ending>(() => undefined); // the race is decided elsewhere
}
