/** Time that the fits of a study will still take, from what its finished fits took. Pure. */
import { fitCost, type FitBatch } from '../../contracts/fit-plan.js';
import type { FitBatchState } from './cohort.js';

export interface CohortWork {
  size: { vertices: number; subjects: number; metrics: number };
  batches: FitBatchState[];
  /** Seconds that fits under way have run, the longest first. */
  running: number[];
}

/**
 * Seconds left for the fits; null: nothing measured yet. A batch takes as long as those of the same ranks and shape did (median); one of which there is none
 * yet is scaled by its operations, at the speed of the others. `slots`: fits at the same time.
 */
export function secondsLeft(cohorts: readonly CohortWork[], slots: number): number | null {
  const measured = cohorts.flatMap(({ size, batches }) => batches.flatMap((b) => {
    // Those with reused ranks took only a part of their time.
    return b.state === 'done' && b.seconds !== null && b.reused === 0 ? [{ kind: kindOf(size, b.batch), seconds: b.seconds, cost: costOf(size, b.batch) }] : [];
  }));
  const left = cohorts.flatMap(({ size, batches }) => batches.filter((b) => b.state !== 'done').map(({ batch }) => ({ kind: kindOf(size, batch), cost: costOf(size, batch) })));
  if (left.length === 0) return 0;
  if (measured.length === 0) return null;
  const byKind = new Map<string, number[]>();
  for (const m of measured) byKind.set(m.kind, [...(byKind.get(m.kind) ?? []), m.seconds]);
  const perOperation = sum(measured.map((m) => m.seconds)) / sum(measured.map((m) => m.cost));
  const expected = left.map((l) => median(byKind.get(l.kind)) ?? l.cost * perOperation);
  const done = sum(cohorts.flatMap((c) => c.running.map((seconds) => Math.min(seconds, Math.max(...expected)))));
  return Math.max(0, (sum(expected) - done) / Math.max(1, Math.min(slots, left.length)));
}

function costOf(size: CohortWork['size'], batch: FitBatch): number {
  return sum(batch.ranks.map((rank) => fitCost(size.vertices, columns(size, batch), rank)));
}

/** Batches of one kind take about the same time. */
function kindOf(size: CohortWork['size'], batch: FitBatch): string {
  return `${size.vertices} ${columns(size, batch)} ${batch.ranks.join(',')}`;
}

function columns({ subjects, metrics }: CohortWork['size'], { split }: FitBatch): number {
  return metrics * (split === null ? subjects : Math.ceil(subjects / 2));
}

function median(values: number[] | undefined): number | null {
  if (values === undefined || values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b), n = sorted.length;
  return ((sorted[(n - 1) >> 1] as number) + (sorted[n >> 1] as number)) / 2;
}

function sum(values: number[]): number {
  return values.reduce((s, v) => s + v, 0);
}
