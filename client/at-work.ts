/** Who works on a server: workers are known there by their polls, and by the steps they are at. */
import type { Client } from '@temporalio/client';
import { PARTICIPANT_WORKFLOW } from '../contracts/pipeline-workflows.js';
import { COMPUTE_QUEUE, CONTROL_QUEUE, TOOLS_QUEUE } from '../contracts/queues.js';

/** A worker at work polls again within this time: a poll lasts a minute, and the server notes when it begins and when it ends. */
export const POLL_LASTS_MS = 62_000;
/**
 * For this long after its last poll a worker is taken for present. Measured: the last poll of an idle worker is up to 59.0 s old, that of a killed one
 * ages from its death and is listed for 5 min (docs/operations.md). What is more than a minute is for clocks that differ: the server's time is compared with ours.
 */
export const POLL_COUNTS_MS = 90_000;

/** What a server tells of a worker that polls a queue. */
export interface Poll {
  identity?: string | null;
  lastAccessTime?: { seconds?: { toString(): string } | null; nanos?: number | null } | null;
}

export interface QueueWorkers {
  queue: string;
  /** Identities of the workers taken for present. */
  workers: string[];
  /** Since anybody polled, or was at a step (ms); Infinity: the server remembers nobody. */
  silentMs: number;
}

/** The rule. `now`: ms since 1970. */
export function presentWorkers(queue: string, polls: readonly Poll[], now: number, countsMs = POLL_COUNTS_MS): QueueWorkers {
  const ages = polls.map(({ lastAccessTime: at }) => (at == null ? Infinity : now - Number(at.seconds ?? 0) * 1000 - (at.nanos ?? 0) / 1e6));
  return { queue, workers: polls.filter((_, i) => (ages[i] as number) < countsMs).map((p) => p.identity ?? ''), silentMs: Math.max(0, Math.min(Infinity, ...ages)) };
}

/** TASK_QUEUE_TYPE_WORKFLOW, TASK_QUEUE_TYPE_ACTIVITY */
const WORKFLOWS = 1, ACTIVITIES = 2;

interface Queue {
  name: string;
  polledFor: typeof WORKFLOWS | typeof ACTIVITIES;
  /** Workflows whose steps may take all of a worker, which then does not poll, for hours if need be: it is found by these steps. */
  busyFor: readonly string[];
}

const CONTROL: Queue = { name: CONTROL_QUEUE, polledFor: WORKFLOWS, busyFor: [] };
const COMPUTE: Queue = { name: COMPUTE_QUEUE, polledFor: ACTIVITIES, busyFor: ['cohortWorkflow', 'studyWorkflow'] };
const TOOLS: Queue = { name: TOOLS_QUEUE, polledFor: ACTIVITIES, busyFor: [PARTICIPANT_WORKFLOW] };

/** How long a poll lasts and counts; others than these for tests. */
interface Times {
  lastsMs?: number;
  countsMs?: number;
}

/** For the queues of control and compute, who works. */
export function whoWorks(client: Client, times: Times = {}): Promise<QueueWorkers[]> {
  return Promise.all([CONTROL, COMPUTE].map((queue) => workersOf(client, queue, times)));
}

/** Who runs programs of pipelines. */
export function whoRunsPrograms(client: Client, times: Times = {}): Promise<QueueWorkers> {
  return workersOf(client, TOOLS, times);
}

async function workersOf(client: Client, { name, polledFor, busyFor }: Queue, { lastsMs = POLL_LASTS_MS, countsMs = POLL_COUNTS_MS }: Times): Promise<QueueWorkers> {
  const { workflowService, options: { namespace } } = client;
  const { pollers } = await workflowService.describeTaskQueue({ namespace, taskQueue: { name }, taskQueueType: polledFor });
  const found = presentWorkers(name, pollers ?? [], Date.now(), countsMs);
  if (busyFor.length === 0 || found.silentMs <= lastsMs) return found;
  const busy = await atSteps(client, name, busyFor);
  return busy.length === 0 ? found : { queue: name, workers: [...new Set([...found.workers, ...busy])], silentMs: 0 };
}

export function areAllServed(found: readonly QueueWorkers[]): boolean {
  return found.every(({ workers }) => workers.length > 0);
}

/** PENDING_ACTIVITY_STATE_STARTED */
const STARTED = 2;

/** Workers that are at steps of a queue: of one workflow, the first that has some. The server takes a step from a worker that is silent for 30 s. */
async function atSteps(client: Client, queue: string, workflows: readonly string[]): Promise<string[]> {
  const types = workflows.map((type) => `WorkflowType = "${type}"`).join(' OR ');
  for await (const { workflowId, runId } of client.workflow.list({ query: `ExecutionStatus = "Running" AND (${types})` })) {
    const { raw } = await client.workflow.getHandle(workflowId, runId).describe();
    const steps = (raw.pendingActivities ?? []).filter((a) => Number(a.state) === STARTED && a.activityOptions?.taskQueue?.name === queue);
    if (steps.length > 0) return [...new Set(steps.map((a) => a.lastWorkerIdentity ?? ''))];
  }
  return [];
}
