/** Every timeout, retry and cancellation of every activity, in one table; docs/architecture.md explains each. */
import { ActivityCancellationType, proxyActivities, type ActivityOptions } from '@temporalio/workflow';
import type { ComputeActivities, ControlActivities } from '../contracts/activities.js';
import { COMPUTE_QUEUE, CONTROL_QUEUE } from '../contracts/queues.js';

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

/**
 * Whose turn it is in the queues: the server gives every key that waits the same share, so that a cohort of many fits does not hold up one of
 * few. A cohort's workflow has its key, and its activities inherit it. Servers without fairness ignore it. At most 64 bytes; ids are ASCII, and end with what differs.
 */
export function fairnessKey(workflowId: string): string {
  return workflowId.slice(-64);
}

export const readingSteps = proxyActivities<Pick<ControlActivities, 'surveyCohort' | 'ingestShard' | 'readSpectra' | 'readSurface'>>(reading);
export const lightSteps = proxyActivities<Omit<ControlActivities, 'surveyCohort' | 'ingestShard' | 'readSpectra' | 'readSurface'>>(light);
export const fitSteps = proxyActivities<Pick<ComputeActivities, 'factorize'>>(fitting);
export const drawSteps = proxyActivities<Omit<ComputeActivities, 'factorize'>>(fitting);
