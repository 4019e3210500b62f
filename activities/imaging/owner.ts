/** Who works in a folder aside: so that what a killed worker left is told from what another one is writing. */
import { readFileSync, readlinkSync } from 'node:fs';
import { readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

export const OWNER = 'owner.json';
/** A worker on another machine is taken for dead when it has not touched its folder for so long. */
const ABANDONED_MS = 10 * 60_000;
export const TOUCH_MS = 5_000;

interface Owner {
  /** This start of this machine, and the processes that see each other; null where the system does not tell. */
  machine: string | null;
  pid: number;
  /** When the process started, as the system counts. */
  started: string | null;
  process: string;
}

const PROCESS = randomBytes(8).toString('hex');
const working = new Set<string>();

/** The folder is this process's, until it is disowned. */
export async function own(folder: string): Promise<void> {
  working.add(folder);
  await writeFile(join(folder, OWNER), JSON.stringify({ machine: machineId(), pid: process.pid, started: startOf(process.pid), process: PROCESS } satisfies Owner));
}

export function disown(folder: string): void {
  working.delete(folder);
}

/** Tells other machines that somebody still works here. */
export async function touch(folder: string): Promise<void> {
  const now = new Date();
  await utimes(join(folder, OWNER), now, now).catch(() => undefined); // it was ended meanwhile
}

/** Whether nobody works in the folder any more. */
export async function isAbandoned(folder: string): Promise<boolean> {
  if (working.has(folder)) return false;
  const file = join(folder, OWNER);
  const owner = await readFile(file, 'utf8').then((text) => JSON.parse(text) as Owner).catch(() => null);
  if (owner?.process === PROCESS) return true;
  if (owner !== null && owner.machine !== null && owner.machine === machineId()) return owner.started !== startOf(owner.pid);
  const touched = await stat(file).catch(() => stat(folder)).catch(() => null);
  return touched === null || Date.now() - touched.mtimeMs > ABANDONED_MS;
}

function machineId(): string | null {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return null;
  }
}

/** Field 22 of /proc/PID/stat, clock ticks since the machine started; null: there is no such process, or it is only waiting to be reaped. */
function startOf(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8'), fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : fields[19] ?? null;
  } catch {
    return null;
  }
}
