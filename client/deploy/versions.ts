/** Versions of workers that the server knows, and which of them begins new studies. */
import type { Client } from '@temporalio/client';
import { SulcusError } from '../../contracts/errors.js';

/** `current`: new studies begin on it. `draining`: its studies go on, new ones do not come. `drained`: its workers may be stopped. */
export type VersionStatus = 'inactive' | 'current' | 'ramping' | 'draining' | 'drained' | 'unknown';

export interface DeploymentVersion {
  deployment: string;
  buildId: string;
  status: VersionStatus;
  /** ISO time of its first worker; null when the server does not say. */
  created: string | null;
}

/** As the server's protocol numbers them. */
const STATUS: Record<number, VersionStatus> = { 1: 'inactive', 2: 'current', 3: 'ramping', 4: 'draining', 5: 'drained', 6: 'inactive' };
/** gRPC codes: nothing of that name; not in the state that it takes; not to be had here. */
const NOT_FOUND = 5, FAILED_PRECONDITION = 9, UNIMPLEMENTED = 12;

/** Versions of one deployment, or of all, newest first. Throws NO_DEPLOYMENT. */
export async function listVersions(client: Client, name: string | undefined): Promise<DeploymentVersion[]> {
  const names = name === undefined ? await deployments(client) : [name];
  const lists = await Promise.all(names.map(async (deploymentName) => {
    const { workerDeploymentInfo } = await client.workflowService.describeWorkerDeployment({ namespace: client.options.namespace, deploymentName }).catch((error: unknown) => refused(error, deploymentName));
    const current = workerDeploymentInfo?.routingConfig?.currentDeploymentVersion?.buildId;
    return (workerDeploymentInfo?.versionSummaries ?? []).map(({ deploymentVersion, status, createTime }): DeploymentVersion => {
      const buildId = deploymentVersion?.buildId ?? '';
      const seconds = createTime == null ? null : Number(createTime.seconds);
      return { deployment: deploymentName, buildId, status: buildId === current ? 'current' : (STATUS[status ?? 0] ?? 'unknown'), created: seconds === null ? null : new Date(seconds * 1000).toISOString() };
    });
  }));
  return lists.flat().sort((a, b) => a.deployment.localeCompare(b.deployment) || (b.created ?? '').localeCompare(a.created ?? ''));
}

/** New studies begin on this version from now on; the server refuses one whose workers do not serve every queue that the present one serves. Throws NO_DEPLOYMENT, NOT_READY. */
export async function promote(client: Client, deploymentName: string, buildId: string): Promise<void> {
  await client.workflowService.setWorkerDeploymentCurrentVersion({ namespace: client.options.namespace, deploymentName, buildId, identity: 'sulcus deploy' })
    .catch((error: unknown) => refused(error, deploymentName));
}

async function deployments(client: Client): Promise<string[]> {
  const { workerDeployments } = await client.workflowService.listWorkerDeployments({ namespace: client.options.namespace, pageSize: 100 }).catch((error: unknown) => refused(error, null));
  return (workerDeployments ?? []).map((d) => d.name ?? '').filter((n) => n !== '');
}

function refused(error: unknown, deployment: string | null): never {
  const { code, details = '' } = error as { code?: number; details?: string };
  if (code === UNIMPLEMENTED) throw new SulcusError('NO_VERSIONING', 'this server knows no versions of workers', { remedy: 'use a Temporal server of 1.28 or newer', cause: error });
  if (code === NOT_FOUND) throw new SulcusError('NO_DEPLOYMENT', `no worker of ${deployment ?? 'a deployment'} has come to this server: ${details}`, { remedy: `start workers with --deployment ${deployment ?? 'NAME'}, or see \`sulcus deploy status\``, cause: error });
  if (code === FAILED_PRECONDITION) throw new SulcusError('NOT_READY', `the version cannot take new studies yet: ${details}`, { remedy: 'start workers of it for both queues (--role control and --role compute) first', cause: error });
  throw error;
}
