/** All processes of the machine: read from /proc on Linux (about 10 microseconds each), elsewhere told by `ps`. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

export interface ProcessRow {
  pid: number;
  parent: number;
  group: number;
  /** 0: unknown (`ps` of macOS does not tell it). */
  session: number;
  /** When it started, in whatever form: with the pid it names a process for good, for pids are used again. */
  start: string;
  /** It has ended, and its parent has not asked how. */
  ended: boolean;
  /** KiB, as `ps` tells it; null: not read. */
  resident: number | null;
}

export const HAS_PROC = process.platform === 'linux';
const PS_ATTEMPTS = 10;

let last: Promise<unknown> = Promise.resolve();

/** As they are after the call; answers come in the order of the calls, so that no older one undoes what a newer one told. */
export async function listProcesses(): Promise<ProcessRow[]> {
  if (HAS_PROC) return processesFromProc();
  const rows = last.then(patientPs);
  last = rows.catch(() => undefined);
  return rows;
}

/** Waits a little where there is no room just now for a `ps`; throws when there is none for seconds. */
async function patientPs(): Promise<ProcessRow[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await processesFromPs();
    } catch (error) {
      if (attempt === PS_ATTEMPTS) throw error;
      await sleep(500);
    }
  }
}

function processesFromProc(): ProcessRow[] {
  const rows: ProcessRow[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    try {
      rows.push(parseStat(pid, readFileSync(`/proc/${pid}/stat`, 'latin1')));
    } catch { /* it has ended meanwhile */ }
  }
  return rows;
}

/** proc(5): the name is in parentheses and may hold any character; after it state, parent, group, session, ..., start time as the twentieth. */
function parseStat(pid: number, stat: string): ProcessRow {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0] ?? '';
  return { pid, parent: Number(fields[1]), group: Number(fields[2]), session: Number(fields[3]), start: fields[19] ?? '', ended: state === 'Z' || state === 'X', resident: null };
}

/** With options that POSIX, macOS and procps share. */
export async function processesFromPs(): Promise<ProcessRow[]> {
  const columns = ['pid', 'ppid', 'pgid', 'stat', 'rss', 'lstart'].flatMap((column) => ['-o', `${column}=`]);
  const { stdout } = await promisify(execFile)('ps', ['-A', ...columns], { env: { PATH: process.env.PATH ?? '/bin:/usr/bin', LC_ALL: 'C' }, maxBuffer: 64 * 1024 * 1024 });
  return stdout.split('\n').flatMap((line) => {
    const [pid, parent, group, state, resident, ...start] = line.trim().split(/\s+/);
    if (resident === undefined) return [];
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), session: 0, start: start.join(' '), ended: state?.startsWith('Z') ?? false, resident: Number(resident) }];
  });
}
