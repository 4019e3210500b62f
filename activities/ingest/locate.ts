/** Where a subject's files are, by the templates of the study file. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { Bounds, withinStudy } from '../../config/index.js';
import type { Exclusion } from '../../contracts/results.js';
import type { CohortSpec, Hemisphere, MetricSpec, StudySpec } from '../../contracts/study.js';
import type { InputFile, SourceFile } from './documents.js';
import { fillTemplate, Folders } from './templates.js';

/** One input of a subject: a file, or why there is none to use. */
export type Located = { metric: string; side: Hemisphere } & ({ file: SourceFile; problem: null } | { file: null; problem: Exclusion });

export type Found<T> = { file: T; problem: null } | { file: null; problem: Exclusion };

/** Every vertex file or volume of a subject, metric by metric, with the surface and transforms it is read with. A file of both hemispheres is listed for each. */
export async function locateFiles(id: string, spec: StudySpec, reach: Reach): Promise<Located[]> {
  const located: Located[] = [];
  for (const metric of spec.metrics) for (const side of spec.surface.hemispheres) {
    located.push({ metric: metric.name, side, ...(await locateMetric(id, metric, side, spec, reach)) });
  }
  return located;
}

/** Where a subject's files can be. */
export interface Reach {
  cohort: CohortSpec;
  directory: string;
  folders: Folders;
  bounds: Bounds;
}

/** One serves a whole cohort: folders are listed once. `directory`: of the study, absolute. */
export function reachOf({ outside }: Pick<StudySpec, 'outside'>, cohort: CohortSpec, directory: string): Reach {
  return { cohort, directory, folders: new Folders(), bounds: new Bounds(directory, outside) };
}

async function locateMetric(id: string, metric: MetricSpec, side: Hemisphere, spec: StudySpec, reach: Reach): Promise<Found<SourceFile>> {
  const { sampling, smooth, together } = metric;
  const locate = (template: string, what: string): Promise<Found<InputFile>> => locateOne(id, template, what, side, reach);
  const own = together === true || sampling !== undefined ? metric.name : `${metric.name} ${side}`;
  const main = await locate(metric.file, own);
  if (main.problem !== null) return main;
  const file: SourceFile = { metric: metric.name, side, ...main.file, ...(together === true ? { together } : {}) };
  if (sampling === undefined && smooth === undefined) return { file, problem: null };
  const mesh = spec.surface.mesh?.[side] ?? '';
  const surface = metric.surface === undefined ? { file: { path: resolve(reach.directory, mesh), name: mesh } } : await locate(metric.surface, `${metric.name} ${side}: its surface`);
  if (surface.file === null) return surface;
  const transforms: (InputFile & { invert: boolean })[] = [];
  for (const { file: template, invert } of sampling?.transforms ?? []) {
    const transform = await locate(template, `${metric.name}: its transform`);
    if (transform.file === null) return transform;
    transforms.push({ ...transform.file, invert });
  }
  const derived = { surface: surface.file, ...(sampling === undefined ? {} : { sampling: { transforms, frame: sampling.frame, background: sampling.background } }), ...(smooth === undefined ? {} : { smooth }) };
  return { file: { ...file, ...derived }, problem: null };
}

async function locateOne(id: string, template: string, what: string, side: Hemisphere, reach: Reach): Promise<Found<InputFile>> {
  const found = await locateInput(id, template, what, reach, side);
  if (found.problem !== null || !/\{(id|label)\}/.test(template) || !onNativeMesh(found.file.path)) return found;
  const name = join(reach.cohort.directory, fillTemplate(template, { id, prefix: reach.cohort.prefix, side }));
  const reason = `${what}: ${basename(found.file.path)} is on the subject's own mesh; its vertices do not correspond between subjects`;
  return { file: null, problem: { id, code: 'NO_CORRESPONDENCE', reason, file: name, line: null, remedy: 'use the resampled file (CIVET: _rsl_; FreeSurfer: resampled to fsaverage)' } };
}

/** The one file that a template stands for, or why there is none to use. It begins at the cohort's folder, or at the study's: `{study}/templates/atlas.nii`. */
export async function locateInput(id: string, template: string, what: string, { cohort, directory, folders, bounds }: Reach, side?: Hemisphere): Promise<Found<InputFile>> {
  const within = withinStudy(template), filled = fillTemplate(within, { id, prefix: cohort.prefix, ...(side === undefined ? {} : { side }) });
  const name = within === template ? join(cohort.directory, filled) : filled;
  const found = await folders.match(resolve(directory, name));
  const problem = (code: string, reason: string, remedy: string): { file: null; problem: Exclusion } => ({ file: null, problem: { id, code, reason, file: name, line: null, remedy } });
  if (found.length > 1) return problem('MATCHED_TWICE', `${what}: found ${found.map((f) => basename(f)).join(' and ')}, expected one file`, 'make the template in the study file more specific');
  const path = found[0];
  if (path === undefined) return absent(id, name, what, directory, folders, problem);
  if (!(await bounds.hold(path))) return problem('OUTSIDE_STUDY', `${what}: a link leads out of the study's folder`, 'name the folder it leads to under `outside` in the study file');
  return { file: { path, name: relative(directory, path) }, problem: null };
}

/** CIVET's `_native_rms_` and `_mid_surface_` without `_rsl`, and FreeSurfer's `surf/lh.*`: the mesh before resampling, though it may have as many vertices. */
function onNativeMesh(path: string): boolean {
  const name = basename(path);
  return /_native_rms_(?!rsl)|_(gray|white|mid)_surface_(left|right)_\d+\.obj$/.test(name)
    || (basename(dirname(path)) === 'surf' && /^[lr]h\.(thickness|area|volume|curv|sulc|white|pial|midthickness|graymid)(\.mgh|\.mgz|\.gii)?$/.test(name));
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
