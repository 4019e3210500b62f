/** participants.tsv of a BIDS dataset, and what its columns mean. */
import { writeTsv } from '../../formats/index.js';
import type { BidsFile, Row } from './rows.js';

/** Years. BIDS recommends that ages of 89 and more be written as `89+`, since so few reach them that an age tells who it is. */
export const OLDEST = 89;

/** `rows` in the order in which they are written. `identifiers`: with each participant's own id, and every age as it is. */
export function participantFiles(cohorts: readonly string[], rows: readonly Row[], label: (row: Row) => string, identifiers: boolean): BidsFile[] {
  const columns = ['participant_id', ...(identifiers ? ['source_id'] : []), 'cohort', 'group', 'age', 'sex'];
  const age = (row: Row): string | null => (identifiers || row['age'] == null || !(Number(row['age']) >= OLDEST) ? row['age'] ?? null : `${OLDEST}+`);
  return [
    ['participants.tsv', writeTsv(columns, rows.map((r) => [`sub-${label(r)}`, ...(identifiers ? [r['participant']] : []), r['cohort'], r['group'], age(r), r['sex']]))],
    ['participants.json', `${JSON.stringify({
      ...(identifiers ? { source_id: { Description: 'Identifier in the study\'s participants table' } } : { participant_id: { Description: 'A pseudonym: nothing of it is taken from the identifier' } }),
      cohort: { Description: 'Cohort', Levels: Object.fromEntries(cohorts.map((c) => [c, c])) },
      group: { Description: 'Group' }, age: { Description: identifiers ? 'Age' : `Age; ${OLDEST}+: ${OLDEST} or older`, Units: 'years' }, sex: { Description: 'Sex' },
    }, null, 2)}\n`],
  ];
}
