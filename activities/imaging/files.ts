/** Where the files of a participant's step are, and what they hold. */
import { join, relative, resolve } from 'node:path';
import { Bounds } from '../../config/index.js';
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

/** The files that a step reads, with their checksums; those of earlier steps must be as their records say. Throws StepProblem INPUT_MISSING and INPUT_CHANGED. */
export async function sourcesOf(place: Place, step: PipelineStep, signal?: AbortSignal): Promise<Source[]> {
  const sources: Source[] = [];
  for (const reading of readingsOf(step)) {
    const source = reading.step === null ? await input(place, reading.file, signal) : await earlier(place, reading.step, reading.file, signal);
    sources.push({ name: reading.name, ...source });
  }
  return sources;
}

async function input({ subject, study, cohort, digests, bounds }: Place, name: string, signal?: AbortSignal): Promise<Omit<Source, 'name'>> {
  const template = subject.inputs[name];
  if (template === undefined) throw new StepProblem('INPUT_MISSING', `the participant has no input ${name}`);
  const file = resolve(study, template);
  if (!(await bounds.hold(file))) throw new StepProblem('INPUT_MISSING', `input ${name}: a link leads out of the study's folder`);
  const digest = await digests.of(file, signal).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' || error.code === 'EACCES' ? new StepProblem('INPUT_MISSING', `input ${name} ${error.code === 'ENOENT' ? 'is gone' : 'may not be read'}`) : error;
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
