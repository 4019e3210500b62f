/** What an engineer would measure of workflows' histories: events, the largest payload, when activities waited and started. */
import { Client, Connection } from '@temporalio/client';
import { acquireServer } from '../../client/temporal/index.js';

export interface ActivityTimes {
  type: string;
  /** Milliseconds since 1970. */
  scheduled: number;
  /** Null while it waits. */
  started: number | null;
}

export interface HistoryFigures {
  workflowId: string;
  type: string;
  status: string;
  events: number;
  /** Bytes of the largest payload: argument, result or detail. */
  largestPayload: number;
  activities: ActivityTimes[];
}

/** Figures of every workflow of a state folder; its server is started if it does not run. */
export async function historyFigures(state: string): Promise<HistoryFigures[]> {
  const server = await acquireServer(state);
  const connection = await Connection.connect({ address: server.address });
  try {
    const client = new Client({ connection }), figures: HistoryFigures[] = [];
    for await (const { workflowId, runId, type, status } of client.workflow.list()) {
      const events = (await client.workflow.getHandle(workflowId, runId).fetchHistory()).events ?? [];
      const activities = new Map<string, ActivityTimes>();
      for (const e of events) {
        const scheduled = e.activityTaskScheduledEventAttributes, started = e.activityTaskStartedEventAttributes;
        if (scheduled) activities.set(String(e.eventId), { type: scheduled.activityType?.name ?? '', scheduled: milliseconds(e.eventTime), started: null });
        const mine = started ? activities.get(String(started.scheduledEventId)) : undefined;
        if (mine) mine.started = milliseconds(e.eventTime);
      }
      figures.push({ workflowId, type, status: status.name, events: events.length, largestPayload: Math.max(0, ...events.map(largest)), activities: [...activities.values()] });
    }
    return figures;
  } finally {
    await connection.close();
    await server.release();
  }
}

function milliseconds(time: { seconds?: unknown; nanos?: number | null } | null | undefined): number {
  return Number(time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6;
}

/** Bytes of the largest `data` of a payload anywhere in it. */
function largest(value: unknown): number {
  if (value instanceof Uint8Array) return value.length;
  if (value === null || typeof value !== 'object') return 0;
  return Math.max(0, ...Object.values(value).map(largest));
}
