/** Others work on a foreign server: this command looks whether they still do, and brings a worker of its own when they surely do not. */
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { POLL_COUNTS_MS, POLL_LASTS_MS, whoRunsPrograms, whoWorks, type QueueWorkers } from './at-work.js';

const LOOK_MS = 10_000;

export interface StandInOptions {
  over: AbortSignal;
  note: (line: string) => void;
  /** Whether this machine has the programs of the study's pipelines. Absent: the study has none, and nobody is needed who runs programs. */
  programs?: () => Promise<boolean>;
  /** How long a poll lasts and counts, and the time between two looks; for tests. */
  lastsMs?: number;
  countsMs?: number;
  lookMs?: number;
}

/**
 * Resolves to true when nobody works at one of the queues any more, to false when it is over. Tells once before, when a poll is overdue.
 * Of programs, only one whose last worker is gone counts, and only where this machine has them all: a study that waits is better than one that ends for want of them.
 */
export async function untilNobodyWorks(client: Client, { over, note, programs, lastsMs = POLL_LASTS_MS, countsMs = POLL_COUNTS_MS, lookMs = LOOK_MS }: StandInOptions): Promise<boolean> {
  setMaxListeners(0, over); // every look listens to it
  let told = false, toldOfPrograms = false, forgottenSince: number | null = null;
  for (;;) {
    await pause(lookMs, undefined, { signal: over, ref: false }).catch(() => undefined); // over: seen below
    if (over.aborted) return false;
    const times = { lastsMs, countsMs }, look = async (): Promise<[QueueWorkers[], QueueWorkers | null]> => Promise.all([whoWorks(client, times), programs === undefined ? null : whoRunsPrograms(client, times)]);
    const looked = await client.connection.withAbortSignal(over, look).catch(() => null); // an outage of the server is told by whoever follows a study
    if (over.aborted) return false;
    if (looked === null) continue;
    const [found, tools] = looked;
    if (tools !== null && tools.workers.length === 0 && tools.silentMs < Infinity && !toldOfPrograms) {
      if (await programs?.()) {
        note(`no worker ${textOf([tools])}: this command brings one of its own`);
        return true;
      }
      note(`no worker ${textOf([tools])}, and not all programs of the study's pipelines are on this machine: it waits at them until \`sulcus worker --role tools\` runs where they are`);
    }
    toldOfPrograms = tools !== null && tools.workers.length === 0;
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
