/** Processes end: asked by a signal, and waited for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { listProcesses, type ProcessRow } from './processes.js';

/** Seconds that are waited for processes to end that were killed: the system may hold them. */
const PATIENCE = 10;
const POLL_MS = 50;

/** Sends a signal to processes, one by one; a negative number is a process group. */
export function signalTo(rows: readonly { pid: number }[], signal: NodeJS.Signals): void {
  for (const { pid } of rows) try { process.kill(pid, signal); } catch { /* it has ended */ }
}

/** Kills processes of a family with the whole of their groups at a time, so that none of them has time to start another. */
export function killFamily(members: readonly ProcessRow[]): void {
  for (const group of new Set(members.map((row) => row.group))) if (group > 1) signalTo([{ pid: -group }], 'SIGKILL');
  signalTo(members, 'SIGKILL');
}

/** Waits until none is found, from `killAt` (seconds of the clock) on by killing those that are. */
export async function clear(find: (rows: ProcessRow[]) => ProcessRow[], killAt: number, kill: (found: readonly ProcessRow[]) => void): Promise<void> {
  const now = (): number => performance.now() / 1000, end = Math.max(now(), killAt) + PATIENCE;
  for (let found = find(await listProcesses()); found.length > 0 && now() < end; found = find(await listProcesses())) {
    if (now() >= killAt) kill(found);
    await sleep(POLL_MS);
  }
}
