/** Survey: who is in the cohort and where their files are. Opens participants.tsv and lists folders; reads no vertex file. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { SulcusError } from '../../contracts/errors.js';
import type { Exclusion } from '../../contracts/results.js';
import type { CohortSpec, StudySpec } from '../../contracts/study.js';
import { readParticipants, type Participant } from '../../formats/index.js';
import type { ManifestDocument, ManifestSubject, SourceFile } from './documents.js';
import { readInput } from './read-input.js';

export class CohortError extends SulcusError {}

/** Fills {id}, {prefix} and {side} into a template. */
export function fillTemplate(template: string, values: { id: string; prefix: string; side?: string }): string {
  return template.replaceAll('{id}', values.id).replaceAll('{prefix}', values.prefix).replaceAll('{side}', values.side ?? '');
}

export async function surveyManifest(spec: StudySpec, directory: string, cohortName: string): Promise<ManifestDocument> {
  const cohort = spec.cohorts.find((c) => c.name === cohortName);
  if (cohort === undefined) throw new CohortError('UNKNOWN_COHORT', `the study has no cohort ${cohortName}`, { remedy: `cohorts: ${spec.cohorts.map((c) => c.name).join(', ')}` });
  const name = join(cohort.directory, cohort.participants);
  const { columns } = spec;
  const table = readParticipants(await readInput(directory, name, 'check directory and participants of the cohort in the study file'), { file: name, id: columns.id, required: [columns.group, columns.age, columns.sex] });
  const folders = new Map<string, string[]>();
  const subjects: ManifestSubject[] = [];
  for (const row of table.rows) {
    const problem = rowProblem(row, spec, cohort, name);
    const located = problem === null ? await locate(row.id, spec, cohort, directory, folders) : { files: [], problem };
    const age = row.values[columns.age] ?? null, sex = row.values[columns.sex] ?? null;
    subjects.push({
      id: row.id, group: String(row.values[columns.group] ?? ''), age: typeof age === 'number' ? age : null, sex: sex === null ? null : String(sex),
      values: row.values, files: located.files, problem: located.problem,
    });
  }
  return { cohort: cohortName, metrics: spec.metrics.map((m) => m.name), subjects };
}

function rowProblem(row: Participant, spec: StudySpec, cohort: CohortSpec, file: string): Exclusion | null {
  const exclusion = (code: string, reason: string, remedy: string): Exclusion => ({ id: row.id, code, reason, file, line: row.line, remedy });
  const group = row.values[spec.columns.group];
  if (group === null || group === undefined) return exclusion('GROUP_MISSING', 'no group is given', `fill in column ${spec.columns.group}`);
  if (!cohort.groups.includes(String(group))) return exclusion('GROUP_NOT_LISTED', `group ${String(group)} is not among the cohort's groups ${cohort.groups.join(', ')}`, 'list the group in the study file, or correct the row');
  if (/[/\\]|^\.\.?$/.test(row.id)) return exclusion('BAD_ID', 'the id cannot be part of a file name', 'rename the participant');
  const age = row.values[spec.columns.age];
  if (age !== null && age !== undefined && typeof age !== 'number') return exclusion('AGE_NOT_A_NUMBER', `age is "${String(age)}"`, `correct column ${spec.columns.age}`);
  return null;
}

async function locate(
  id: string, spec: StudySpec, cohort: CohortSpec, directory: string, folders: Map<string, string[]>,
): Promise<{ files: SourceFile[]; problem: Exclusion | null }> {
  const files: SourceFile[] = [];
  for (const metric of spec.metrics) for (const side of spec.surface.hemispheres) {
    const name = join(cohort.directory, fillTemplate(metric.file, { id, prefix: cohort.prefix, side }));
    const found = await matches(resolve(directory, name), folders);
    const problem = (code: string, reason: string, remedy: string): { files: SourceFile[]; problem: Exclusion } => ({ files: [], problem: { id, code, reason, file: name, line: null, remedy } });
    if (found.length > 1) return problem('MATCHED_TWICE', `${metric.name} ${side} is matched by ${found.map((f) => basename(f)).join(' and ')}`, 'make the template in the study file more specific');
    const path = found[0];
    if (path === undefined) {
      const native = resolve(directory, name.replace('_rsl', ''));
      const onlyNative = name.includes('_rsl') && (await matches(native, folders)).length > 0;
      return onlyNative
        ? problem('NO_CORRESPONDENCE', `${metric.name} ${side}: only the native-mesh file ${basename(native)} exists; its vertices do not correspond between subjects`, 'run the resampling stage of CIVET for this subject')
        : problem('MISSING_FILE', `${metric.name} ${side} does not exist`, 'complete the subject, or remove the row');
    }
    const written = relative(directory, path);
    if (/thickness|_tlink_|_tlaplace_|_tfs_/.test(basename(path)) && /_native_rms_(?!rsl)/.test(basename(path))) {
      return problem('NO_CORRESPONDENCE', `${metric.name} ${side}: ${basename(path)} is on the native mesh (no _rsl); its vertices do not correspond between subjects`, 'use the resampled file');
    }
    files.push({ metric: metric.name, side, path, name: written });
  }
  return { files, problem: null };
}

/** Files a path stands for; `*` in its last part matches anything. */
async function matches(path: string, folders: Map<string, string[]>): Promise<string[]> {
  const folder = dirname(path), pattern = basename(path);
  let names = folders.get(folder);
  if (names === undefined) {
    try {
      names = await readdir(folder);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
      names = [];
    }
    folders.set(folder, names);
  }
  if (!pattern.includes('*')) return names.includes(pattern) ? [path] : [];
  const test = new RegExp(`^${pattern.split('*').map((p) => p.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`);
  return names.filter((n) => test.test(n)).sort().map((n) => join(folder, n));
}
