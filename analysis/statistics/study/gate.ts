/** Step 3: the replication gate. */
import type { ReplicatedIndex } from '../../../contracts/results.js';
import type { AncovaRow } from '../../../contracts/statistic-rows.js';

/** Indices significant after adjustment in every cohort, in the order of the first. */
export function replicatedIndices(cohorts: readonly (readonly Pick<AncovaRow, 'component' | 'metric' | 'significant'>[])[]): ReplicatedIndex[] {
  const [first, ...others] = cohorts;
  return (first ?? [])
    .filter((row) => row.significant && others.every((rows) => rows.some((r) => r.component === row.component && r.metric === row.metric && r.significant)))
    .map(({ component, metric }) => ({ component, metric }));
}
