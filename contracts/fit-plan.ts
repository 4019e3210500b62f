/** Which fits go into one activity. Pure: the same plan on every replay. */
import { FIT_BATCH_FLOPS, FITS_PER_LOOKUP, PASSES_PER_RANK } from './limits.js';

export type HalfName = 'A' | 'B';

/** Fits of one half (or of the whole cohort when `split` is null) at several ranks: they share the input matrix and its decomposition. */
export interface FitBatch {
  split: number | null;
  half: HalfName | null;
  ranks: number[];
}

/** Estimated floating-point operations of one fit: 4 m n k a pass, more passes at higher ranks. */
export function fitCost(vertices: number, columns: number, rank: number): number {
  return 4 * vertices * columns * rank * PASSES_PER_RANK * rank;
}

/** Batches of at most `budget` operations (one rank at least): many small fits share an activity, one large rank has its own. */
export function planFitBatches(
  size: { vertices: number; subjects: number; metrics: number }, ranks: readonly [number, number], splits: number, budget = FIT_BATCH_FLOPS,
): FitBatch[] {
  const all = Array.from({ length: ranks[1] - ranks[0] + 1 }, (_, i) => ranks[0] + i);
  const batches: FitBatch[] = [];
  const add = (split: number | null, half: HalfName | null, subjects: number): void => {
    let open: number[] = [], cost = 0;
    for (const rank of all) {
      const next = fitCost(size.vertices, subjects * size.metrics, rank);
      if (open.length > 0 && cost + next > budget) { batches.push({ split, half, ranks: open }); open = []; cost = 0; }
      open.push(rank);
      cost += next;
    }
    if (open.length > 0) batches.push({ split, half, ranks: open });
  };
  // The whole cohort first: it is the longest, and what waits at the end should be short.
  add(null, null, size.subjects);
  for (let split = 0; split < splits; split++) for (const half of ['A', 'B'] as const) add(split, half, Math.ceil(size.subjects / 2));
  return batches;
}

/** Batches in groups of at most `most` fits (one batch at least), in their order: what one look-up asks for. */
export function planLookups(batches: readonly FitBatch[], most = FITS_PER_LOOKUP): FitBatch[][] {
  const groups: FitBatch[][] = [];
  let fits = Infinity;
  for (const batch of batches) {
    if (fits + batch.ranks.length > most) { groups.push([]); fits = 0; }
    groups[groups.length - 1]?.push(batch);
    fits += batch.ranks.length;
  }
  return groups;
}

/** How an activity of this batch reads in the Temporal UI. Splits are counted from 1 for people. */
export function describeBatch(cohort: string, batch: FitBatch): string {
  const first = batch.ranks[0] as number, last = batch.ranks[batch.ranks.length - 1] as number;
  const ranks = first === last ? `rank ${first}` : `ranks ${first}-${last}`;
  return `${cohort} · OPNMF, ${ranks} · ${batch.split === null ? 'whole cohort' : `split ${batch.split + 1} · half ${batch.half}`}`;
}
