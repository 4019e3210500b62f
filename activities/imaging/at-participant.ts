/** A step of one participant as an activity is told of it: found in the manifest, and what goes wrong told without saying whom it is about. */
import { join } from 'node:path';
import { SulcusError } from '../../contracts/errors.js';
import type { RunCommandInput } from '../../contracts/pipeline-activities.js';
import type { PipelineStep } from '../../contracts/pipelines.js';
import type { ArtifactStore } from '../../storage/store.js';
import { loadJson } from '../step.js';
import type { PipelineManifest } from './documents.js';
import { placeOf, type Place } from './files.js';
import { StepProblem } from './problem.js';
import { Words } from './words.js';

export interface ParticipantStep {
  manifest: PipelineManifest;
  step: PipelineStep;
  place: Place;
}

/**
 * What `work` returns; checksums that it found out are kept however it ends.
 * @throws StepProblem whose message begins with the step and names no participant and no path; SulcusError BAD_COMMAND; and what else `work` throws
 */
export async function atParticipant<T>(store: ArtifactStore, input: Pick<RunCommandInput, 'manifest' | 'participant' | 'spec' | 'step' | 'directory'>, work: (at: ParticipantStep) => Promise<T>): Promise<T> {
  const manifest = await loadJson<PipelineManifest>(store, input.manifest);
  const subject = manifest.subjects[input.participant], step = input.spec.steps.find((one) => one.name === input.step);
  if (subject === undefined || step === undefined) throw new SulcusError('BAD_COMMAND', `the run has no participant ${input.participant} or no step ${input.step}`);
  const place = placeOf(input.directory, manifest, input.spec, subject);
  try {
    return await work({ manifest, step, place });
  } catch (error) {
    if (!(error instanceof StepProblem)) throw error;
    const files = Object.fromEntries(Object.entries(subject.inputs).map(([name, path]) => [`input:${name}`, join(input.directory, path)]));
    const words = new Words(files, manifest.subjects.map((one) => one.id));
    throw new StepProblem(error.code, `${step.name}: ${words.without(error.message)}`);
  } finally {
    await place.digests.save();
  }
}
