/** Where the files of a participant's step are, and what they hold. */
import { lstat, realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { Bounds } from '../../config/index.js';
import { SulcusError } from '../../contracts/errors.js';
import type { FileRecord, PipelineSpec, PipelineStep } from '../../contracts/pipelines.js';
import { Digests } from './digests.js';
import type { PipelineManifest, PipelineSubject } from './documents.js';
import { ParticipantFolder } from './folder.js';
import { readingsOf } from './key.js';
import { StepProblem } from './problem.js';
import { readRecord } from './record.js';

/** A participant as the steps of a pipeline see them. */
export interface Place {
  subject: PipelineSubject;
  /** Absolute paths. */
  study: string;
  cohort: string;
  folder: ParticipantFolder;
  digests: Digests;
  bounds: Bounds;
}

export function placeOf(directory: string, manifest: Pick<PipelineManifest, 'folder' | 'outside'>, spec: Pick<PipelineSpec, 'outputs'>, subject: PipelineSubject): Place {
  const cohort = resolve(directory, manifest.folder), folder = join(cohort, spec.outputs, subject.id);
  return { subject, study: directory, cohort, folder: new ParticipantFolder(folder), digests: new Digests(folder, directory), bounds: new Bounds(directory, manifest.outside) };
}

export interface Source extends FileRecord {
  /** Absolute. */
  file: string;
}

/**
 * The files that a step reads, with their checksums; those of earlier steps must be as their records say.
 * @throws StepProblem INPUT_MISSING, INPUT_CHANGED; SulcusError OUTSIDE_STUDY when the participant's outputs would lie outside the study's folder
 */
export async function sourcesOf(place: Place, step: PipelineStep, signal?: AbortSignal): Promise<Source[]> {
  await assertWithin(place, step);
  const sources: Source[] = [];
  for (const reading of readingsOf(step)) {
    const source = reading.step === null ? await input(place, reading.file, signal) : await earlier(place, reading.step, reading.file, signal);
    sources.push({ name: reading.name, ...source });
  }
  return sources;
}

/**
 * The files of a laboratory's that a step takes as its outputs, by output name; null: it has none for this participant.
 * @throws StepProblem INPUT_MISSING, INPUT_CHANGED; SulcusError OUTSIDE_STUDY
 */
export async function existingOf(place: Place, step: PipelineStep, signal?: AbortSignal): Promise<Source[] | null> {
  const files = place.subject.existing?.[step.name];
  if (files === undefined) return null;
  await assertWithin(place, step);
  const sources: Source[] = [];
  for (const name of Object.keys(step.outputs)) sources.push({ name, ...(await located(place, `existing ${name}`, files[name], signal)) });
  return sources;
}

async function assertWithin(place: Place, step: PipelineStep): Promise<void> {
  for (const path of [place.folder.path, place.folder.of(step.name)]) if (!(await mayHold(place.bounds, path))) {
    throw new SulcusError('OUTSIDE_STUDY', `step ${step.name}: a link among the outputs leads out of the study's folder`, { remedy: 'name the folder it leads to under `outside` in the study file' });
  }
}

/** Whether what is made at a path stays within: the nearest folder that is there decides, its links followed. */
export async function mayHold(bounds: Bounds, path: string): Promise<boolean> {
  for (let at = path; ; at = dirname(at)) {
    if ((await lstat(at).catch(() => null)) !== null) return (await realpath(at).catch(() => null)) !== null && (await bounds.hold(at));
    if (dirname(at) === at) return false;
  }
}

const input = (place: Place, name: string, signal?: AbortSignal): Promise<Omit<Source, 'name'>> => located(place, `input ${name}`, place.subject.inputs[name], signal);

/** A file of a participant's, `path` relative to the study's folder. `what` it is, in words. */
async function located({ study, cohort, digests, bounds }: Place, what: string, path: string | undefined, signal?: AbortSignal): Promise<Omit<Source, 'name'>> {
  if (path === undefined) throw new StepProblem('INPUT_MISSING', `the participant has no ${what}`);
  const file = resolve(study, path);
  if (!(await bounds.hold(file))) throw new StepProblem('INPUT_MISSING', `${what}: a link leads out of the study's folder`);
  const digest = await digests.of(file, signal).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' || error.code === 'EACCES' ? new StepProblem('INPUT_MISSING', `${what} ${error.code === 'ENOENT' ? 'is gone' : 'may not be read'}`) : error;
  });
  return { file, path: relative(cohort, file), ...digest };
}

async function earlier({ cohort, folder, digests }: Place, step: string, name: string, signal?: AbortSignal): Promise<Omit<Source, 'name'>> {
  const output = (await readRecord(folder.of(step)))?.outputs.find((one) => one.name === name);
  if (output === undefined) throw new StepProblem('INPUT_CHANGED', `output ${name} of step ${step} is gone`);
  const file = join(folder.of(step), output.path), digest = await digests.of(file, signal).catch(() => null);
  if (digest?.sha256 !== output.sha256) throw new StepProblem('INPUT_CHANGED', `output ${name} of step ${step} is not as it was written`);
  return { file, path: relative(cohort, file), ...digest };
}

export const checksums = (sources: readonly Source[]): Record<string, string> => Object.fromEntries(sources.map(({ name, sha256 }) => [name, sha256]));
