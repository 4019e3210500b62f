/** What runs here: the version of sulcus, and of the code that studies are bound to. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { WorkerDeploymentOptions } from '@temporalio/worker';
import type { Deployment } from './args.js';

/** Workflow code, as `tools/build.mjs` bundled it. */
export const WORKFLOW_BUNDLE = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));

/** Version of sulcus, from package.json beside dist/. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  return version;
}

/** `0.1.0-1f2e3d4c5b6a`: the version, and a digest of the workflow code, which changes exactly when a history might not replay. */
export function ownBuildId(): string {
  return `${packageVersion()}-${createHash('sha256').update(readFileSync(WORKFLOW_BUNDLE)).digest('hex').slice(0, 12)}`;
}

/** What a worker tells the server about its version; nothing unless it belongs to a deployment. Workflows end on the version they began on. */
export function versioning(deployment: Deployment | null): { workerDeploymentOptions?: WorkerDeploymentOptions } {
  if (deployment === null) return {};
  const version = { deploymentName: deployment.name, buildId: deployment.buildId ?? ownBuildId() };
  return { workerDeploymentOptions: { version, useWorkerVersioning: true, defaultVersioningBehavior: 'PINNED' } };
}
