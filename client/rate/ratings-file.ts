/** ratings.tsv, as the page saves it or a person writes it: every row held against the study before any is taken in. */
import { RATINGS, type RatingValue } from '../../contracts/pipelines.js';
import { SulcusError } from '../../contracts/errors.js';
import { FormatError, readDelimited, type DelimitedTable } from '../../formats/index.js';
import type { Review, Reviewed } from './gather.js';

export interface Said {
  reviewed: Reviewed;
  rating: RatingValue;
  note: string | null;
}

export interface RowProblem {
  line: number;
  code: string;
  message: string;
}

/** Why no row was taken in. */
export class RatingsRefused extends SulcusError {
  constructor(readonly problems: RowProblem[], file: string) {
    super('RATINGS_REFUSED', `${file}: ${problems.length} row${problems.length === 1 ? '' : 's'} cannot be taken in, so none was`, { file, remedy: 'correct the file, or write the page again with `sulcus rate` and look again' });
  }
}

const COLUMNS = ['cohort', 'participant', 'pipeline', 'step', 'rating', 'note', 'outputs'] as const, NEEDED = ['participant', 'rating'] as const;
type Row = { line: number } & Record<(typeof COLUMNS)[number], string | null>;

/**
 * Rows in their order; those whose rating is empty are left aside and counted. Columns `cohort`, `pipeline`, `step` may be left out where the study has one;
 * without `outputs` what is there now is rated.
 * @param reviews all of the study, whoever has come to them
 * @param known ids by cohort
 * @throws RatingsRefused, and SulcusError RATINGS_REFUSED when it is no table or has no column of that name
 */
export function readRatings(bytes: Uint8Array, file: string, reviews: readonly Review[], known: ReadonlyMap<string, ReadonlySet<string>>): { said: Said[]; empty: number } {
  const { columns, rows } = readTable(bytes, file), problems: RowProblem[] = [], said: Said[] = [], seen = new Map<Reviewed, number>();
  for (const name of NEEDED) if (!columns.includes(name)) throw new SulcusError('RATINGS_REFUSED', `${file}: no column ${name}`, { file, line: 1, remedy: `columns: ${COLUMNS.join(', ')}` });
  let empty = 0;
  for (const { line, cells } of rows) {
    const row = { line, ...Object.fromEntries(COLUMNS.map((name) => [name, columns.includes(name) ? cells[columns.indexOf(name)] ?? null : null])) } as Row;
    if (row.rating === null) { empty++; continue; }
    const found = readRow(row, reviews, known);
    if ('code' in found) { problems.push(found); continue; }
    const before = seen.get(found.reviewed);
    if (before !== undefined) problems.push({ line, code: 'RATED_TWICE', message: `${row.participant} is rated in line ${before} already` });
    seen.set(found.reviewed, before ?? line);
    said.push(found);
  }
  if (problems.length > 0) throw new RatingsRefused(problems, file);
  return { said, empty };
}

function readTable(bytes: Uint8Array, file: string): Pick<DelimitedTable, 'columns' | 'rows'> {
  try {
    return readDelimited(bytes, { file });
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new SulcusError('RATINGS_REFUSED', error.message, { file, cause: error, ...(error.remedy === null ? {} : { remedy: error.remedy }), line: error.line });
  }
}

function readRow({ line, ...row }: Row, reviews: readonly Review[], known: ReadonlyMap<string, ReadonlySet<string>>): Said | RowProblem {
  const problem = (code: string, message: string): RowProblem => ({ line, code, message });
  if (row.participant === null) return problem('UNKNOWN_PARTICIPANT', 'no participant');
  const rating = RATINGS.find((one) => one === row.rating?.toLowerCase());
  if (rating === undefined) return problem('UNKNOWN_RATING', `the rating "${row.rating}", expected ${RATINGS.join(', ')}`);
  const found = findReviewed({ cohort: row.cohort, participant: row.participant, pipeline: row.pipeline, step: row.step }, reviews, known);
  if ('code' in found) return problem(found.code, found.message);
  if (row.outputs !== null && row.outputs !== found.reviewed.outputs) return problem('OUTPUTS_CHANGED', `the outputs of ${row.participant} have changed since they were looked at: look again`);
  return { reviewed: found.reviewed, rating, note: row.note };
}

/** The one step of the one participant that is meant. */
export function findReviewed(
  asked: { cohort: string | null; participant: string; pipeline: string | null; step: string | null }, reviews: readonly Review[], known: ReadonlyMap<string, ReadonlySet<string>>,
): { reviewed: Reviewed } | { code: string; message: string } {
  if (asked.cohort !== null && !known.has(asked.cohort)) return { code: 'UNKNOWN_COHORT', message: `no cohort ${asked.cohort}` };
  const cohorts = [...known].filter(([name, ids]) => (asked.cohort ?? name) === name && ids.has(asked.participant)).map(([name]) => name);
  if (cohorts.length === 0) return { code: 'UNKNOWN_PARTICIPANT', message: `no participant ${asked.participant}${asked.cohort === null ? '' : ` in ${asked.cohort}`}` };
  if (cohorts.length > 1) return { code: 'SEVERAL_COHORTS', message: `a participant ${asked.participant} is in ${cohorts.join(' and ')}: name the cohort` };
  const fits = reviews.filter(({ cohort, pipeline, step }) => cohort === cohorts[0] && (asked.pipeline ?? pipeline) === pipeline && (asked.step ?? step) === step);
  if (fits.length === 0) return { code: 'NOT_REVIEWED', message: `step ${asked.step ?? ''}${asked.pipeline === null ? '' : ` of ${asked.pipeline}`} is not looked at by persons; those that are: ${[...new Set(reviews.map(({ pipeline, step }) => `${step} of ${pipeline}`))].join(', ')}` };
  if (fits.length > 1) return { code: 'SEVERAL_STEPS', message: `several steps are looked at: name one of ${fits.map(({ pipeline, step }) => `${step} of ${pipeline}`).join(', ')}` };
  const reviewed = fits[0]?.reviewed.find((one) => one.participant === asked.participant);
  return reviewed === undefined ? { code: 'NOT_DONE', message: `${asked.participant} has no finished step ${fits[0]?.step} to be rated, or is left out before it` } : { reviewed };
}
