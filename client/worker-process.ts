/** The worker a command brings along: a process of its own, restarted when it dies, one for a state folder however many commands use it. */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SulcusError } from '../contracts/errors.js';
import { withLock } from './temporal/lock.js';
import { identityOf, isRunning, type ProcessIdentity } from './temporal/process.js';
import { statePaths } from './temporal/state.js';

export interface WorkerHost {
  /** Resolves when a worker of this state folder is ready to work. */
  ready: Promise<void>;
  /** Ends the worker if this command started it. */
  stop(): Promise<void>;
}

const LOOK_MS = 500;
/** A worker that dies this often before it was ready is not started again. */
const MOST_FAILED_STARTS = 3;
const READY_TIMEOUT_MS = 60_000;

/** Sees to it that a worker of the state folder lives: starts one unless another command's lives, and again when it dies. */
export function hostWorker(state: string, env: NodeJS.ProcessEnv, note: (line: string) => void): WorkerHost {
  const record = join(state, 'worker.json');
  let own: ChildProcess | null = null;
  let stopped = false, failures = 0;

  const start = async (): Promise<void> => {
    mkdirSync(join(state, 'logs'), { recursive: true });
    const log = openSync(join(state, 'logs', 'worker.log'), 'a');
    const child = fork(fileURLToPath(new URL('../workers/main.js', import.meta.url)), ['--store', join(state, 'store')], {
      env: { ...process.env, ...env }, stdio: ['ignore', log, log, 'ipc'], detached: true,
    });
    own = child;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new SulcusError('WORKER_SLOW', `the worker was not ready after ${READY_TIMEOUT_MS / 1000} s`, { remedy: `see ${join(state, 'logs', 'worker.log')}` })), READY_TIMEOUT_MS);
      const settle = (end: () => void): void => { clearTimeout(timer); child.removeAllListeners('message').removeAllListeners('exit').removeAllListeners('error'); end(); };
      child.once('message', () => settle(resolve));
      child.once('error', (cause) => settle(() => reject(cause)));
      child.once('exit', (code, signal) => settle(() => reject(new SulcusError('WORKER_DIED', `the worker ended at its start (${signal ?? `code ${code}`})`, { remedy: `see ${join(state, 'logs', 'worker.log')}` }))));
    });
    child.on('error', () => undefined); // its end is seen by the look-out
    const identity = child.pid === undefined ? null : identityOf(child.pid);
    if (identity !== null) writeFileSync(record, JSON.stringify(identity));
  };

  const ensure = async (): Promise<void> => {
    const living = readIdentity(record);
    if (living !== null && isRunning(living)) return;
    await withLock(statePaths(state).lock, async () => {
      const now = readIdentity(record);
      if (stopped || (now !== null && isRunning(now))) return;
      if (own !== null) note('the worker ended unexpectedly and is started again; finished fits are kept');
      await start();
    });
  };

  const look = async (): Promise<void> => {
    while (!stopped) {
      await pause(LOOK_MS, undefined, { ref: false });
      if (stopped) return;
      try {
        await ensure();
        failures = 0;
      } catch (error) {
        failures++;
        note(`the worker cannot be started: ${error instanceof Error ? error.message : String(error)}`);
        if (failures >= MOST_FAILED_STARTS) return;
      }
    }
  };

  const ready = ensure().then(() => { void look(); });
  return {
    ready,
    async stop() {
      stopped = true;
      await ready.catch(() => undefined); // whoever waits for `ready` has the error
      const child = own;
      if (child === null || child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

function readIdentity(file: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch {
    return null; // absent or half-written: nothing that could be adopted
  }
}
