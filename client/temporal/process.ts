/** Processes told apart by pid and start time, so that a pid used again is not taken for the process that had it before. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

export interface ProcessIdentity {
  pid: number;
  /** Opaque: clock ticks since boot where /proc exists, a date elsewhere. */
  startTime: string;
}

/** Start time of a live process; null when there is none (a zombie counts as gone). */
function startTimeOf(pid: number): string | null {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  if (process.platform !== 'linux') return startTimeFromPs(pid);
  try {
    // proc(5): the command may hold spaces and brackets; field 3 (state) is the first after the last bracket, 22 the start time.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').pop()?.trim().split(' ') ?? [];
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

function startTimeFromPs(pid: number): string | null {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || null;
  } catch {
    return null;
  }
}

export function isRunning(identity: ProcessIdentity): boolean {
  const startTime = startTimeOf(identity.pid);
  return startTime !== null && startTime === identity.startTime;
}

export function identityOf(pid: number): ProcessIdentity | null {
  const startTime = startTimeOf(pid);
  return startTime === null ? null : { pid, startTime };
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, startTime: startTimeOf(process.pid) ?? 'unknown' };
}

/** Asks a process to end (SIGTERM), then ends it (SIGKILL) after `graceMs`. Resolves when it is gone; never touches a pid used again. */
export async function stopProcess(identity: ProcessIdentity, graceMs = 5000): Promise<void> {
  const signal = (name: 'SIGTERM' | 'SIGKILL'): void => {
    try {
      if (isRunning(identity)) process.kill(identity.pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  const gone = async (ms: number): Promise<boolean> => {
    for (const until = Date.now() + ms; isRunning(identity); ) {
      if (Date.now() > until) return false;
      await pause(20);
    }
    return true;
  };
  signal('SIGTERM');
  if (await gone(graceMs)) return;
  signal('SIGKILL');
  await gone(graceMs);
}
