/** The real command line as a child process: its JSON answer, its wall time, and the memory of the processes it brings along. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peakMemory } from './memory.js';

const CLI = fileURLToPath(new URL('../client/cli.js', import.meta.url));
const LOOK_MS = 200;

export interface Finished {
  seconds: number;
  answer: Record<string, unknown>;
  /** Peak resident memory (VmHWM), MB; null where there is no /proc. */
  memoryMb: { worker: number | null; server: number | null; command: number | null };
}

/** Runs `sulcus ARGS` (which must print one JSON document) to its end. Throws when it does not exit with 0. */
export async function runCommand(args: string[], state: string): Promise<Finished> {
  const began = performance.now();
  const child = spawn(process.execPath, [CLI, ...args], { env: embedded(state), stdio: ['ignore', 'pipe', 'inherit'] });
  const peak = { worker: null as number | null, server: null as number | null, command: null as number | null };
  const look = (): void => {
    peak.worker = most(peak.worker, peakOf(join(state, 'worker.json')));
    peak.server = most(peak.server, peakOf(join(state, 'server.json')));
    peak.command = most(peak.command, child.pid === undefined ? null : peakMemory(child.pid));
  };
  const timer = setInterval(look, LOOK_MS);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => { text += part; });
  try {
    const code = await new Promise<number | null>((resolve, reject) => { child.once('error', reject).once('close', resolve); });
    const seconds = (performance.now() - began) / 1000;
    if (code !== 0) throw new Error(`sulcus ${args.join(' ')} ended with exit code ${code}: ${text}`);
    return { seconds, answer: JSON.parse(text) as Record<string, unknown>, memoryMb: peak };
  } finally {
    clearInterval(timer);
  }
}

/** `sulcus server` on a state folder while `body` runs: histories outlive the command that made them. */
export async function withServer<T>(state: string, body: (address: string) => Promise<T>): Promise<T> {
  const child = spawn(process.execPath, [CLI, 'server', '--json'], { env: embedded(state), stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => { child.once('close', () => resolve()); });
  try {
    const address = await new Promise<string>((resolve, reject) => {
      let text = '';
      child.once('error', reject).once('close', () => reject(new Error('sulcus server ended before it answered')));
      child.stdout.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        const found = /"address": "([^"]+)"/.exec(text)?.[1];
        if (found !== undefined) resolve(found);
      });
    });
    return await body(address);
  } finally {
    child.kill('SIGINT');
    await ended;
  }
}

/** Always the embedded server, whatever the machine is configured for. */
function embedded(state: string): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_'));
  return { ...Object.fromEntries(others), SULCUS_STATE: state };
}

/** Of the process whose pid is in a file of the state folder. */
function peakOf(file: string): number | null {
  try {
    return peakMemory((JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid);
  } catch {
    return null; // not yet there
  }
}

const most = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.max(a, b));
