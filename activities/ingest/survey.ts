/** Survey: who is in the cohort and where their files are. Opens participants.tsv and lists folders; reads no vertex file. */
import { join } from 'node:path';
import { SulcusError } from '../../contracts/errors.js';
import type { Exclusion } from '../../contracts/results.js';
import type { CohortSpec, StudySpec } from '../../contracts/study.js';
import { levelOf, readParticipants, yearsPerUnit, type ColumnDescription, type Participant, type ParticipantTable } from '../../formats/index.js';
import type { ManifestDocument, ManifestSubject } from './documents.js';
import { locateFiles, reachOf, type Located } from './locate.js';
import { readInput } from './read-input.js';
import { readColumnDescriptions } from './sidecar.js';

export class CohortError extends SulcusError {}

/** A row of the participants table with everything that is wrong with it and with its files. */
export interface SurveyedSubject extends Omit<ManifestSubject, 'files' | 'problem'> {
  /** Line in the participants table. */
  line: number;
  rowProblem: Exclusion | null;
  located: Located[];
}

/** A row by itself: its files are not looked for. */
export type SurveyedRow = Omit<SurveyedSubject, 'located'>;

interface TableSurvey {
  cohort: CohortSpec;
  /** The participants table, relative to the study's folder. */
  file: string;
  table: ParticipantTable;
  /** What the JSON beside the table says of its columns; empty without one. */
  described: Described;
}

export interface CohortSurvey extends TableSurvey {
  subjects: SurveyedSubject[];
}

type Described = ReadonlyMap<string, ColumnDescription>;

/**
 * Everybody in the participants table and every file they should have.
 * @throws CohortError UNKNOWN_COHORT; MISSING_FILE, and the table reader's errors
 */
export async function surveySubjects(spec: StudySpec, directory: string, cohortName: string): Promise<CohortSurvey> {
  const { rows, ...survey } = await surveyRows(spec, directory, cohortName);
  const reach = reachOf(spec, survey.cohort, directory), subjects: SurveyedSubject[] = [];
  for (const row of rows) subjects.push({ ...row, located: row.rowProblem?.code === 'BAD_ID' ? [] : await locateFiles(row.id, spec, reach) });
  return { ...survey, subjects };
}

/** Everybody in the participants table, and what is wrong with their rows. Throws as surveySubjects does. */
export async function surveyRows(spec: StudySpec, directory: string, cohortName: string): Promise<TableSurvey & { rows: SurveyedRow[] }> {
  const cohort = cohortOf(spec, cohortName);
  const { file, table } = await readCohortTable(spec, directory, cohort);
  const described = await readColumnDescriptions(directory, file);
  const people: People = { spec, cohort, described, yearsPerAge: yearsPerAge(spec, described, file) };
  const rows = table.rows.map((row) => ({
    id: row.id, group: groupOf(row, people) ?? '', age: ageOf(row, people).value, sex: sexOf(row, people), values: row.values, line: row.line, rowProblem: problemOfRow(row, people, file),
  }));
  return { cohort, file, table, described, rows };
}

/** The ids in a cohort's table of participants, and the table's name. Throws as surveySubjects does. */
export async function participantIds(spec: StudySpec, directory: string, cohortName: string): Promise<{ file: string; ids: Set<string> }> {
  const { file, table } = await readCohortTable(spec, directory, cohortOf(spec, cohortName));
  return { file, ids: new Set(table.rows.map((row) => row.id)) };
}

/** The same as a manifest: the first problem of a subject excludes it. */
export async function surveyManifest(spec: StudySpec, directory: string, cohortName: string): Promise<ManifestDocument> {
  const { subjects } = await surveySubjects(spec, directory, cohortName);
  return { cohort: cohortName, metrics: spec.metrics.map((m) => m.name), subjects: subjects.map(manifestSubject) };
}

function manifestSubject({ line: _, rowProblem, located, ...about }: SurveyedSubject): ManifestSubject {
  const problem = rowProblem ?? located.find((l) => l.problem !== null)?.problem ?? null;
  return { ...about, files: problem === null ? located.flatMap((l) => (l.file === null ? [] : [l.file])) : [], problem };
}

function cohortOf(spec: StudySpec, name: string): CohortSpec {
  const cohort = spec.cohorts.find((c) => c.name === name);
  if (cohort === undefined) throw new CohortError('UNKNOWN_COHORT', `the study has no cohort ${name}`, { remedy: `cohorts: ${spec.cohorts.map((c) => c.name).join(', ')}` });
  return cohort;
}

async function readCohortTable({ columns }: StudySpec, directory: string, cohort: CohortSpec): Promise<{ file: string; table: ParticipantTable }> {
  const file = join(cohort.directory, cohort.participants);
  const bytes = await readInput(directory, file, 'check directory and participants of the cohort in the study file');
  const required = [columns.group, columns.age, columns.sex].filter((name) => name !== null);
  return { file, table: readParticipants(bytes, { file, id: columns.id, required }) };
}

/** A cell as written; null where missing, or where the study has no such column. */
function cell(row: Participant, column: string | null): string | null {
  return column === null ? null : row.text[column] ?? null;
}

/** What rows are read with. */
interface People {
  spec: StudySpec;
  cohort: CohortSpec;
  described: Described;
  yearsPerAge: number;
}

/** Years in one unit of the age column: 1 unless its description says otherwise. Throws BAD_UNIT for a unit that is none of time. */
function yearsPerAge({ columns }: StudySpec, described: Described, file: string): number {
  const units = columns.age === null ? null : described.get(columns.age)?.units ?? null;
  if (units === null) return 1;
  const years = yearsPerUnit(units);
  if (years === null) throw new CohortError('BAD_UNIT', `${file}: the description of column ${columns.age} gives its units as "${units}", expected years, months, weeks or days`, { file, remedy: 'correct Units in the JSON file beside the table' });
  return years;
}

/** Without a group column everybody is in the cohort's one group. A code that the study does not list, but whose meaning it does, is that meaning. */
function groupOf(row: Participant, { spec, cohort, described }: People): string | null {
  if (spec.columns.group === null) return cohort.groups[0] ?? null;
  const code = cell(row, spec.columns.group);
  const meaning = code === null || cohort.groups.includes(code) ? null : levelOf(described.get(spec.columns.group) ?? { levels: null }, code);
  return meaning !== null && cohort.groups.includes(meaning) ? meaning : code;
}

/** The meaning of the code, where the table's description has one. */
function sexOf(row: Participant, { spec, described }: People): string | null {
  const code = cell(row, spec.columns.sex);
  return code === null || spec.columns.sex === null ? null : levelOf(described.get(spec.columns.sex) ?? { levels: null }, code) ?? code;
}

/** Age in years. One age that is no number is that participant's problem, not the column's. */
function ageOf(row: Participant, { spec, yearsPerAge }: People): { value: number | null; text: string | null } {
  const text = cell(row, spec.columns.age);
  const value = text !== null && /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) * yearsPerAge : NaN;
  return { value: Number.isFinite(value) ? value : null, text };
}

function problemOfRow(row: Participant, people: People, file: string): Exclusion | null {
  const { spec, cohort } = people;
  const exclusion = (code: string, reason: string, remedy: string): Exclusion => ({ id: row.id, code, reason, file, line: row.line, remedy });
  if (/[/\\\0]|^\.\.?$/.test(row.id)) return exclusion('BAD_ID', 'the id cannot be part of a file name', 'rename the participant');
  const group = groupOf(row, people);
  if (group === null) return exclusion('GROUP_MISSING', `no group is given, expected one of ${cohort.groups.join(', ')}`, `fill in column ${spec.columns.group}`);
  if (!cohort.groups.includes(group)) return exclusion('GROUP_NOT_LISTED', `group ${group} is not among the cohort's groups ${cohort.groups.join(', ')}`, 'list the group in the study file, or correct the row');
  const age = ageOf(row, people);
  if (age.text !== null && age.value === null) return exclusion('AGE_NOT_A_NUMBER', `age is "${age.text}", expected a number`, `correct column ${spec.columns.age}`);
  return null;
}
