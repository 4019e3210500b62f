/** Triggering a sweep now, and waiting for what it says. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Client, ScheduleDescription, ScheduleHandle } from '@temporalio/client';
import { SulcusError } from '../../contracts/errors.js';
import { sweepOf, type LastSweep } from './standing.js';

const POLL_MS = 250;
/** A schedule takes a moment to act; without any sign after this long something is wrong with the server. */
const SIGN_MS = 30_000;
/**
 * The server names a sweep by the whole second it was asked for and drops a second one of the same name without a word (1.29, service/worker/scheduler:
 * startWorkflow), so two people who trigger at once may leave one without a sign. Asked again in another second, the server starts or skips.
 */
const ASK_AGAIN_MS = 3_000;

interface Sweep {
  workflowId: string;
  runId: string;
}

/**
 * Triggers the schedule and waits until the sweep has ended; null when interrupted. Where a sweep is under way already, that one is waited for: two at once
 * are one (overlap SKIP). Throws NO_SWEEP when the server starts none.
 */
export async function triggerSweep(client: Client, handle: ScheduleHandle, interrupted: AbortSignal): Promise<{ sweep: Omit<LastSweep, 'at'>; joined: boolean } | null> {
  const before = await handle.describe();
  await handle.trigger();
  const found = await firstSign(handle, before, interrupted);
  if (found === null) return null;
  while (!interrupted.aborted) {
    const sweep = await sweepOf(client, found.workflowId, found.runId);
    if (sweep.status !== 'running') return { sweep, joined: found.joined };
    await pause(POLL_MS, undefined, { signal: interrupted }).catch(() => undefined);
  }
  return null;
}

async function firstSign(handle: ScheduleHandle, before: ScheduleDescription, interrupted: AbortSignal): Promise<(Sweep & { joined: boolean }) | null> {
  const seen = new Set(sweepsOf(before).map((s) => s.runId));
  let asked = Date.now();
  for (const end = asked + SIGN_MS; !interrupted.aborted;) {
    const now = await handle.describe();
    const fresh = sweepsOf(now).find((s) => !seen.has(s.runId));
    if (fresh !== undefined) return { ...fresh, joined: false };
    if (now.info.numActionsSkippedOverlap > before.info.numActionsSkippedOverlap) {
      const other = sweepsOf(now).at(-1);
      if (other !== undefined) return { ...other, joined: true };
    }
    if (Date.now() > end) throw new SulcusError('NO_SWEEP', `the server started no sweep within ${SIGN_MS / 1000} s`, { remedy: '`sulcus schedule list` shows the state of the schedule' });
    if (Date.now() > asked + ASK_AGAIN_MS) {
      asked = Date.now();
      await handle.trigger();
    }
    await pause(POLL_MS, undefined, { signal: interrupted }).catch(() => undefined);
  }
  return null;
}

function sweepsOf({ info }: ScheduleDescription): Sweep[] {
  return info.recentActions.map(({ action: { workflow } }) => ({ workflowId: workflow.workflowId, runId: workflow.firstExecutionRunId }));
}
