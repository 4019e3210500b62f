/** Processes end: asked by a signal, and waited for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { listProcesses, type ProcessRow } from './processes.js';

/** Seconds that are waited for processes to end that were killed: the system may hold them. */
const PATIENCE = 10;
const POLL_MS = 50;
/** A family that grows faster than it is held is killed as far as it is known, and again. */
const MOST_LOOKS = 20;

/** Sends a signal to processes, one by one; a negative number is a process group. */
export function signalTo(rows: readonly { pid: number }[], signal: NodeJS.Signals): void {
  for (const { pid } of rows) try { process.kill(pid, signal); } catch { /* it has ended */ }
}

type Find = (rows: ProcessRow[]) => ProcessRow[];

/**
 * Kills a family, or asks it to end. First all of it is held, and looked for again until there is nobody new: a process that one of them starts between a look
 * and its own end, in a session of its own, would have nothing left to be known by.
 */
export async function endFamily(find: Find, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const held = new Set<number>();
  let members = find(await listProcesses());
  for (let look = 1; look < MOST_LOOKS; look++) {
    const fresh = members.filter(({ pid }) => !held.has(pid));
    if (fresh.length === 0) break;
    signalTo(fresh, 'SIGSTOP');
    for (const { pid } of fresh) held.add(pid);
    members = find(await listProcesses());
  }
  signalTo(members, signal);
  signalTo(members, 'SIGCONT');
}

/** Waits until none is found, from `killAt` (seconds of the clock) on by killing those that are. */
export async function clear(find: Find, killAt: number, kill: (found: ProcessRow[]) => void | Promise<void>): Promise<void> {
  const now = (): number => performance.now() / 1000, end = Math.max(now(), killAt) + PATIENCE;
  for (let found = find(await listProcesses()); found.length > 0 && now() < end; found = find(await listProcesses())) {
    if (now() >= killAt) await kill(found);
    await sleep(POLL_MS);
  }
}
