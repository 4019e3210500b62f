/** The tools worker: programs of others, as many as the cores and the memory of this machine allow. */
import { type NativeConnection, Worker, type WorkerInterceptors, type WorkerOptions } from '@temporalio/worker';
import { createToolsActivities, type ToolsContext } from '../activities/index.js';
import { TOOLS_QUEUE } from '../contracts/queues.js';
import type { Deployment } from './args.js';
import { GRACE } from './shutdown.js';
import type { ToolSlots } from './slots.js';
import { ToolsIntake } from './tools-intake.js';
import { versioning } from './version.js';

export function createToolsWorker(connection: NativeConnection, namespace: string, context: Omit<ToolsContext, 'slots'>, slots: ToolSlots, interceptors: WorkerInterceptors, deployment: Deployment | null = null, protection: Pick<WorkerOptions, 'dataConverter' | 'identity'> = {}): Promise<Worker> {
  const none = { type: 'fixed-size', numSlots: 1 } as const; // of a kind that is not polled for
  return Worker.create({
    connection, namespace, taskQueue: TOOLS_QUEUE, activities: createToolsActivities({ ...context, slots }), interceptors, ...protection,
    tuner: { activityTaskSlotSupplier: new ToolsIntake(slots), workflowTaskSlotSupplier: none, localActivityTaskSlotSupplier: none, nexusTaskSlotSupplier: none },
    activityTaskPollerBehavior: { type: 'simple-maximum', maximum: 1 },
    // The server's copy of a heartbeat is at most this old; cancellation reaches a program with it.
    maxHeartbeatThrottleInterval: '2s', defaultHeartbeatThrottleInterval: '2s',
    ...GRACE, ...versioning(deployment),
  });
}
