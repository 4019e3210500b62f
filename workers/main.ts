/**
 * A worker process: `node dist/workers/main.js --store FOLDER|s3://BUCKET/PREFIX [--state FOLDER] [--role control|compute|tools|all] [--threads N] [--tool-cores N]
 * [--tool-memory GIB] [--metrics-port N] [--health-port N] [--deployment NAME [--build-id ID]]`.
 * The server comes from TEMPORAL_*.
 */
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, type Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import { SulcusError } from '../contracts/errors.js';
import { admitKeys, dataConverterOf, identityWith, keysOf, overObjects, pseudonymKey } from '../security/index.js';
import { shortName } from '../storage/errors.js';
import { isS3 } from '../storage/location.js';
import { openStore } from '../storage/open.js';
import { readWorkerOptions, type Listen, type WorkerOptions, type WorkerRole } from './args.js';
import { createComputeWorker } from './compute.js';
import { createControlWorker } from './control.js';
import { fitsCheck, objectsCheck, storeCheck, STUCK_SECONDS, temporalCheck, watch, type Sickness } from './health-checks.js';
import { serveHealth, type Standing } from './health.js';
import { LogFile } from './log-file.js';
import { Redactor } from './log-redact.js';
import { createLog, standardError } from './log.js';
import { observeActivities } from './metrics-activity.js';
import { ObservedFits } from './metrics-fits.js';
import { sampleProcess } from './metrics-process.js';
import { observeStore } from './metrics-store.js';
import { installRuntime } from './runtime.js';
import { askedToLeave } from './shutdown.js';
import { ToolSlots } from './slots.js';
import { createToolsWorker } from './tools.js';
import { Unreadable } from './unreadable.js';
import { FitPool } from './threads/pool.js';
import { TaskPool } from './threads/task-pool.js';
import { ownBuildId, packageVersion } from './version.js';

/** The TEMPORAL_* variables that the parent sends once it knows them. Never resolves when the parent goes away: the process then ends. */
function serverFromParent(): Promise<Record<string, string>> {
  process.once('disconnect', () => process.exit(0));
  return new Promise((resolve) => process.once('message', (message) => {
    process.removeAllListeners('disconnect');
    resolve((message as { env: Record<string, string> }).env);
  }));
}

/** A command's own worker logs to `worker.log`; long-lived ones of several machines may share the folder. */
function openLog(options: WorkerOptions): { log: Logger; redactor: Redactor | null } {
  const { state } = options;
  const program = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
  const redactor = options.identifiers ? null : new Redactor(pseudonymKey(state), [{ folder: state, label: '<state>' }, { folder: program, label: '<sulcus>' }]);
  const file = new LogFile(join(options.logs, options.awaitServer ? 'worker.log' : `worker-${options.role}-${hostname()}.log`));
  return { log: createLog({ name: 'sulcus-worker', sinks: options.awaitServer ? [file] : [file, standardError()], redactor }), redactor };
}

async function main(): Promise<void> {
  const options = readWorkerOptions(process.argv.slice(2));
  const keys = keysOf();
  admitKeys(options.state, keys);
  const { log, redactor } = openLog(options);
  /** A port that is taken ends a long-lived worker, which was asked to serve there; a command's own worker works without. */
  const serving = async <T>(what: string, listen: Listen | null, serve: (at: Listen | null) => T | Promise<T>): Promise<T> => {
    try {
      return await serve(listen);
    } catch (error) {
      if (listen === null || !options.awaitServer) throw error;
      log.warn({ failure: error instanceof Error ? error.message : String(error) }, `${what} not served`);
      return serve(null);
    }
  };
  const metrics = await serving('metrics are', options.metrics, (at) => installRuntime(log, at));
  const workers: Worker[] = [];
  const fits = new ObservedFits(new FitPool(options.threads), metrics), tasks = new TaskPool(), slots = new ToolSlots(options.tools);
  let sickness: Sickness | null = null;
  const standing = (): Standing => {
    const { progressAge } = fits.standing();
    return { workers: workers.map((w) => w.getState()), sickness, stuck: progressAge > STUCK_SECONDS ? `a fit thread has not moved for ${Math.round(progressAge)} s` : null };
  };
  const health = await serving('health is', options.health, (at) => (at === null ? null : serveHealth(at, standing)));

  if (options.awaitServer) Object.assign(process.env, await serverFromParent());
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig({});
  const connection = await NativeConnection.connect(connectionOptions);
  const artifacts = await openStore(options.store, { over: overObjects(), onDamage: ({ name, what }) => log.warn({ object: shortName(name), failure: what }, 'damaged in the artifact store: set aside, and made again when it is needed') });
  const store = observeStore(artifacts, metrics, redactor);
  const interceptors = { activity: [observeActivities(metrics, log)] };
  const unreadable = new Unreadable((error) => log.error({ code: error.code, failure: error.message }, 'a payload cannot be read'));
  const protection = { dataConverter: dataConverterOf(keys, unreadable.tell), identity: identityWith(`${process.pid}@${hostname()}`, keys) };
  const serves = (role: WorkerRole): boolean => options.role === 'all' || options.role === role;
  workers.push(...await Promise.all([
    ...(serves('control') ? [createControlWorker(connection, namespace, { store, version: packageVersion(), tasks }, interceptors, options.deployment, protection)] : []),
    ...(serves('compute') ? [createComputeWorker(connection, namespace, { store, fits, tasks }, options.threads, interceptors, options.deployment, protection)] : []),
    ...(serves('tools') ? [createToolsWorker(connection, namespace, { store }, slots, interceptors, options.deployment, protection)] : []),
  ]));
  const leaving = askedToLeave().then((why) => { log.info({ why }, 'worker leaves'); for (const w of workers) w.shutdown(); });
  const running = Promise.all(workers.map((w) => w.run()));
  const checks = [temporalCheck(connection, namespace), isS3(options.store) ? objectsCheck(artifacts.objects) : storeCheck(options.store, (bytes) => metrics.set('sulcus_store_free_bytes', bytes)), fitsCheck(() => fits.standing()), unreadable.check];
  const unwatch = health === null && !metrics.enabled ? () => undefined : watch(checks, (found) => {
    for (const [name, reason] of Object.entries(found)) if (sickness?.[name] === undefined) log.warn({ check: name, failure: reason }, 'the worker is not ready');
    for (const name of Object.keys(sickness ?? {})) if (found[name] === undefined) log.info({ check: name }, 'the worker is ready again');
    sickness = found;
    for (const { name } of checks) metrics.set('sulcus_check_ok', found[name] === undefined ? 1 : 0, { check: name });
    const { workers: states, stuck } = standing();
    metrics.set('sulcus_ready', Object.keys(found).length === 0 && stuck === null && states.every((s) => s === 'RUNNING') ? 1 : 0);
  });
  if (serves('tools')) slots.onChange(() => {
    const { held, waiting } = slots.standing();
    metrics.set('sulcus_running_programs', held);
    metrics.set('sulcus_waiting_programs', waiting);
  });
  const unsample = sampleProcess(metrics, () => fits.standing(), packageVersion());
  log.info({
    role: options.role, threads: options.threads, toolCores: options.tools.cores, toolMemory: options.tools.memory, version: packageVersion(),
    ...(options.deployment === null ? {} : { deployment: options.deployment.name, buildId: options.deployment.buildId ?? ownBuildId() }),
    ...(health === null ? {} : { healthPort: health.port }), ...(metrics.enabled ? { metricsPort: options.metrics?.port } : {}),
  }, 'worker runs');
  process.send?.({ type: 'ready' });
  // A worker that fails takes the process down; one that was asked to leave ends it cleanly.
  await Promise.race([running, leaving.then(() => running)]);
  unwatch();
  unsample();
  await health?.close();
  await Promise.all([fits.close(), tasks.close()]);
  await connection.close();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const remedy = error instanceof SulcusError && error.remedy !== null ? ` (${error.remedy})` : '';
    process.stderr.write(`sulcus worker: ${error instanceof Error ? error.message : String(error)}${remedy}\n`);
    process.exit(1);
  },
);
