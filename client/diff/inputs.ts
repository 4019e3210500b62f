/** What two runs were made from: participants, their files, rows and spectra; region; metrics. */
import type { CohortInputs, ParticipantInputs, RunProvenance } from '../../contracts/provenance.js';
import type { StudyResults } from '../../contracts/results.js';

export interface People {
  count: number;
  ids: string[];
}

export interface CohortInputChange {
  cohort: string;
  /** Participants analysed in A and in B; null: the cohort is not in the run. */
  participants: [number | null, number | null];
  added: People;
  removed: People;
  /** In both, with other vertex files or volumes; not told where the region or the metrics differ. */
  files: People;
  /** In both, with another row in the participants' table. */
  rows: People;
  spectra: People;
  region: boolean;
  metrics: [string[], string[]] | null;
  /** Excluded in A and in B. */
  excluded: [number | null, number | null];
  /** False: one of the runs is of a version that kept no digests, so only counts are known. */
  known: boolean;
}

/** Every cohort of either run, those of B first. */
export function inputChanges(a: { results: StudyResults; provenance: RunProvenance }, b: { results: StudyResults; provenance: RunProvenance }): CohortInputChange[] {
  const names = [...new Set([...Object.keys(b.results.cohorts), ...Object.keys(a.results.cohorts)])];
  return names.map((cohort) => {
    const [x, y] = [a.results.cohorts[cohort], b.results.cohorts[cohort]], [p, q] = [a.provenance.inputs?.[cohort], b.provenance.inputs?.[cohort]];
    const counts = { cohort, participants: [x?.subjects ?? null, y?.subjects ?? null], excluded: [x?.excluded.length ?? null, y?.excluded.length ?? null] } satisfies Partial<CohortInputChange>;
    const none = { added: people([]), removed: people([]), files: people([]), rows: people([]), spectra: people([]), region: false, metrics: null };
    return p === undefined || q === undefined ? { ...counts, ...none, known: false } : { ...counts, ...digests(p, q), known: true };
  });
}

/** Whether a cohort's inputs are the same as far as is known. */
export function isSame(c: CohortInputChange): boolean {
  return c.participants[0] === c.participants[1] && c.excluded[0] === c.excluded[1] && [c.added, c.removed, c.files, c.rows, c.spectra].every((p) => p.count === 0) && !c.region && c.metrics === null;
}

function digests(a: CohortInputs, b: CohortInputs): Pick<CohortInputChange, 'added' | 'removed' | 'files' | 'rows' | 'spectra' | 'region' | 'metrics'> {
  const before = new Map(a.participants.map((p) => [p.id, p])), now = new Map(b.participants.map((p) => [p.id, p]));
  const both = b.participants.flatMap((p): [ParticipantInputs, ParticipantInputs][] => { const old = before.get(p.id); return old === undefined ? [] : [[old, p]]; });
  const differing = (field: 'files' | 'row' | 'spectrum'): People => people(both.filter(([x, y]) => x[field] !== y[field]).map(([, y]) => y.id));
  const region = a.region !== b.region, metrics: [string[], string[]] | null = a.metrics.join('\n') === b.metrics.join('\n') ? null : [a.metrics, b.metrics];
  return {
    added: people(b.participants.filter((p) => !before.has(p.id)).map((p) => p.id)), removed: people(a.participants.filter((p) => !now.has(p.id)).map((p) => p.id)),
    files: region || metrics !== null ? people([]) : differing('files'), rows: differing('row'), spectra: differing('spectrum'), region, metrics,
  };
}

const people = (ids: string[]): People => ({ count: ids.length, ids });
