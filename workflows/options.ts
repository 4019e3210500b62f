/** Every timeout, retry and cancellation of every activity, in one table; docs/architecture.md explains each. */
import { ActivityCancellationType, proxyActivities, type ActivityOptions } from '@temporalio/workflow';
import type { ComputeActivities, ControlActivities } from '../contracts/activities.js';
import { TRIED_AGAIN, type ToolsActivities } from '../contracts/pipeline-activities.js';
import type { StepNeeds } from '../contracts/pipelines.js';
import { COMPUTE_QUEUE, CONTROL_QUEUE, TOOLS_QUEUE } from '../contracts/queues.js';

/**
 * Ten attempts with growing pauses: a worker's shutdown costs an attempt, so three would be too few. What cannot get better (bad input)
 * is marked non-retryable where it is thrown.
 */
const RETRY = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m', maximumAttempts: 10 } as const;

/** Reads files: beats after each subject. */
const reading: ActivityOptions = { taskQueue: CONTROL_QUEUE, startToCloseTimeout: '2h', heartbeatTimeout: '30s', retry: RETRY, cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED };

/** Short: seconds, on a busy machine perhaps a minute. The worker beats for them while they run, so that one lost with its worker is given to another soon. */
const light: ActivityOptions = { taskQueue: CONTROL_QUEUE, startToCloseTimeout: '10m', heartbeatTimeout: '15s', retry: RETRY, cancellationType: ActivityCancellationType.TRY_CANCEL };

/** Fits, and what is drawn many times (surrogates, resamples): hours on a whole cortex. A silent worker is given up after 30 s; waiting in the queue is normal and has no limit. */
const fitting: ActivityOptions = { taskQueue: COMPUTE_QUEUE, startToCloseTimeout: '24h', heartbeatTimeout: '30s', retry: RETRY, cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED };

/** Asks programs for their versions: seconds. */
const asking: ActivityOptions = { ...light, taskQueue: TOOLS_QUEUE };

/** Programs of others: as long as the step may take (`limitOf`). Beaten for while the program lives; what it does is watched by the step's own limits. */
const command: ActivityOptions = {
  taskQueue: TOOLS_QUEUE, startToCloseTimeout: '24h', heartbeatTimeout: '30s', retry: { ...RETRY, nonRetryableErrorTypes: TRIED_AGAIN },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
};

/** Beyond the step's own time: reading its inputs, and waiting on its machine until cores and memory are free. */
const WAITING_SECONDS = 24 * 3600;

/** Milliseconds that an attempt of a step may take. */
export const limitOf = ({ seconds }: StepNeeds): number => (seconds + WAITING_SECONDS) * 1000;

/** Draws one participant's contact sheet: seconds. It waits on its machine until a core is free. */
const drawing: ActivityOptions = { ...command, startToCloseTimeout: '24h' };

/**
 * Whose turn it is in the queues: the server gives every key that waits the same share, so that a cohort of many fits does not hold up one of
 * few. A cohort's workflow has its key, and its activities inherit it. Servers without fairness ignore it. At most 64 bytes; ids are ASCII, and end with what differs.
 */
export function fairnessKey(workflowId: string): string {
  return workflowId.slice(-64);
}

type Reading = 'planPipeline' | 'surveyCohort' | 'ingestShard' | 'readSpectra' | 'readSurface';

export const readingSteps = proxyActivities<Pick<ControlActivities, Reading>>(reading);
export const lightSteps = proxyActivities<Omit<ControlActivities, Reading>>(light);
export const fitSteps = proxyActivities<Pick<ComputeActivities, 'factorize'>>(fitting);
export const drawSteps = proxyActivities<Omit<ComputeActivities, 'factorize'>>(fitting);
export const programSteps = proxyActivities<Pick<ToolsActivities, 'findPrograms'>>(asking);
export const commandSteps = proxyActivities<Pick<ToolsActivities, 'runCommand'>>(command);
export const reviewSteps = proxyActivities<Pick<ToolsActivities, 'reviewStep'>>(drawing);
