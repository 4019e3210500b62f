/** What participants are called in a BIDS dataset: by pseudonyms, or by their identifiers as far as BIDS can write them. */
import { SulcusError } from '../../contracts/errors.js';
import { participantPseudonyms } from '../../security/index.js';
import { participantOf, type Row } from './rows.js';

export interface Names {
  /** The part after `sub-`. Throws BAD_RESULTS when the participants' table does not have whom the row is about. */
  readonly label: (row: Row) => string;
  /** The rows as they may be passed on: under pseudonyms in their order, since that of the study's table would give everybody away; else as they are. */
  readonly inOrder: (rows: readonly Row[]) => readonly Row[];
}

const keyOf = (row: Row): string => JSON.stringify([row['cohort'], row['participant']]);

/** BIDS labels hold letters and digits only. */
export const alphanumeric = (text: string): string => text.replace(/[^A-Za-z0-9]/g, '');

/** `participants`: rows of the participants' table; `key` of the pseudonyms, or null. Throws BAD_LABEL, PSEUDONYM_COLLISION. */
export function namesOf(participants: readonly Row[], key: Uint8Array | null): Names {
  const labels = key === null ? identifierLabels(participants) : pseudonymLabels(participants, key);
  const label = (row: Row): string => {
    const known = labels.get(keyOf(row));
    if (known === undefined) throw new SulcusError('BAD_RESULTS', `a table of the results has a participant of ${row['cohort']} whom tables/participants.tsv does not have`, { remedy: 'run the study again: results are written whole' });
    return known;
  };
  const inOrder = (rows: readonly Row[]): readonly Row[] => (key === null ? rows : rows.map((row) => [label(row), row] as const).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, row]) => row));
  return { label, inOrder };
}

function pseudonymLabels(participants: readonly Row[], key: Uint8Array): Map<string, string> {
  const names = participantPseudonyms(key, participants.map(participantOf));
  return new Map(participants.map((row, i) => [keyOf(row), names[i] as string]));
}

/** Where two cohorts use one label, every label begins with its cohort. */
function identifierLabels(participants: readonly Row[]): Map<string, string> {
  const bare = (row: Row): string => alphanumeric((row['participant'] ?? '').replace(/^sub-/, ''));
  const cohortsOf = new Map<string, Set<string>>();
  for (const row of participants) cohortsOf.set(bare(row), new Set([...(cohortsOf.get(bare(row)) ?? []), row['cohort'] ?? '']));
  const prefixed = [...cohortsOf.values()].some((c) => c.size > 1);
  const labels = new Map<string, string>(), seen = new Set<string>();
  for (const row of participants) {
    const label = prefixed ? `${alphanumeric(row['cohort'] ?? '')}${bare(row)}` : bare(row);
    if (label === '' || seen.has(label.toLowerCase())) {
      throw new SulcusError('BAD_LABEL', `two participants of ${row['cohort']} would be sub-${label}: BIDS labels hold letters and digits only`, { remedy: 'rename one of them in the participants table' });
    }
    seen.add(label.toLowerCase());
    labels.set(keyOf(row), label);
  }
  return labels;
}
