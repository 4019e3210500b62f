/** What garbage collection says. */
import type { Amount, Garbage, GarbageReport } from '../../storage/garbage.js';
import { refOf } from '../../storage/layout.js';

const KINDS = { unused: 'artifacts that no kept run used', abandoned: 'checkpoints of fits that were not gone on with', damaged: 'damaged, set aside', interrupted: 'left by interrupted writes', record: 'lists of what other runs used' } as const;

export interface Sum extends Amount {
  /** Artifacts by their kind: `fit`, `matrix`, ... */
  artifacts?: Record<string, Amount>;
}

export function sumsOf(garbage: readonly Garbage[]): { total: Amount; byKind: Partial<Record<keyof typeof KINDS, Sum>> } {
  const total: Amount = { objects: 0, bytes: 0 }, byKind: Partial<Record<keyof typeof KINDS, Sum>> = {};
  for (const one of garbage) {
    const sum = (byKind[one.garbage] ??= { objects: 0, bytes: 0 });
    const kind = one.garbage === 'unused' ? refOf(one.name)?.kind : undefined;
    const own = kind === undefined ? null : ((sum.artifacts ??= {})[kind] ??= { objects: 0, bytes: 0 });
    for (const amount of [total, sum, own]) if (amount !== null) { amount.objects++; amount.bytes += one.bytes; }
  }
  return { total, byKind };
}

export function reportLines({ runs, used, young, unrecorded }: GarbageReport, age: string, garbage: readonly Garbage[], verb: string): string[] {
  const { total, byKind } = sumsOf(garbage);
  const lines = [
    `kept: ${text(used)}, which the last ${runs.length === 1 ? 'finished run' : `${runs.length} finished runs`} used or runs that are not done: ${list([...new Set(runs.map((r) => r.workflowId))])}`,
    ...(unrecorded > 0 ? [`  ${unrecorded} of them ${unrecorded === 1 ? 'is' : 'are'} of an earlier version and did not record what was used: all that is older stays until the study has been run again`] : []),
    ...(young.objects > 0 ? [`kept: ${text(young)}, which nothing uses, younger than ${age}`] : []),
    `${verb}: ${text(total)}`,
  ];
  for (const [kind, sum] of Object.entries(byKind)) {
    const parts = Object.entries(sum.artifacts ?? {}).sort((a, b) => b[1].bytes - a[1].bytes).map(([name, a]) => `${name} ${a.objects}`);
    lines.push(`  ${text(sum)}: ${KINDS[kind as keyof typeof KINDS]}${parts.length === 0 ? '' : ` (${parts.join(', ')})`}`);
  }
  return lines;
}

const list = (names: string[]): string => (names.length === 0 ? 'none' : `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`);

function text({ objects, bytes }: Amount): string {
  const [size, unit] = bytes >= 1e9 ? [bytes / 1e9, 'GB'] : bytes >= 1e6 ? [bytes / 1e6, 'MB'] : [bytes / 1e3, 'kB'];
  return `${objects} ${objects === 1 ? 'object' : 'objects'}, ${size.toFixed(size < 10 ? 1 : 0)} ${unit}`;
}
