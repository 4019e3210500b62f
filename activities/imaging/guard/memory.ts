/**
 * Memory of the processes of a program, in MiB. On Linux: anonymous and shared pages and what was swapped out, of all its processes; pages of files that it maps
 * are left out, since the system takes those back. Pages that processes share are counted in each, which is too much; so above the limit it is counted exactly,
 * with each page divided among those who share it. Elsewhere: the resident size that `ps` tells, with files and shared pages in it.
 */
import { readFileSync } from 'node:fs';
import { HAS_PROC, type ProcessRow } from './processes.js';

const MIB = 1024;

export function memoryOf(processes: readonly ProcessRow[], limit: number): number {
  if (!HAS_PROC) return processes.reduce((sum, { resident }) => sum + (resident ?? 0), 0) / MIB;
  const quick = sumOf(processes, 'status', /^(?:RssAnon|RssShmem|VmSwap):\s+(\d+) kB$/gm);
  if (quick <= limit) return quick;
  const exact = sumOf(processes, 'smaps_rollup', /^(?:Pss_Anon|Pss_Shmem|SwapPss):\s+(\d+) kB$/gm);
  return exact > 0 ? Math.min(exact, quick) : quick; // before Linux 5.4, and where it is forbidden, there is nothing exact
}

function sumOf(processes: readonly ProcessRow[], file: string, numbers: RegExp): number {
  let kib = 0;
  for (const { pid } of processes) {
    try {
      for (const [, value] of readFileSync(`/proc/${pid}/${file}`, 'latin1').matchAll(numbers)) kib += Number(value);
    } catch { /* it has ended meanwhile */ }
  }
  return kib / MIB;
}
