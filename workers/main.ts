/** A worker process: `node dist/workers/main.js --store FOLDER [--role control|compute|all] [--threads N]`. The server comes from TEMPORAL_*. */
import { join } from 'node:path';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, type Worker } from '@temporalio/worker';
import { FileStore } from '../storage/file-store.js';
import { readWorkerOptions } from './args.js';
import { createComputeWorker } from './compute.js';
import { createControlWorker } from './control.js';
import { readHealthOptions, serveHealth } from './health.js';
import { createLogger, installRuntime } from './runtime.js';
import { askedToLeave } from './shutdown.js';
import { FitPool } from './threads/pool.js';
import { TaskPool } from './threads/task-pool.js';
import { packageVersion } from './version.js';

/** The TEMPORAL_* variables that the parent sends once it knows them. Never resolves when the parent goes away: the process then ends. */
function serverFromParent(): Promise<Record<string, string>> {
  process.once('disconnect', () => process.exit(0));
  return new Promise((resolve) => process.once('message', (message) => {
    process.removeAllListeners('disconnect');
    resolve((message as { env: Record<string, string> }).env);
  }));
}

async function main(): Promise<void> {
  const options = readWorkerOptions(process.argv.slice(2));
  const log = createLogger('sulcus-worker');
  installRuntime(log);
  if (options.awaitServer) Object.assign(process.env, await serverFromParent());
  const workers: Worker[] = [];
  const healthOptions = readHealthOptions();
  const health = healthOptions === null ? null : await serveHealth(healthOptions, () => workers.map((w) => w.getState()));
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig({});
  const connection = await NativeConnection.connect(connectionOptions);
  const store = new FileStore(join(options.store));
  const pool = new FitPool(options.threads), tasks = new TaskPool();
  if (options.role !== 'compute') workers.push(await createControlWorker(connection, namespace, { store, version: packageVersion() }));
  if (options.role !== 'control') workers.push(await createComputeWorker(connection, namespace, { store, fits: pool, tasks }, options.threads));
  const leaving = askedToLeave().then((why) => { log.info({ why }, 'worker leaves'); for (const w of workers) w.shutdown(); });
  const running = Promise.all(workers.map((w) => w.run()));
  log.info({ role: options.role, threads: options.threads, ...(health === null ? {} : { healthPort: health.port }) }, 'worker runs');
  process.send?.({ type: 'ready' });
  // A worker that fails takes the process down; one that was asked to leave ends it cleanly.
  await Promise.race([running, leaving.then(() => running)]);
  await health?.close();
  await Promise.all([pool.close(), tasks.close()]);
  await connection.close();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`sulcus worker: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
