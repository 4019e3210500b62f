/** The control worker: workflows and light I/O. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type NativeConnection, Worker, type WorkerInterceptors } from '@temporalio/worker';
import { createControlActivities, type ControlContext } from '../activities/index.js';
import { SulcusError } from '../contracts/errors.js';
import { CONTROL_QUEUE } from '../contracts/queues.js';
import { GRACE } from './shutdown.js';

export async function createControlWorker(connection: NativeConnection, namespace: string, context: ControlContext, interceptors: WorkerInterceptors): Promise<Worker> {
  const codePath = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));
  if (!existsSync(codePath)) throw new SulcusError('NOT_BUILT', 'dist/workflow-bundle.js does not exist', { remedy: 'run `npm run build`' });
  return Worker.create({
    connection, namespace, taskQueue: CONTROL_QUEUE, workflowBundle: { codePath }, activities: createControlActivities(context), interceptors,
    // Reading is CPU and disk on the main thread: two at a time overlap one's disk with the other's parsing.
    maxConcurrentActivityTaskExecutions: 4,
    maxCachedWorkflows: 100,
    ...GRACE,
  });
}
