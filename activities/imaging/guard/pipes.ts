/**
 * Pipes for what a program prints. Node's own `pipe` is a socket, which a program cannot open as /dev/stdout or /dev/stderr; so these are FIFOs that lose their
 * names at once. All who hold the writing end can be found by it.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HAS_PROC, type ProcessRow } from './processes.js';

export interface Pipe {
  reader: Socket;
  /** File descriptor of the writing end: closed here once the program has it. */
  writer: number;
  /** What Linux calls it in the list of a process's open files; elsewhere empty. */
  name: string;
}

/** Two pipes. Throws when the system has no room for them. */
export function makePipes(): [Pipe, Pipe] {
  const folder = mkdtempSync(join(tmpdir(), 'sulcus-pipe-')), paths = [join(folder, 'out'), join(folder, 'err')] as const;
  let opened: [Pipe, Pipe];
  try {
    const made = spawnSync('mkfifo', ['-m', '600', ...paths], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error('mkfifo, which makes its pipes, failed', { cause: made.error ?? made.stderr });
    opened = [openPipe(paths[0]), openPipe(paths[1])];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  for (const pipe of opened) pipe.name = HAS_PROC ? readlinkSync(`/proc/self/fd/${pipe.writer}`) : '';
  return opened;
}

/** The reading end first, which waits for nobody; then the writing end has its reader. */
function openPipe(path: string): Pipe {
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  return { reader: new Socket({ fd: reader, readable: true, writable: false }), writer, name: '' };
}

export function closeWriters(pipes: readonly Pipe[]): void {
  for (const { writer } of pipes) closeSync(writer);
}

/** Processes that still hold one of these pipes, wherever they went; on Linux only. Names of open files are read, never the files: one may be on a network that hangs. */
export function holdersOf(pipes: readonly Pipe[], rows: readonly ProcessRow[]): ProcessRow[] {
  if (!HAS_PROC) return [];
  const wanted = new Set(pipes.map(({ name }) => name));
  return rows.filter(({ pid, ended }) => !ended && pid > 1 && pid !== process.pid && holds(pid, wanted));
}

function holds(pid: number, wanted: Set<string>): boolean {
  const folder = `/proc/${pid}/fd`;
  let files: string[];
  try { files = readdirSync(folder); } catch { return false; } // another user's, or ended
  return files.some((file) => {
    try { return wanted.has(readlinkSync(`${folder}/${file}`)); } catch { return false; }
  });
}
