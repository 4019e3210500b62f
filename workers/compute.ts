/** The compute worker: fits, surrogates and resamples, one a thread, so that a core is never asked for two. */
import { type NativeConnection, Worker, type WorkerInterceptors, type WorkerOptions } from '@temporalio/worker';
import { createComputeActivities, type ComputeContext } from '../activities/index.js';
import { COMPUTE_QUEUE } from '../contracts/queues.js';
import type { Deployment } from './args.js';
import { GRACE } from './shutdown.js';
import { versioning } from './version.js';

export function createComputeWorker(connection: NativeConnection, namespace: string, context: ComputeContext, threads: number, interceptors: WorkerInterceptors, deployment: Deployment | null = null, protection: Pick<WorkerOptions, 'dataConverter' | 'identity'> = {}): Promise<Worker> {
  return Worker.create({
    connection, namespace, taskQueue: COMPUTE_QUEUE, activities: createComputeActivities(context), interceptors, ...protection,
    maxConcurrentActivityTaskExecutions: threads,
    maxConcurrentActivityTaskPolls: 2,
    // The server's copy of a heartbeat is at most this old; cancellation reaches a fit with it.
    maxHeartbeatThrottleInterval: '2s', defaultHeartbeatThrottleInterval: '2s',
    ...GRACE, ...versioning(deployment),
  });
}
