/** Processes of the rehearsal: started with a log file each, known by pid, ended by pid. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { RehearsalError, now } from './say.mjs';

/** Milliseconds a process may take to leave before it is killed. */
const GRACE_MS = 20_000;

/** Everything started and not known to have ended. */
const running = new Set();

/**
 * Starts a program. `env` replaces the environment's TEMPORAL_*, SULCUS_*, PG* and AWS_* variables, which are left out.
 * @returns {{ name, pid, child, log, started, ended: Promise<{code, signal, stdout}>, exited: null | object }}
 */
export function start(name, program, args, { folder, env = {}, cwd = folder, user = null }) {
  const log = join(folder, `${name}.log`), file = openSync(log, 'a');
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(TEMPORAL|SULCUS|PG|AWS)/.test(key)));
  const child = spawn(program, args, { cwd, env: { ...inherited, ...env }, stdio: ['ignore', 'pipe', file], ...(user === null ? {} : { uid: user.uid, gid: user.gid }) });
  closeSync(file);
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text) => { stdout = (stdout + text).slice(-1_000_000); });
  const started = { name, pid: child.pid, child, log, started: now(), exited: null };
  started.ended = new Promise((resolve) => {
    const end = (result) => { running.delete(started); started.exited = result; resolve(result); };
    child.once('error', (error) => end({ code: null, signal: null, stdout, error }));
    child.once('close', (code, signal) => end({ code, signal, stdout }));
  });
  running.add(started);
  return started;
}

/** Runs a program to its end; refuses any exit code but 0. */
export async function run(name, program, args, options) {
  const process = start(name, program, args, options), { code, signal, stdout, error } = await process.ended;
  if (code !== 0) throw new RehearsalError(`${name} ended with ${error?.message ?? signal ?? `code ${code}`}: ${tail(process.log)}`);
  return stdout;
}

/** The last lines of a log, as one. */
export const tail = (log, lines = 6) => readFileSync(log, 'utf8').trim().split('\n').slice(-lines).join(' | ').slice(-1500);

/** Pids of the processes that `pid` started, and of those they started; [] when it is gone. Linux. */
export function descendants(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)).flatMap((child) => [child, ...descendants(child)]);
  } catch {
    return [];
  }
}

const signal = (pid, name) => {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
};

/** kill -9 of a process and of all it started. */
export async function kill(process) {
  const all = [process.pid, ...descendants(process.pid)];
  for (const pid of all) signal(pid, 'SIGKILL');
  await process.ended;
}

/** Sends one signal to the process alone and waits for its end. */
export async function end(process, name = 'SIGTERM') {
  if (process.exited !== null) return;
  signal(process.pid, name);
  if (await Promise.race([process.ended.then(() => true), pause(GRACE_MS, false, { ref: false })])) return;
  await kill(process);
}

/** Ends whatever still runs, the last started first. */
export async function endAll() {
  for (const process of [...running].reverse()) await end(process, process.stopSignal ?? 'SIGTERM');
}

/** Kills at once what still runs; for the end of this process. */
export function killAllNow() {
  for (const { pid } of running) for (const each of [pid, ...descendants(pid)]) signal(each, 'SIGKILL');
}

/** Ports nobody listens at, on the loopback interface, all different. Below 32768: Temporal keeps its ports in PostgreSQL as `smallint`. */
export async function freePorts(count) {
  const ports = new Set();
  while (ports.size < count) {
    const port = LOWEST_PORT + Math.floor(Math.random() * (32_768 - LOWEST_PORT));
    if (!ports.has(port) && (await canListen(port))) ports.add(port);
  }
  return [...ports];
}

const LOWEST_PORT = 16_384;
const canListen = (port) => new Promise((resolve) => {
  const server = createServer().once('error', () => resolve(false)).listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
});

/** True when something accepts connections there. */
export const accepts = (port) => new Promise((resolve) => {
  const socket = connect({ port, host: '127.0.0.1', timeout: 1000 });
  const finish = (result) => () => { socket.destroy(); resolve(result); };
  socket.once('connect', finish(true)).once('error', finish(false)).once('timeout', finish(false));
});

/** Waits until `test` gives something else than null or false. A process in `needs` that ends meanwhile is an error; `answers.said` is what was said last, for the message. */
export async function until(what, test, { seconds = 60, needs = [], answers = null } = {}) {
  for (const limit = Date.now() + seconds * 1000; ;) {
    const value = await test();
    if (value !== null && value !== false) return value;
    const gone = needs.find((process) => process.exited !== null);
    if (gone) throw new RehearsalError(`${gone.name} ended while ${what} was waited for: ${tail(gone.log)}`);
    if (Date.now() > limit) throw new RehearsalError(`waited ${seconds} s for ${what}${answers === null ? '' : ` (${answers.said})`}${needs.map((n) => `; ${n.name}: ${tail(n.log)}`).join('')}`);
    await pause(100);
  }
}
