/** The steps that the results rest on. A run in which a participant was left out fits a cohort twice: only the fits behind the evidence are told. */
import type { StepRow } from '../../contracts/results.js';
import type { CohortMaterial } from './results.js';

export function stepsBehind(cohorts: readonly Pick<CohortMaterial, 'cohort' | 'evidence'>[], steps: readonly StepRow[]): StepRow[] {
  const keys = new Map(cohorts.map(({ cohort, evidence }) => [cohort, new Set([...evidence.whole.map((w) => w.key), ...evidence.halves.flatMap((h) => h.splits.flat())])]));
  const seen = new Set<string>();
  return steps.filter((row) => {
    if (row.step !== 'fit' || row.cohort === null || row.key === null) return true;
    const place = [row.cohort, row.rank, row.split, row.half].join(' ');
    if (keys.get(row.cohort)?.has(row.key) === false || seen.has(place)) return false;
    seen.add(place);
    return true;
  });
}
