/** The worker a command brings along: a process of its own, restarted when it dies, one for a state folder however many commands use it. */
import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SulcusError } from '../contracts/errors.js';
import { storeAddress } from './store.js';
import { withLock } from './temporal/lock.js';
import { identityOf, isRunning, type ProcessIdentity } from './temporal/process.js';
import { createState } from './temporal/state.js';

export interface WorkerHost {
  /** Resolves when a worker of this state folder is ready to work. */
  ready: Promise<void>;
  /** Ends the worker if this command started it. */
  stop(): Promise<void>;
}

const LOOK_MS = 500;
/** Looks that must find another command's worker gone before this one starts its own: that command does so at once, unless it leaves because the study has ended. */
const LOOKS_OF_GRACE = 3;
/** A worker that dies this often before it was ready is not started again. */
const MOST_FAILED_STARTS = 3;
const READY_TIMEOUT_MS = 60_000;

/**
 * Sees to it that a worker of the state folder lives: starts one unless another command's lives, and again when it dies. `server` resolves
 * to the TEMPORAL_* variables of the server to work for; the process loads its code meanwhile.
 */
export function hostWorker(state: string, server: Promise<Record<string, string>>, note: (line: string) => void): WorkerHost {
  const record = recordOf(state);
  let own: ChildProcess | null = null;
  let stopped = false, failures = 0;

  const start = async (): Promise<void> => {
    const log = openSync(join(state, 'logs', 'worker.log'), 'a');
    const child = fork(fileURLToPath(new URL('../workers/main.js', import.meta.url)), ['--store', storeAddress(state), '--state', state, '--await-server'], {
      stdio: ['ignore', log, log, 'ipc'], detached: true,
    });
    closeSync(log);
    own = child;
    server.then((env) => { if (child.connected) child.send({ type: 'server', env }); }, () => child.kill('SIGTERM'));
    await new Promise<void>((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const slow = (): void => reject(new SulcusError('WORKER_SLOW', `the worker was not ready after ${READY_TIMEOUT_MS / 1000} s`, { remedy: `see ${join(state, 'logs', 'worker.log')}` }));
      server.then(() => { if (!settled) timer = setTimeout(slow, READY_TIMEOUT_MS); }, () => undefined); // its failure kills the child, seen below
      let settled = false;
      const settle = (end: () => void): void => { settled = true; clearTimeout(timer); child.removeAllListeners('message').removeAllListeners('exit').removeAllListeners('error'); end(); };
      child.once('message', () => settle(resolve));
      child.once('error', (cause) => settle(() => reject(cause)));
      child.once('exit', (code, signal) => settle(() => reject(new SulcusError('WORKER_DIED', `the worker ended at its start (${signal ?? `code ${code}`})`, { remedy: `see ${join(state, 'logs', 'worker.log')}` }))));
    });
    child.on('error', () => undefined); // its end is seen by the look-out
    writeIdentity(record, child.pid);
  };

  const ensure = async (): Promise<void> => {
    if (isLiving(record)) return;
    await withLock(join(state, 'worker-lock'), async () => {
      if (stopped || isLiving(record)) return;
      if (own !== null) note('the worker ended unexpectedly and is started again; finished fits are kept');
      await start();
    });
  };

  const look = async (): Promise<void> => {
    for (let gone = 0; !stopped; ) {
      await pause(LOOK_MS, undefined, { ref: false });
      if (stopped) return;
      gone = isLiving(record) ? 0 : gone + 1;
      if (gone === 0 || (own === null && gone < LOOKS_OF_GRACE)) continue;
      try {
        await ensure();
        failures = 0;
      } catch (error) {
        if (stopped) return; // this command ended it, at its start
        failures++;
        note(`the worker cannot be started: ${error instanceof Error ? error.message : String(error)}`);
        if (failures >= MOST_FAILED_STARTS) return;
      }
    }
  };

  createState(state);
  const ready = ensure().then(() => { void look(); });
  ready.catch(() => undefined); // it may fail while nobody waits for it yet; whoever does has the error
  return {
    ready,
    async stop() {
      stopped = true;
      await Promise.race([ready.catch(() => undefined), ended(own)]); // whoever waits for `ready` has the error
      const child = own;
      if (child === null || child.exitCode !== null || child.signalCode !== null) return;
      const end = ended(child);
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
      await end;
      clearTimeout(timer);
    },
  };
}

/** Makes a worker that was started by hand known to the commands of a state folder: while it lives, they start none. One that is known already stays. */
export async function announceWorker(state: string, pid: number | undefined): Promise<void> {
  createState(state);
  await withLock(join(state, 'worker-lock'), () => {
    if (!isLiving(recordOf(state))) writeIdentity(recordOf(state), pid);
    return Promise.resolve();
  });
}

const recordOf = (state: string): string => join(state, 'worker.json');

function writeIdentity(record: string, pid: number | undefined): void {
  const identity = pid === undefined ? null : identityOf(pid);
  if (identity !== null) writeFileSync(record, JSON.stringify(identity));
}

function isLiving(record: string): boolean {
  const identity = readIdentity(record);
  return identity !== null && isRunning(identity);
}

/** Resolves when a process has ended; never for none. */
function ended(child: ChildProcess | null): Promise<void> {
  return new Promise((resolve) => {
    if (child === null) return;
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
}

function readIdentity(file: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch {
    return null; // absent or half-written: nothing that could be adopted
  }
}
