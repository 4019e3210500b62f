/**
 * Pipes for what a program prints. Node's own `pipe` is a socket, which a program cannot open as /dev/stdout or /dev/stderr; so these are FIFOs that lose their
 * names at once. All who hold the writing end can be found by it.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, constants, fstatSync, mkdtempSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HAS_PROC, type ProcessRow } from './processes.js';

export interface Pipe {
  reader: Socket;
  /** File descriptor of the writing end: closed here once the program has it. */
  writer: number;
  /** Names the pipe among all files of the machine. */
  identity: string;
}

/** Two pipes. Throws when the system has no room for them. */
export function makePipes(): [Pipe, Pipe] {
  const folder = mkdtempSync(join(tmpdir(), 'sulcus-pipe-'));
  try {
    const out = join(folder, 'out'), err = join(folder, 'err');
    const made = spawnSync('mkfifo', ['-m', '600', out, err], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error('mkfifo, which makes its pipes, failed', { cause: made.error ?? made.stderr });
    return [openPipe(out), openPipe(err)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function openPipe(path: string): Pipe {
  const end = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  const { dev, ino } = fstatSync(writer);
  return { reader: new Socket({ fd: end, readable: true, writable: false }), writer, identity: `${dev}:${ino}` };
}

export function closeWriters(pipes: readonly Pipe[]): void {
  for (const { writer } of pipes) closeSync(writer);
}

/** Processes that still hold one of these pipes, wherever they went; on Linux only. */
export function holdersOf(pipes: readonly Pipe[], rows: readonly ProcessRow[]): ProcessRow[] {
  if (!HAS_PROC) return [];
  const wanted = new Set(pipes.map(({ identity }) => identity));
  return rows.filter(({ pid, ended }) => !ended && pid > 1 && pid !== process.pid && holds(pid, wanted));
}

function holds(pid: number, wanted: Set<string>): boolean {
  const folder = `/proc/${pid}/fd`;
  let names: string[];
  try { names = readdirSync(folder); } catch { return false; } // another user's, or ended
  return names.some((name) => {
    try {
      const { dev, ino } = statSync(`${folder}/${name}`);
      return wanted.has(`${dev}:${ino}`);
    } catch { return false; }
  });
}
