/** Survey: who is in the cohort and where their files are. Opens participants.tsv and lists folders; reads no vertex file. */
import { join } from 'node:path';
import { SulcusError } from '../../contracts/errors.js';
import type { Exclusion } from '../../contracts/results.js';
import type { CohortSpec, StudySpec } from '../../contracts/study.js';
import { readParticipants, type Participant, type ParticipantTable } from '../../formats/index.js';
import type { ManifestDocument, ManifestSubject } from './documents.js';
import { locateFiles, type Located } from './locate.js';
import { readInput } from './read-input.js';
import { Folders } from './templates.js';

export class CohortError extends SulcusError {}

/** A row of the participants table with everything that is wrong with it and with its files. */
export interface SurveyedSubject extends Omit<ManifestSubject, 'files' | 'problem'> {
  /** Line in the participants table. */
  line: number;
  rowProblem: Exclusion | null;
  located: Located[];
}

export interface CohortSurvey {
  cohort: CohortSpec;
  /** The participants table, relative to the study's folder. */
  file: string;
  table: ParticipantTable;
  subjects: SurveyedSubject[];
}

/**
 * Everybody in the participants table and every file they should have.
 * @throws CohortError UNKNOWN_COHORT; MISSING_FILE, and the table reader's errors
 */
export async function surveySubjects(spec: StudySpec, directory: string, cohortName: string): Promise<CohortSurvey> {
  const cohort = cohortOf(spec, cohortName);
  const { file, table } = await readCohortTable(spec, directory, cohort);
  const folders = new Folders();
  const subjects: SurveyedSubject[] = [];
  for (const row of table.rows) {
    const rowProblem = problemOfRow(row, spec, cohort, file);
    subjects.push({
      id: row.id, group: groupOf(row, spec, cohort) ?? '', age: ageOf(row, spec).value, sex: cell(row, spec.columns.sex), values: row.values,
      line: row.line, rowProblem, located: rowProblem?.code === 'BAD_ID' ? [] : await locateFiles(row.id, spec, cohort, directory, folders),
    });
  }
  return { cohort, file, table, subjects };
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

/** Without a group column everybody is in the cohort's one group. */
function groupOf(row: Participant, spec: StudySpec, cohort: CohortSpec): string | null {
  return spec.columns.group === null ? cohort.groups[0] ?? null : cell(row, spec.columns.group);
}

/** One age that is no number is that participant's problem, not the column's. */
function ageOf(row: Participant, spec: StudySpec): { value: number | null; text: string | null } {
  const text = cell(row, spec.columns.age);
  const value = text !== null && /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : NaN;
  return { value: Number.isFinite(value) ? value : null, text };
}

function problemOfRow(row: Participant, spec: StudySpec, cohort: CohortSpec, file: string): Exclusion | null {
  const exclusion = (code: string, reason: string, remedy: string): Exclusion => ({ id: row.id, code, reason, file, line: row.line, remedy });
  if (/[/\\\0]|^\.\.?$/.test(row.id)) return exclusion('BAD_ID', 'the id cannot be part of a file name', 'rename the participant');
  const group = groupOf(row, spec, cohort);
  if (group === null) return exclusion('GROUP_MISSING', `no group is given, expected one of ${cohort.groups.join(', ')}`, `fill in column ${spec.columns.group}`);
  if (!cohort.groups.includes(group)) return exclusion('GROUP_NOT_LISTED', `group ${group} is not among the cohort's groups ${cohort.groups.join(', ')}`, 'list the group in the study file, or correct the row');
  const age = ageOf(row, spec);
  if (age.text !== null && age.value === null) return exclusion('AGE_NOT_A_NUMBER', `age is "${age.text}", expected a number of years`, `correct column ${spec.columns.age}`);
  return null;
}
