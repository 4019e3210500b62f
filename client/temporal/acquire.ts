/** Sharing the embedded server of a state folder: the first command starts it, others use it, the last one to leave stops it. */
import { findTemporal } from './binary.js';
import { answersWithin } from './health.js';
import { withLock } from './lock.js';
import { isRunning, stopProcess } from './process.js';
import { startServer } from './server.js';
import { createState, readRecord, statePaths, writeRecord, type ServerRecord } from './state.js';
import { liveUsers, registerUser } from './users.js';

export interface AcquiredServer {
  /** host:port of the gRPC frontend, on the loopback interface. */
  address: string;
  uiUrl: string;
  namespace: 'default';
  /** True when the server was already running: another command's, or left by one that was killed. */
  adopted: boolean;
  pid: number;
  /** Stops the server if nobody else uses it; `keep: true` leaves it running until `stopServer`, whoever else comes and goes. Harmless when repeated. */
  release(options?: { keep?: boolean }): Promise<void>;
}

export interface AcquireOptions {
  /** Told what takes long, a line at a time. */
  log?: (line: string) => void;
  /** Where to look for the binary. Default: this process's environment. */
  env?: NodeJS.ProcessEnv;
  /** Milliseconds a starting server may take. Default 60,000. */
  timeoutMs?: number;
  /**
   * How long a server that lives may be silent (it shares the machine with fits) before it is replaced under its users' feet.
   * Milliseconds, default 20,000.
   */
  patienceMs?: number;
}

/**
 * The server takes more than a second over an orderly end, although nobody is connected any more and everything is in its database,
 * which is transactional: it is not waited for longer than this.
 */
const STOP_GRACE_MS = 100;

/** The server of a state folder, started if it does not live and answer. */
export async function acquireServer(state: string, options: AcquireOptions = {}): Promise<AcquiredServer> {
  createState(state);
  const { lock } = statePaths(state);
  const { present, silent } = await withLock(lock, async () => ({ present: await adopt(state, options), silent: runningServer(state)?.pid ?? null }));
  if (present !== null) return present;
  const binary = await findTemporal(options); // may take minutes, so not under the lock
  return withLock(lock, async () => {
    const meanwhile = runningServer(state)?.pid === silent ? null : await adopt(state, options);
    if (meanwhile !== null) return meanwhile;
    const dead = readRecord(state);
    if (dead !== null && isRunning(dead)) {
      options.log?.(`the Temporal server of ${state} (process ${dead.pid}) does not answer: it is replaced`);
      await stopProcess(dead);
    }
    return use(state, await startServer({ ...options, stateDirectory: state, binary }), false);
  });
}

/** Stops the server of a state folder whoever uses it; false when none was running. */
export async function stopServer(state: string): Promise<boolean> {
  createState(state);
  return withLock(statePaths(state).lock, async () => {
    const record = readRecord(state);
    if (record === null || !isRunning(record)) return false;
    await stop(state, record);
    return true;
  });
}

/** The running server of a state folder, without becoming its user; null when there is none. */
export function runningServer(state: string): ServerRecord | null {
  const record = readRecord(state);
  return record !== null && isRunning(record) ? record : null;
}

async function adopt(state: string, options: AcquireOptions): Promise<AcquiredServer | null> {
  const record = runningServer(state);
  return record !== null && (await answersWithin(record.port, options.patienceMs ?? 20_000)) ? use(state, record, true) : null;
}

function use(state: string, record: ServerRecord, adopted: boolean): AcquiredServer {
  const unregister = registerUser(state);
  let released: Promise<void> | null = null;
  return {
    address: `127.0.0.1:${record.port}`,
    uiUrl: `http://127.0.0.1:${record.uiPort}`,
    namespace: 'default',
    adopted,
    pid: record.pid,
    release: (options = {}) => (released ??= leave(state, unregister, options.keep ?? false)),
  };
}

function leave(state: string, unregister: () => void, keep: boolean): Promise<void> {
  return withLock(statePaths(state).lock, async () => {
    unregister();
    const record = readRecord(state);
    if (record === null || !isRunning(record)) return;
    if (keep) writeRecord(state, { ...record, keep });
    else if (!record.keep && liveUsers(state) === 0) await stop(state, record);
  });
}

/** The record stays, for its ports; its process is gone, so it counts as not running. */
async function stop(state: string, record: ServerRecord): Promise<void> {
  await stopProcess(record, STOP_GRACE_MS);
  writeRecord(state, { ...record, keep: false });
}
