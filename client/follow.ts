/** Following a run until it ends, needs a person, or the operator leaves. */
import type { Client } from '@temporalio/client';
import { SulcusError } from '../contracts/errors.js';
import type { StudyOutput, StudyProgress } from '../contracts/workflows.js';
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Console } from './console.js';
import type { StudyHandle } from './launch.js';
import { patiently } from './patience.js';
import { progressLine, ratingsWaiting, readProgress } from './progress.js';
import type { RatingsWaiting } from './rating-text.js';

export type Ending =
  | { kind: 'done'; output: StudyOutput }
  | { kind: 'failed'; error: unknown }
  | { kind: 'review'; study: StudyProgress }
  | { kind: 'rating'; waiting: RatingsWaiting[] }
  | { kind: 'interrupted' };

const POLL_MS = 500;
/** An answer costs the worker some work for the workflow and each cohort. However many commands follow, none takes more than this share of the time. */
const POLL_SHARE = 0.05;
const MOST_POLL_MS = 10_000;
/** Off a terminal a line is printed this often at most. */
const LINE_MS = 5_000;

export async function followStudy(client: Client, handle: StudyHandle, cohorts: string[], out: Console, interrupted: AbortSignal): Promise<Ending> {
  const over = new AbortController();
  setMaxListeners(0, over.signal); // every query listens to it
  const result = patiently(() => client.connection.withAbortSignal(over.signal, () => handle.result()), { over: over.signal, note: out.note })
    .then((output): Ending => ({ kind: 'done', output }), (error: unknown): Ending => {
      if (error instanceof SulcusError) throw error; // not the study's failure
      return { kind: 'failed', error };
    });
  const left = new Promise<Ending>((resolve) => interrupted.addEventListener('abort', () => resolve({ kind: 'interrupted' }), { once: true }));
  const watching = watch(client, handle.workflowId, cohorts, out, over.signal);
  try {
    return await Promise.race([result, left, watching.then((ending) => ending ?? new Promise<Ending>(() => undefined))]);
  } finally {
    // A call still under way would be retried by a timer after the connection is closed, and end the process: both are waited for.
    over.abort();
    await Promise.allSettled([watching, result]); // the race has what they ended with
    out.status('');
  }
}

/** Shows progress until a review or nothing but ratings are waited for, or (null) until the following is over. */
async function watch(client: Client, workflowId: string, cohorts: string[], out: Console, over: AbortSignal): Promise<Ending | null> {
  let last = '', printed = performance.now();
  while (!over.aborted) {
    const asked = performance.now();
    const progress = await client.connection.withAbortSignal(over, () => readProgress(client, workflowId, cohorts)).catch((error: unknown) => {
      if (over.aborted) return null;
      throw error;
    });
    if (over.aborted) break;
    if (progress !== null) {
      if (progress.study.review !== null) return { kind: 'review', study: progress.study };
      const waiting = await client.connection.withAbortSignal(over, () => ratingsWaiting(client, progress.study)).catch((error: unknown) => {
        if (over.aborted) return null;
        throw error;
      });
      if (waiting !== null) return { kind: 'rating', waiting };
      const line = progressLine(progress);
      out.status(line);
      if (!process.stderr.isTTY && line !== last && performance.now() - printed > LINE_MS) { out.note(line); printed = performance.now(); last = line; }
    }
    const took = performance.now() - asked;
    await pause(Math.min(MOST_POLL_MS, Math.max(POLL_MS, took / POLL_SHARE - took)), undefined, { signal: over }).catch(() => undefined); // over: the loop sees it
  }
  return null;
}
