/** What a sweep found, in words. Counts only. */
import type { CohortFindings } from '../../contracts/sweep.js';

/** `tokyo: 2 participants added, 1 with other files`; empty when nothing differs. */
export function findingsWords(f: CohortFindings): string[] {
  const parts = [
    ...(f.added > 0 ? [`${people(f.added)} added`] : []),
    ...(f.removed > 0 ? [`${people(f.removed)} removed`] : []),
    ...(f.files > 0 ? [`${people(f.files)} with other files`] : []),
    ...(f.rows > 0 ? [`${people(f.rows)} with another row`] : []),
    ...(f.spectra ? ['other spectra'] : []),
  ];
  return parts.length === 0 ? [] : [`${f.cohort}: ${parts.join(', ')}`];
}

/** `; waiting: 1 participant of tokyo`, to follow a verdict; empty when nobody waits. */
export function waitingWords(cohorts: readonly CohortFindings[]): string {
  const waits = cohorts.filter((c) => c.waiting > 0).map((c) => `${people(c.waiting)} of ${c.cohort}`);
  return waits.length === 0 ? '' : `; waiting: ${waits.join(', ')}`;
}

const people = (n: number): string => `${n} participant${n === 1 ? '' : 's'}`;
