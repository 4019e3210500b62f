/** Whether two runs found the same parcels, and which component of one is which of the other. */
import { optimalAssignment } from '../../analysis/parcellation/assignment.js';
import { adjustedRandIndex, overlapMatrix } from '../../analysis/parcellation/labels.js';
import type { ComparedRun } from './load.js';

export interface ParcellationChange {
  cohort: string;
  /** Adjusted Rand index of the two parcellations, over the vertices that both analysed; null: they share none. */
  ari: number | null;
  /** Vertices that both analysed. */
  vertices: number;
}

export interface ParcellationChanges {
  cohorts: ParcellationChange[];
  /** numbering[i]: component of B that is component i + 1 of A; null: ranks differ, or there is nothing to compare. */
  numbering: number[] | null;
}

export function parcellationChanges(a: ComparedRun, b: ComparedRun): ParcellationChanges {
  const cohorts: ParcellationChange[] = [];
  let numbering: number[] | null = null;
  const rank = a.results.rank.chosen === b.results.rank.chosen ? a.results.rank.chosen : null;
  for (const cohort of Object.keys(b.results.cohorts)) {
    const both = shared(meshLabels(a.labels, cohort), meshLabels(b.labels, cohort));
    if (both === null) continue;
    cohorts.push({ cohort, ari: both.a.length === 0 ? null : adjustedRandIndex(both.a, both.b), vertices: both.a.length });
    // Components are numbered as in the first cohort, in all of them.
    if (rank !== null && numbering === null && both.a.length > 0) {
      numbering = optimalAssignment(overlapMatrix(both.a, both.b, rank), 'maximise').map((j, i) => (j ?? i) + 1);
    }
  }
  return { cohorts, numbering };
}

/** Components from 1 over left, then right; 0 outside the region. Null when the run has no parcellation of the cohort. */
function meshLabels(labels: Record<string, string>, cohort: string): number[] | null {
  const texts = ['left', 'right'].flatMap((side) => { const text = labels[`${cohort}_${side}`]; return text === undefined ? [] : [text]; });
  return texts.length === 0 ? null : texts.flatMap((text) => text.trim().split(/\s+/).map(Number));
}

/** Labels where both have one; null when the meshes differ. */
function shared(a: number[] | null, b: number[] | null): { a: Int32Array; b: Int32Array } | null {
  if (a === null || b === null || a.length !== b.length) return null;
  const where = a.flatMap((label, i) => (label > 0 && (b[i] as number) > 0 ? [i] : []));
  return { a: Int32Array.from(where, (i) => a[i] as number), b: Int32Array.from(where, (i) => b[i] as number) };
}
