/** What a run left in Temporal: events, sizes, payloads, and when its activities ran. */
import { Client, Connection } from '@temporalio/client';
import type { Interval } from './intervals.js';

export interface WorkflowFigures {
  workflowId: string;
  events: number;
  /** Bytes, as the server counts them. */
  historyBytes: number;
  largestPayload: { bytes: number; event: string };
  run: Interval;
  activities: ActivityRun[];
}

/** Of the last attempt: `start` when a worker took it, `end` when it was done. */
export interface ActivityRun extends Interval {
  type: string;
  queue: string;
  scheduled: number;
}

interface Timestamp { seconds?: { toString(): string } | null; nanos?: number | null }
interface HistoryEvent { eventId?: unknown; eventTime?: Timestamp | null; [attributes: string]: unknown }

/** The study's figures first, then its cohorts'. */
export async function readHistories(address: string, workflowId: string, runId: string): Promise<WorkflowFigures[]> {
  const connection = await Connection.connect({ address });
  try {
    const client = new Client({ connection });
    const study = await readOne(client, workflowId, runId);
    const cohorts: WorkflowFigures[] = [];
    for (const child of study.children) cohorts.push((await readOne(client, child.workflowId, child.runId)).figures);
    return [study.figures, ...cohorts];
  } finally {
    await connection.close();
  }
}

interface Child { workflowId: string; runId: string }

async function readOne(client: Client, workflowId: string, runId: string): Promise<{ figures: WorkflowFigures; children: Child[] }> {
  const handle = client.workflow.getHandle(workflowId, runId);
  const { historySize, startTime, closeTime } = await handle.describe();
  const events = ((await handle.fetchHistory()).events ?? []) as unknown as HistoryEvent[];
  const largestPayload = events.map((event) => ({ bytes: largest(event), event: nameOf(event) })).reduce((a, b) => (b.bytes > a.bytes ? b : a));
  const children = events.flatMap((e) => {
    const started = e['childWorkflowExecutionStartedEventAttributes'] as { workflowExecution?: Child } | null | undefined;
    return started?.workflowExecution ? [started.workflowExecution] : [];
  });
  const run = { start: startTime.getTime(), end: (closeTime ?? new Date()).getTime() };
  return { children, figures: { workflowId, events: events.length, historyBytes: historySize ?? 0, largestPayload, run, activities: activityRuns(events) } };
}

function activityRuns(events: HistoryEvent[]): ActivityRun[] {
  const scheduled = new Map<string, { type: string; queue: string; at: number }>(), started = new Map<string, number>();
  const runs: ActivityRun[] = [];
  for (const event of events) {
    const at = millis(event.eventTime);
    const a = event['activityTaskScheduledEventAttributes'] as { activityType?: { name: string }; taskQueue?: { name: string } } | null | undefined;
    if (a) scheduled.set(String(event.eventId), { type: a.activityType?.name ?? '', queue: a.taskQueue?.name ?? '', at });
    const taken = event['activityTaskStartedEventAttributes'] as { scheduledEventId?: unknown } | null | undefined;
    if (taken) started.set(String(taken.scheduledEventId), at);
    const done = event['activityTaskCompletedEventAttributes'] as { scheduledEventId?: unknown } | null | undefined;
    const of = done && scheduled.get(String(done.scheduledEventId));
    if (of) runs.push({ type: of.type, queue: of.queue, scheduled: of.at, start: started.get(String(done.scheduledEventId)) ?? of.at, end: at });
  }
  return runs;
}

function millis(time: Timestamp | null | undefined): number {
  return Number(time?.seconds?.toString() ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6;
}

function nameOf(event: HistoryEvent): string {
  const key = Object.keys(event).find((k) => k.endsWith('EventAttributes') && event[k] != null);
  return key?.replace('EventAttributes', '') ?? 'unknown';
}

/** Bytes of the largest payload anywhere in an event: arguments, results, memos, failures, search attributes, summaries. */
function largest(value: unknown): number {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return 0;
  const { data } = value as { data?: unknown };
  const own = data instanceof Uint8Array ? data.length : 0;
  return Object.values(value).reduce<number>((most, v) => Math.max(most, largest(v)), own);
}
