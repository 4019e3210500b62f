/** The control worker: workflows and light I/O. */
import { existsSync, readFileSync } from 'node:fs';
import { type NativeConnection, Worker, type WorkerInterceptors, type WorkerOptions } from '@temporalio/worker';
import { createControlActivities, type ControlContext } from '../activities/index.js';
import { SulcusError } from '../contracts/errors.js';
import { CONTROL_QUEUE } from '../contracts/queues.js';
import { encodingFailures } from '../security/index.js';
import type { Deployment } from './args.js';
import { GRACE } from './shutdown.js';
import { versioning, WORKFLOW_BUNDLE } from './version.js';

/** Workflows kept in memory between their steps; 0 replays them at every step. */
const CACHED_WORKFLOWS = 100;

export async function createControlWorker(connection: NativeConnection, namespace: string, context: ControlContext, interceptors: WorkerInterceptors, deployment: Deployment | null = null, protection: Pick<WorkerOptions, 'dataConverter' | 'identity'> = {}): Promise<Worker> {
  const codePath = WORKFLOW_BUNDLE;
  if (!existsSync(codePath)) throw new SulcusError('NOT_BUILT', 'dist/workflow-bundle.js does not exist', { remedy: 'run `npm run build`' });
  const workflowBundle = protection.dataConverter?.payloadCodecs === undefined ? { codePath } : { code: encodingFailures(readFileSync(codePath, 'utf8')) };
  return Worker.create({
    connection, namespace, taskQueue: CONTROL_QUEUE, workflowBundle, activities: createControlActivities(context), interceptors, ...protection,
    // Reading is CPU and disk on the main thread: two at a time overlap one's disk with the other's parsing.
    maxConcurrentActivityTaskExecutions: 4,
    maxCachedWorkflows: Number(process.env['SULCUS_CACHED_WORKFLOWS'] ?? CACHED_WORKFLOWS),
    ...GRACE, ...versioning(deployment),
  });
}
