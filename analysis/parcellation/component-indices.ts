/** Structural indices: the mean of a metric over the vertices of a component, per subject. */
import type { CohortMatrix } from './normalize.js';

export interface ComponentIndex {
  /** 1-based. */
  component: number;
  /** Position of the metric in the study. */
  metric: number;
  /** One value a subject, in the cohort's order; null when the component has no vertex. */
  values: (number | null)[];
}

/** Every component x metric of raw (not normalised) values and hard labels 1..k. */
export function componentIndices(cohort: CohortMatrix, labels: Int32Array, k: number): ComponentIndex[] {
  const { values, vertices, subjects, metrics } = cohort;
  const n = subjects * metrics;
  const sums = new Float64Array(k * n), counts = new Int32Array(k);
  for (let v = 0; v < vertices; v++) {
    const c = (labels[v] as number) - 1;
    if (c < 0) continue;
    counts[c] = (counts[c] as number) + 1;
    for (let j = 0; j < n; j++) sums[c * n + j] = (sums[c * n + j] as number) + (values[v * n + j] as number);
  }
  const out: ComponentIndex[] = [];
  for (let c = 0; c < k; c++) for (let q = 0; q < metrics; q++) {
    const count = counts[c] as number;
    out.push({ component: c + 1, metric: q, values: Array.from({ length: subjects }, (_, s) => count > 0 ? (sums[c * n + q * subjects + s] as number) / count : null) });
  }
  return out;
}
