/** Activities of a workflow that have not ended: which run, which are tried again, and what was wrong with the last attempt. */
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { decodeArrayFromPayloads, decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { optionalTsToDate } from '@temporalio/common/lib/time.js';
import { describeFailure } from '../failure.js';

export interface PendingActivity {
  activity: string;
  /** An attempt runs at this moment. */
  running: boolean;
  /** When this attempt began, ISO; null: it waits. */
  since: string | null;
  attempt: number;
  /** 0: no limit. */
  maximumAttempts: number;
  /** What it said last, e.g. rank, passes, residual. */
  heartbeat: Record<string, unknown> | null;
  /** Of the attempt before this one; null: none failed. */
  failure: { code: string; message: string; remedy: string | null } | null;
  /** When the next attempt is, ISO; null: one runs, or waits for a worker. */
  nextAttempt: string | null;
}

/** PENDING_ACTIVITY_STATE_STARTED */
const STARTED = 2;

export async function pendingActivities(client: Client, description: WorkflowExecutionDescription): Promise<PendingActivity[]> {
  const converter = client.options.loadedDataConverter;
  return Promise.all((description.raw.pendingActivities ?? []).map(async (a): Promise<PendingActivity> => {
    const error = await decodeOptionalFailureToOptionalError(converter, a.lastFailure);
    const [heartbeat] = await decodeArrayFromPayloads(converter, a.heartbeatDetails?.payloads ?? []);
    const running = Number(a.state) === STARTED;
    const next = optionalTsToDate(a.nextAttemptScheduleTime);
    return {
      activity: a.activityType?.name ?? '', running, since: running ? (optionalTsToDate(a.lastStartedTime)?.toISOString() ?? null) : null,
      attempt: a.attempt ?? 1, maximumAttempts: a.maximumAttempts ?? 0, heartbeat: isRecord(heartbeat) ? heartbeat : null,
      failure: error === undefined ? null : causeOf(error), nextAttempt: !running && next !== undefined && next.getTime() > 0 ? next.toISOString() : null,
    };
  }));
}

function causeOf(error: Error): PendingActivity['failure'] {
  const { code, message, remedy } = describeFailure(error);
  return { code, message, remedy };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
