/** Starts the embedded server of a state folder and waits until it answers. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.js';
import type { TemporalBinary } from './binary.js';
import { ServerStartError } from './errors.js';
import { answers } from './health.js';
import { freePort } from './ports.js';
import { identityOf, stopProcess } from './process.js';
import { createState, readRecord, removeFile, statePaths, writeRecord, type ServerRecord } from './state.js';

export interface StartOptions {
  stateDirectory: string;
  binary: TemporalBinary;
  log?: (line: string) => void;
  /** Milliseconds until an unresponsive start is given up. Default 60,000. */
  timeoutMs?: number;
}

const ATTEMPTS = 3;
/** Between two looks whether it listens already: a look costs next to nothing, and everything waits for it. */
const LOOK_MS = 25;
const NOBODY = { pid: 0, startTime: '' };
const LOG_LIMIT = 16 * 1024 * 1024;

/** Starts the server. Call it under the state folder's lock, when no server of it lives. A port taken meanwhile means another try. */
export async function startServer(options: StartOptions): Promise<ServerRecord> {
  const { stateDirectory: state, binary, timeoutMs = 60_000 } = options;
  createState(state);
  const last = readRecord(state);
  let why = '';
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const port = await freePort(attempt === 1 ? (last?.port ?? null) : null);
    const uiPort = await freePort(attempt === 1 ? (last?.uiPort ?? null) : null);
    const child = launch(state, binary, port, uiPort);
    const identity = child.pid === undefined ? null : identityOf(child.pid);
    const record = { ...(identity ?? NOBODY), port, uiPort, binary: binary.path, version: binary.version, keep: false };
    writeRecord(state, record); // before it answers: should this command be killed now, the next one finds the process
    const result = await waitFor(child, port, Date.now() + timeoutMs);
    if (result === 'answers' && identity !== null) {
      return record;
    }
    why = result;
    if (identity !== null) await stopProcess(identity);
    if (result === 'timeout') break;
  }
  const tail = logTail(statePaths(state).log);
  const reason = why === 'timeout' ? `did not answer within ${timeoutMs / 1000} s` : `stopped while starting (${why})`;
  throw new ServerStartError(`the embedded Temporal server ${reason}${tail === '' ? '' : `; its log ends:\n${tail}`}`, statePaths(state).log);
}

/** In a process group of its own, so that Ctrl-C on the terminal reaches the workers first and the server only when it is told. */
function launch(state: string, binary: TemporalBinary, port: number, uiPort: number): ChildProcess {
  const { log, database } = statePaths(state);
  if (existsSync(log) && statSync(log).size > LOG_LIMIT) renameSync(log, `${log}.1`);
  const output = openSync(log, 'a', 0o600);
  const attributes = Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]);
  const args = [
    'server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort), '--db-filename', database,
    '--log-level', 'warn', ...attributes, ...(isFair(state, binary) ? FAIR.flatMap((setting) => ['--dynamic-config-value', setting]) : []),
  ];
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_') && !name.startsWith('SULCUS_KEY')));
  const child = spawn(binary.path, args, { cwd: state, env, detached: true, stdio: ['ignore', output, output] });
  child.on('error', () => undefined); // `waitFor` sees that there is no process
  child.unref();
  closeSync(output);
  return child;
}

/** Servers that can give every cohort waiting in a queue the same share. */
const FAIR_SINCE = '1.29.0';
/** Shares and priorities hold within a partition of a queue; the default of four would leave the order to chance. */
const FAIR = ['matching.enableFairness=true', 'matching.numTaskqueueReadPartitions=1', 'matching.numTaskqueueWritePartitions=1'];

/**
 * Whether the server is to share its queues fairly, and to heed priorities. It then keeps tasks elsewhere in its database, and would not see
 * those that an unfair one left behind: so a database stays as it was made, which a file beside it remembers.
 */
function isFair(state: string, { version }: TemporalBinary): boolean {
  const { database, fair } = statePaths(state);
  if (existsSync(database)) return existsSync(fair);
  const server = /Server ([0-9.]+)/.exec(version)?.[1] ?? '0';
  if (server.localeCompare(FAIR_SINCE, 'en', { numeric: true }) < 0) { removeFile(fair); return false; }
  writeFileSync(fair, 'temporal.db was made for fair task queues: see docs/scaling.md\n');
  return true;
}

async function waitFor(child: ChildProcess, port: number, deadline: number): Promise<string> {
  while (Date.now() < deadline) {
    if (child.pid === undefined) return 'it could not be run';
    if (child.exitCode !== null) return `exit ${child.exitCode}`;
    if (child.signalCode !== null) return child.signalCode;
    if (await answers(port)) return 'answers';
    await pause(LOOK_MS);
  }
  return 'timeout';
}

function logTail(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-8).join('\n');
  } catch {
    return '';
  }
}
