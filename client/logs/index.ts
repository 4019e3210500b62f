/** The lines of all workers' logs in a state folder, by time. */
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseLogLine, type LogLine } from '../../contracts/log-line.js';

export interface Wanted {
  /** Workflow id of a study: its lines and its cohorts'; null: every line. */
  study: string | null;
  level: number;
  /** Run id or its beginning; null: every run. */
  run: string | null;
}

export interface ReadLine {
  line: LogLine;
  /** As it was written. */
  text: string;
}

/** Where reading stopped, after the last whole line, by inode: files that are turned over change their names. */
export type Ends = Map<number, number>;

const FOLLOW_MS = 500;
const CHUNK = 1 << 20;

/** Every wanted line so far, in the order of their times. */
export async function readLogs(folder: string, wanted: Wanted): Promise<{ lines: ReadLine[]; ends: Ends }> {
  const ends: Ends = new Map();
  const lines: ReadLine[] = [];
  await readOn(folder, ends, (line) => { if (isWanted(line.line, wanted)) lines.push(line); });
  return { lines: sorted(lines), ends };
}

/** Gives lines as they are written until `interrupted` aborts. */
export async function followLogs(folder: string, wanted: Wanted, ends: Ends, show: (line: ReadLine) => void, interrupted: AbortSignal): Promise<void> {
  while (!interrupted.aborted) {
    const lines: ReadLine[] = [];
    await readOn(folder, ends, (line) => { if (isWanted(line.line, wanted)) lines.push(line); });
    for (const line of sorted(lines)) show(line);
    await pause(FOLLOW_MS, undefined, { signal: interrupted }).catch(() => undefined);
  }
}

/** A line of the study, of one of its cohorts, or of one of its runs. */
function isWanted(line: LogLine, { study, level, run }: Wanted): boolean {
  if (line.level < level) return false;
  const id = line.workflowId;
  if (study !== null && id !== study && id?.startsWith(`${study}/`) !== true) return false;
  return run === null || (typeof line.runId === 'string' && line.runId.startsWith(run)) || (typeof line['studyRunId'] === 'string' && line['studyRunId'].startsWith(run));
}

/** Lines of one time stay in the order in which they were read. */
function sorted(lines: ReadLine[]): ReadLine[] {
  return lines.map((line, i) => ({ line, i })).sort((a, b) => a.line.line.time - b.line.line.time || a.i - b.i).map(({ line }) => line);
}

/** Reads what was written since `ends`, and moves them. What is not one of our lines (a crash of the runtime) is left out. */
async function readOn(folder: string, ends: Ends, take: (line: ReadLine) => void): Promise<void> {
  for (const name of await logFiles(folder)) {
    let handle: FileHandle;
    try {
      handle = await open(join(folder, name), 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue; // turned over this moment
      throw error;
    }
    try {
      const { ino, size } = await handle.stat();
      const known = ends.get(ino) ?? 0;
      ends.set(ino, await readLines(handle, known <= size ? known : 0, size, take)); // a file that became shorter was written anew
    } finally {
      await handle.close();
    }
  }
}

/** Whole lines between two offsets; returns where the next line begins. */
async function readLines(handle: FileHandle, from: number, to: number, take: (line: ReadLine) => void): Promise<number> {
  let at = from, rest = Buffer.alloc(0);
  while (at + rest.length < to) {
    const buffer = Buffer.alloc(Math.min(CHUNK, to - at - rest.length));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, at + rest.length);
    if (bytesRead === 0) break;
    const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    const last = bytes.lastIndexOf(10);
    for (const text of last < 0 ? [] : bytes.subarray(0, last).toString('utf8').split('\n')) {
      const line = parseLogLine(text);
      if (line !== null) take({ line, text });
    }
    at += last + 1;
    rest = bytes.subarray(last + 1);
  }
  return at;
}

/** Workers' logs, those that were turned over too. */
async function logFiles(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => /^worker.*\.log(\.\d+)?$/.test(name)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
