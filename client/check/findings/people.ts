/** What is odd about the participants: small groups, ages that cannot be, columns that are not what the study needs, columns that name people. */
import type { CohortSurvey } from '../../../activities/ingest/survey.js';
import { createProblem, type Problem, type StudyFile } from '../../../config/index.js';
import { unexplainedLevels } from '../../../formats/index.js';
import { personalColumn } from '../personal.js';
import { median } from '../robust.js';
import { dateProblems } from './dates.js';

/** Groups smaller than this are worth a warning. */
const SMALL_GROUP = 5;
const OLDEST = 120;

export function peopleOf(survey: CohortSurvey, study: StudyFile, today: Date): Problem[] {
  const problems: Problem[] = [];
  const { cohort, file, table, subjects } = survey;
  const warn = (problem: Pick<Problem, 'code' | 'message'> & Partial<Problem>): void => { problems.push(createProblem({ severity: 'warning', cohort: cohort.name, file, ...problem })); };
  for (const group of cohort.groups) {
    const n = subjects.filter((s) => s.group === group).length;
    if (n < SMALL_GROUP) warn({ code: 'SMALL_GROUP', message: `found ${n} participant${n === 1 ? '' : 's'} in group ${group}, expected at least ${SMALL_GROUP}`, remedy: 'its comparisons will be weak or impossible' });
  }
  problems.push(...ages(survey, study), ...columns(survey, study));
  for (const { column, code, line } of unexplainedLevels(table, survey.described)) {
    warn({ code: 'UNKNOWN_LEVEL', line, message: `column ${column}: found "${code}", expected one of ${[...(survey.described.get(column)?.levels?.keys() ?? [])].join(', ')}, as the JSON file beside the table lists`, remedy: 'correct the value, or add it to Levels' });
  }
  for (const name of table.columns) {
    if (name === study.spec.columns.id) continue;
    const values = table.rows.map((r) => r.text[name] ?? null);
    const what = personalColumn(name, values);
    if (what !== null) warn({ code: 'PERSONAL_COLUMN', line: 1, message: `column ${name} seems to hold ${what}, expected none`, remedy: 'take the column out before the study is run: columns of this table go into the results' });
    problems.push(...dateProblems(name, survey, today));
  }
  return problems;
}

function ages({ cohort, file, subjects }: CohortSurvey, { spec }: StudyFile): Problem[] {
  const known = subjects.flatMap((s) => (s.age === null ? [] : [s.age]));
  if (spec.columns.age === null || known.length === 0) return [];
  const warn = (problem: Partial<Problem> & Pick<Problem, 'message'>): Problem => createProblem({ severity: 'warning', code: 'IMPOSSIBLE_AGE', cohort: cohort.name, file, ...problem });
  const middle = median(known);
  if (middle > OLDEST) return [warn({ message: `found a median age of ${middle}, expected years; it looks like ${middle > 3000 ? 'days' : 'months'}`, remedy: 'write ages in years' })];
  return subjects.filter((s) => s.age !== null && (s.age < 0 || s.age > OLDEST)).map((s) => warn({
    subject: s.id, line: s.line, input: 'participant', message: `found an age of ${s.age}, expected 0 to ${OLDEST} years`, remedy: `correct column ${spec.columns.age}`,
  }));
}

/** Columns that the study names: there, and of one kind. */
function columns({ cohort, file, table, subjects }: CohortSurvey, study: StudyFile): Problem[] {
  const { spec } = study, problems: Problem[] = [];
  const roles: Record<string, string | null> = { age: spec.columns.age, sex: spec.columns.sex };
  const wanted: { column: string; path: (string | number)[]; numeric: boolean; needed: boolean }[] = [
    ...spec.statistics.covariates.map((name) => ({ column: roles[name] ?? name, path: ['statistics', 'covariates'], numeric: false, needed: true })),
    ...spec.clinical.flatMap((c, i) => (c.groups === 'patients' || c.groups.some((g) => cohort.groups.includes(g)) ? [{ column: c.measure, path: ['clinical', i, 'measure'], numeric: true, needed: false }] : [])),
    ...spec.demographics.map((name) => ({ column: name, path: ['demographics'], numeric: false, needed: false })),
  ];
  for (const { column, path, numeric, needed } of wanted) {
    if (!table.columns.includes(column)) {
      problems.push(createProblem({
        severity: needed ? 'error' : 'warning', code: 'COLUMN_MISSING', cohort: cohort.name, file: study.file, line: study.locate(path),
        message: `found no column ${column} in ${file}, expected one`, remedy: `its columns: ${table.columns.join(', ')}`,
      }));
      continue;
    }
    const cells = table.rows.map((r) => ({ line: r.line, text: r.text[column] ?? null }));
    const empty = cells.filter((c) => c.text === null);
    if (empty.length === cells.length) {
      problems.push(createProblem({ severity: 'warning', code: 'COLUMN_EMPTY', cohort: cohort.name, file, line: 1, message: `column ${column}: found no value, expected some`, remedy: needed ? 'fill it in, or leave it out of statistics: covariates' : 'nothing can be said of it' }));
    } else if (needed && empty.length > 0) {
      problems.push(createProblem({
        severity: 'warning', code: 'VALUE_MISSING', cohort: cohort.name, file, line: empty[0]?.line ?? null,
        message: `column ${column}: found no value for ${empty.length} of ${cells.length} participants (line${empty.length === 1 ? '' : 's'} ${some(empty.map((c) => c.line))}), expected one`, remedy: 'fill it in: they are left out of every model with it',
      }));
    }
    problems.push(...mixed(cells, column, cohort.name, file, numeric), ...alike(cells, column, cohort.name, file));
  }
  return subjects.length === 0 ? [createProblem({ code: 'NO_PARTICIPANTS', cohort: cohort.name, file, message: 'found no participant, expected at least four', remedy: 'write one row a participant below the header' }), ...problems] : problems;
}

interface CellAt { line: number; text: string | null }

/** A few words in a column of numbers make all of it categories. */
function mixed(cells: readonly CellAt[], column: string, cohort: string, file: string, numeric: boolean): Problem[] {
  const present = cells.filter((c) => c.text !== null), words = present.filter((c) => !Number.isFinite(Number(c.text)));
  if (words.length === 0 || (!numeric && words.length > present.length / 2)) return [];
  return [createProblem({
    severity: 'warning', code: 'MIXED_COLUMN', cohort, file, line: words[0]?.line ?? null,
    message: `column ${column}: found "${words[0]?.text}"${words.length > 1 ? ` and ${words.length - 1} more that are no numbers` : ''}, expected numbers`, remedy: 'write n/a where a value is missing: otherwise the column counts as categories',
  })];
}

/** Levels that differ only in case, or as M and male do. */
function alike(cells: readonly CellAt[], column: string, cohort: string, file: string): Problem[] {
  const levels = [...new Set(cells.flatMap((c) => (c.text === null || Number.isFinite(Number(c.text)) ? [] : [c.text])))];
  for (const [i, a] of levels.entries()) for (const b of levels.slice(i + 1)) {
    const [short, long] = [a.toLowerCase(), b.toLowerCase()].sort((x, y) => x.length - y.length) as [string, string];
    if (short !== long && !(short.length === 1 && long.startsWith(short))) continue;
    return [createProblem({ severity: 'warning', code: 'ALIKE_LEVELS', cohort, file, line: cells.find((c) => c.text === b)?.line ?? null, message: `column ${column}: found both "${a}" and "${b}", expected one spelling of a level`, remedy: 'write it in one way: they count as two levels' })];
  }
  return [];
}

/** The first few of many lines. */
function some(lines: readonly number[]): string {
  return lines.length <= 5 ? lines.join(', ') : `${lines.slice(0, 5).join(', ')}, ...`;
}

/** One id in two cohorts: the same person, or an id that should say its cohort. */
export function sharedIds(surveys: readonly CohortSurvey[]): Problem[] {
  const seen = new Map<string, { cohort: string; line: number }>();
  return surveys.flatMap(({ cohort, file, subjects }) => subjects.flatMap((s) => {
    const before = seen.get(s.id);
    if (before === undefined || before.cohort === cohort.name) { seen.set(s.id, { cohort: cohort.name, line: s.line }); return []; }
    return [createProblem({ severity: 'warning', code: 'SAME_ID', cohort: cohort.name, subject: s.id, input: 'participant', file, line: s.line, message: `found the same id as on line ${before.line} of ${before.cohort}, expected different people`, remedy: 'check that it is not one person in two cohorts' })];
  }));
}
