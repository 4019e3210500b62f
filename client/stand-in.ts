/** Others work on a foreign server: this command looks whether they still do, and brings a worker of its own when they surely do not. */
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { POLL_COUNTS_MS, POLL_LASTS_MS, whoWorks, type QueueWorkers } from './at-work.js';

const LOOK_MS = 10_000;

export interface StandInOptions {
  over: AbortSignal;
  note: (line: string) => void;
  /** How long a poll lasts and counts, and the time between two looks; for tests. */
  lastsMs?: number;
  countsMs?: number;
  lookMs?: number;
}

/** Resolves to true when nobody works at one of the queues any more, to false when it is over. Tells once before, when a poll is overdue. */
export async function untilNobodyWorks(client: Client, { over, note, lastsMs = POLL_LASTS_MS, countsMs = POLL_COUNTS_MS, lookMs = LOOK_MS }: StandInOptions): Promise<boolean> {
  setMaxListeners(0, over); // every look listens to it
  let told = false, forgottenSince: number | null = null;
  for (;;) {
    await pause(lookMs, undefined, { signal: over, ref: false }).catch(() => undefined); // over: seen below
    if (over.aborted) return false;
    const found = await client.connection.withAbortSignal(over, () => whoWorks(client, { lastsMs, countsMs })).catch(() => null); // an outage of the server is told by whoever follows a study
    if (over.aborted) return false;
    if (found === null) continue;
    const silent = found.filter(({ silentMs }) => silentMs > lastsMs), gone = silent.filter(({ workers }) => workers.length === 0);
    // A server that was started again remembers nobody until they have polled.
    forgottenSince = gone.some(({ silentMs }) => silentMs === Infinity) ? (forgottenSince ?? performance.now()) : null;
    if (gone.some(({ silentMs }) => silentMs < Infinity) || (forgottenSince !== null && performance.now() - forgottenSince > lastsMs)) {
      note(`no worker ${textOf(gone)}: this command brings one of its own`);
      return true;
    }
    if (silent.length > 0 && !told) note(`no worker ${textOf(silent)}; unless one comes, this command brings its own`);
    told = silent.length > 0;
  }
}

function textOf(silent: readonly QueueWorkers[]): string {
  return silent.map(({ queue, silentMs }) => (silentMs === Infinity ? `polls ${queue}` : `has polled ${queue} for ${Math.round(silentMs / 1000)} s`)).join(', none ');
}
