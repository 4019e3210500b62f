/** Where a subject's vertex files are, by the templates of the study file. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Exclusion } from '../../contracts/results.js';
import type { CohortSpec, Hemisphere, MetricSpec, StudySpec } from '../../contracts/study.js';
import type { SourceFile } from './documents.js';
import { fillTemplate, type Folders } from './templates.js';

/** One input of a subject: a file, or why there is none to use. */
export type Located = { metric: string; side: Hemisphere } & ({ file: SourceFile; problem: null } | { file: null; problem: Exclusion });

/** Every vertex file of a subject, metric by metric. A file of both hemispheres is listed for each. */
export async function locateFiles(id: string, spec: StudySpec, cohort: CohortSpec, directory: string, folders: Folders): Promise<Located[]> {
  const located: Located[] = [];
  for (const metric of spec.metrics) for (const side of spec.surface.hemispheres) {
    located.push({ metric: metric.name, side, ...(await locateOne(id, metric, side, cohort, directory, folders)) });
  }
  return located;
}

async function locateOne(
  id: string, metric: MetricSpec, side: Hemisphere, cohort: CohortSpec, directory: string, folders: Folders,
): Promise<{ file: SourceFile; problem: null } | { file: null; problem: Exclusion }> {
  const name = join(cohort.directory, fillTemplate(metric.file, { id, prefix: cohort.prefix, side }));
  const found = await folders.match(resolve(directory, name));
  const what = metric.together === true ? metric.name : `${metric.name} ${side}`;
  const problem = (code: string, reason: string, remedy: string): { file: null; problem: Exclusion } => ({ file: null, problem: { id, code, reason, file: name, line: null, remedy } });
  if (found.length > 1) return problem('MATCHED_TWICE', `${what}: found ${found.map((f) => basename(f)).join(' and ')}, expected one file`, 'make the template in the study file more specific');
  const path = found[0];
  if (path === undefined) return absent(id, name, what, directory, folders, problem);
  if (onNativeMesh(path)) return problem('NO_CORRESPONDENCE', `${what}: ${basename(path)} is on the subject's own mesh; its vertices do not correspond between subjects`, 'use the resampled file (CIVET: _rsl_; FreeSurfer: resampled to fsaverage)');
  return { file: { metric: metric.name, side, path, name: relative(directory, path), ...(metric.together === true ? { together: true as const } : {}) }, problem: null };
}

/** CIVET's `_native_rms_` without `_rsl`, and FreeSurfer's `surf/lh.thickness`: the mesh before resampling, though it may have as many vertices. */
function onNativeMesh(path: string): boolean {
  return /_native_rms_(?!rsl)/.test(basename(path)) || (basename(dirname(path)) === 'surf' && /^[lr]h\.(thickness|area|volume|curv|sulc)(\.mgh|\.mgz|\.gii)?$/.test(basename(path)));
}

/** Tells a file that was never resampled, and a subject whose CIVET run did not finish, from one that is simply not there. */
async function absent(
  id: string, name: string, what: string, directory: string, folders: Folders, problem: (code: string, reason: string, remedy: string) => { file: null; problem: Exclusion },
): Promise<{ file: null; problem: Exclusion }> {
  const native = name.includes('_rsl') ? (await folders.match(resolve(directory, name.replace('_rsl', ''))))[0] : undefined;
  if (native !== undefined) {
    return problem('NO_CORRESPONDENCE', `${what}: only the native-mesh file ${basename(native)} exists; its vertices do not correspond between subjects`, 'run the resampling stage of CIVET for this subject');
  }
  const folder = dirname(resolve(directory, name)), subject = dirname(folder), inOwnFolder = basename(subject) === id || basename(subject) === id.replace(/^sub-/, '');
  if (inOwnFolder && !existsSync(subject)) return problem('MISSING_FILE', `${what} does not exist: there is no folder ${relative(directory, subject)}`, 'add the subject, or remove the row');
  const finished = inOwnFolder ? await folders.match(join(subject, 'logs', '*.finished')) : [];
  if (finished.length > 0) {
    return problem('MISSING_FILE', `${what} does not exist, though CIVET finished ${finished.length} stages of this subject`, `see ${relative(directory, join(subject, 'logs'))} for the stage that did not finish, or remove the row`);
  }
  return problem('MISSING_FILE', `${what} does not exist`, 'complete the subject, or remove the row');
}
