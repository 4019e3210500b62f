/** A Temporal server and workers as separate processes, as an operator of several machines runs them, so that each can be killed alone. */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, openSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { COMPUTE_QUEUE, CONTROL_QUEUE, TOOLS_QUEUE } from '../../contracts/queues.js';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.js';
import { findTemporal } from '../../client/temporal/index.js';
import { freePort } from '../../client/temporal/ports.js';
import { start, until, type Finished, type SmallStudy } from '../workflow/harness.js';

const WORKER = fileURLToPath(new URL('../../dist/workers/main.js', import.meta.url));
/** A worker's environment has no TEMPORAL_* and SULCUS_* but ours. */
const clean = (): NodeJS.ProcessEnv => Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(TEMPORAL|SULCUS)_/.test(name)));

export interface WorkerOptions {
  role?: 'control' | 'compute' | 'tools' | 'all';
  threads?: number;
  env?: Record<string, string>;
  /** Module that is loaded before everything else, in fit threads too. */
  preload?: string;
  args?: string[];
  /** Where its code is: another build of dist/workers/main.js. */
  program?: string;
}

export interface WorkerProcess {
  pid: number;
  child: ChildProcess;
  /** Exit code and signal. */
  ended: Promise<{ code: number | null; signal: string | null }>;
}

export interface Cluster {
  address: string;
  client: Client;
  server: { pid: number; kill(): Promise<void>; start(): Promise<void> };
  /** Resolves when the worker polls. */
  worker(options?: WorkerOptions): Promise<WorkerProcess>;
  /** The command line, told of this server and store. */
  command(args: string[], env?: Record<string, string>): { child: ChildProcess; finished: Promise<Finished> };
  sulcus(args: string[]): Promise<Finished>;
  /** Log lines of all workers. */
  log(): string;
  /** Ends every process of it. */
  close(): Promise<void>;
}

/** A server whose database is in the study's folder, and no worker yet. */
export async function startCluster(study: SmallStudy): Promise<Cluster> {
  const port = await freePort(null), address = `127.0.0.1:${port}`, logFile = join(study.directory, 'workers.log');
  appendFileSync(logFile, '');
  const { path } = await findTemporal();
  const output = openSync(join(study.directory, 'server.log'), 'a');
  const attributes = Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]);
  let process: ChildProcess | null = null;
  const ends = (child: ChildProcess): Promise<{ code: number | null; signal: string | null }> => new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  const startServer = async (): Promise<void> => {
    process = spawn(path, ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--headless', '--db-filename', join(study.directory, 'server.db'), '--log-level', 'error', ...attributes], { env: clean(), stdio: ['ignore', output, output] });
    await until('the server', async () => Connection.connect({ address, connectTimeout: 2_000 }).then(async (c) => {
      try { await c.workflowService.describeNamespace({ namespace: 'default' }); return true; } catch { return null; } finally { await c.close(); }
    }, () => null), 120_000);
  };
  const killServer = async (): Promise<void> => {
    if (process === null) return;
    const end = ends(process);
    process.kill('SIGKILL');
    await end;
    process = null;
  };
  await startServer();
  const connection = await Connection.connect({ address });
  const workers = new Set<WorkerProcess>(), commands = new Set<ChildProcess>();
  const env = { TEMPORAL_ADDRESS: address, SULCUS_STATE: study.state };
  const command: Cluster['command'] = (args, more = {}) => {
    const started = start(args, study.directory, { ...env, ...more });
    commands.add(started.child);
    void started.finished.then(() => commands.delete(started.child));
    return started;
  };
  return {
    address, client: new Client({ connection }), command,
    server: { get pid() { return process?.pid as number; }, kill: killServer, start: startServer },
    async worker({ role = 'all', threads = 1, env: more = {}, preload, args = [], program = WORKER } = {}) {
      const log = openSync(logFile, 'a');
      const child = fork(program, ['--store', join(study.state, 'store'), '--logs', join(study.directory, 'logs'), '--role', role, '--threads', String(threads), ...args], {
        env: { ...clean(), ...env, SULCUS_LOG_LEVEL: 'info', ...more }, stdio: ['ignore', log, log, 'ipc'], execArgv: preload === undefined ? [] : ['--import', preload],
      });
      const worker: WorkerProcess = { pid: child.pid as number, child, ended: ends(child) };
      workers.add(worker);
      void worker.ended.then(() => workers.delete(worker));
      await Promise.race([new Promise((resolve) => child.once('message', resolve)), worker.ended.then(() => { throw new Error(`the worker ended at its start:\n${readFileSync(logFile, 'utf8').slice(-2000)}`); })]);
      // A command that comes before the server has seen a poll would bring a worker of its own.
      const served = (one: WorkerOptions['role'], queue: string, type: number): [string, number][] => (role === one || role === 'all' ? [[queue, type]] : []);
      const queues = [...served('control', CONTROL_QUEUE, 1), ...served('compute', COMPUTE_QUEUE, 2), ...served('tools', TOOLS_QUEUE, 2)];
      for (const [name, taskQueueType] of queues) {
        await until(`polls of ${name}`, async () => {
          const { pollers } = await connection.workflowService.describeTaskQueue({ namespace: 'default', taskQueue: { name }, taskQueueType });
          return (pollers ?? []).some((p) => p.identity === `${worker.pid}@${hostname()}`) ? true : null;
        }, 300_000);
      }
      return worker;
    },
    sulcus: (args) => command(args).finished,
    log: () => readFileSync(logFile, 'utf8'),
    async close() {
      for (const child of commands) child.kill('SIGKILL');
      for (const { child } of workers) child.kill('SIGKILL');
      await Promise.all([...workers].map((w) => w.ended));
      await connection.close();
      await killServer();
    },
  };
}
