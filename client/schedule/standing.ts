/** How a schedule stands: last, next, skipped, missed, running, paused. */
import type { Client, ScheduleDescription } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { SweepOutput } from '../../contracts/sweep.js';
import { describeFailure } from '../failure.js';
import { showPeriod } from './period.js';
import { inputOf } from './schedules.js';

export interface LastSweep {
  workflowId: string;
  runId: string;
  /** ISO time. */
  at: string;
  status: 'running' | 'done' | 'failed' | 'cancelled' | 'gone';
  /** What it said, or why it failed. */
  words: string;
  /** Null unless it is done. */
  output: SweepOutput | null;
}

export interface ScheduleStanding {
  schedule: string;
  study: string;
  file: string;
  out: string;
  everySeconds: number;
  settleSeconds: number;
  /** ISO time; null while paused. */
  next: string | null;
  last: LastSweep | null;
  /** Sweeps that were started. */
  taken: number;
  /** Left out because the sweep before was still going. */
  skipped: number;
  /** Left out because the server was down for more than the hour it catches up. */
  missed: number;
  running: boolean;
  paused: boolean;
  /** Why it is paused, or goes on again. */
  note: string | null;
}

export async function standingOf(client: Client, d: ScheduleDescription): Promise<ScheduleStanding> {
  const { study, file, out, settleSeconds } = inputOf(d), { info, state } = d;
  const action = info.recentActions.at(-1);
  const last = action === undefined ? null : { at: action.takenAt.toISOString(), ...(await sweepOf(client, action.action.workflow.workflowId, action.action.workflow.firstExecutionRunId)) };
  return {
    schedule: d.scheduleId, study, file, out, everySeconds: (d.spec.intervals?.[0]?.every ?? 0) / 1000, settleSeconds,
    next: state.paused ? null : info.nextActionTimes[0]?.toISOString() ?? null, last,
    taken: info.numActionsTaken, skipped: info.numActionsSkippedOverlap, missed: info.numActionsMissedCatchupWindow,
    running: last?.status === 'running', paused: state.paused, note: state.note === undefined || state.note === '' ? null : state.note,
  };
}

/** How a sweep ended; does not wait for one that runs. */
export async function sweepOf(client: Client, workflowId: string, runId: string): Promise<Omit<LastSweep, 'at'>> {
  const handle = client.workflow.getHandle(workflowId, runId), id = { workflowId, runId };
  try {
    const { status } = await handle.describe();
    if (status.name === 'RUNNING') return { ...id, status: 'running', words: 'under way', output: null };
    const output = (await handle.result()) as SweepOutput;
    return { ...id, status: 'done', words: output.words, output };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { ...id, status: 'gone', words: 'its history is not kept any more', output: null };
    const { code, message } = describeFailure(error);
    return { ...id, status: code === 'CANCELLED' ? 'cancelled' : 'failed', words: code === 'CANCELLED' ? 'cancelled' : message, output: null };
  }
}

/** A few lines for a person. */
export function standingLines(s: ScheduleStanding, now: Date): string[] {
  const when = s.paused ? `paused${s.note === null ? '' : ` (${s.note})`}` : s.next === null ? 'no next sweep' : `next ${minute(s.next)} (in ${showPeriod((Date.parse(s.next) - now.getTime()) / 1000)})`;
  const lines = [`${s.schedule}: every ${showPeriod(s.everySeconds)}, ${when}; ${s.taken} taken, ${s.skipped} skipped, ${s.missed} missed`];
  if (s.last === null) lines.push('  last: none yet');
  else {
    const [first = '', ...more] = saidLines(s.last);
    lines.push(`  last ${minute(s.last.at)}: ${first}`, ...more.map((line) => `    ${line}`));
  }
  return lines;
}

/** The verdict and its words; the verdict is not said twice. */
export function saidLines({ words, output, status }: Omit<LastSweep, 'at'>): string[] {
  const verdict = output?.verdict ?? status;
  return (words.startsWith(verdict.replace('-', ' ')) ? words : `${verdict}: ${words}`).split('\n');
}

/** `2026-01-31T02:30Z`. */
export const minute = (iso: string): string => `${iso.slice(0, 16)}Z`;
