/** Peak resident memory of a process (VmHWM), MB; null where there is no /proc. */
import { readFileSync } from 'node:fs';

export function peakMemory(pid: number | 'self'): number | null {
  try {
    const kb = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kb === undefined ? null : Number(kb) / 1024;
  } catch {
    return null; // gone, or no /proc
  }
}
