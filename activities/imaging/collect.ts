/** Who is left out because a pipeline could not be finished for them, and why. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { SulcusError } from '../../contracts/errors.js';
import type { CollectPipelineInput, CollectPipelineOutput, ParticipantOutcome } from '../../contracts/pipeline-activities.js';
import { isParticipantFailure, JUDGED, PARTICIPANTS_FAILED } from '../../contracts/pipeline-failures.js';
import type { Exclusion } from '../../contracts/results.js';
import type { ArtifactStore } from '../../storage/store.js';
import { keep, loadJson } from '../step.js';
import type { PipelineManifest, PipelineSubject, UnprocessedDocument } from './documents.js';
import { placeOf } from './files.js';
import { ParticipantFolder } from './folder.js';
import { REMEDY } from './problem.js';
import { judge } from './quality.js';
import { ratingFile } from './ratings.js';
import { STDERR } from './record.js';

/**
 * Exclusions of this page of participants, of those before it, and of those who lack an input or were found to be unfit when the cohort was looked through.
 * @throws SulcusError PARTICIPANTS_FAILED where the study does not go on without somebody of whom a step has failed
 */
export async function collectPipeline({ store }: { store: ArtifactStore }, input: CollectPipelineInput): Promise<CollectPipelineOutput> {
  const { run, cohort, pipeline, spec, failures } = input;
  const manifest = await loadJson<PipelineManifest>(store, input.manifest);
  const earlier = input.previous === null ? [] : (await loadJson<UnprocessedDocument>(store, input.previous)).excluded;
  const before = [...earlier.filter(({ code }) => input.ratedSince === undefined || code !== 'RATED_UNFIT'), ...manifest.subjects.flatMap(({ problem }) => (problem === null ? [] : [problem]))];
  const now = await Promise.all(failures.flatMap(({ participant, failure }) => {
    const subject = manifest.subjects[participant];
    return failure === null || subject === undefined ? [] : [exclusionOf(subject, failure, manifest, input)];
  }));
  const excluded = [...new Map([...before, ...now].map((one) => [one.id, one])).values()];
  const failed = excluded.filter(({ code }) => !JUDGED.includes(code ?? ''));
  if (spec.onFailure === 'fail' && failed.length > 0) {
    throw new SulcusError(PARTICIPANTS_FAILED, `cohort ${cohort}: ${pipeline} could not be finished for ${failed.length} participant${failed.length === 1 ? '' : 's'} (${countByCode(failed)}), and the study says on_failure: fail`, { remedy: 'set on_failure: exclude to see in the report who and why, or mend the cause, and launch again: what is finished is not done again' });
  }
  if (excluded.length === 0) return { exclusions: null, excluded: 0 };
  const document: UnprocessedDocument = { cohort, pipeline, excluded, ...(spec.onFailure === 'keep' ? { keep: true } : {}), salt: randomBytes(16).toString('hex') };
  return { exclusions: await keep(store, run, 'unprocessed', document), excluded: excluded.length };
}

async function exclusionOf(subject: PipelineSubject, { step, code, message }: NonNullable<ParticipantOutcome['failure']>, manifest: PipelineManifest, { spec, directory, pipeline }: CollectPipelineInput): Promise<Exclusion> {
  const { folder } = placeOf(directory, manifest, spec, subject), known = isParticipantFailure(code) ? code : 'STEP_FAILED';
  const told = known === 'RATED_UNFIT' ? [ratingFile(folder.path, step)] : [join(folder.path, ParticipantFolder.failed(step), STDERR), join(folder.of(step), STDERR)];
  // As the next run will tell it (plan.ts): what is told is part of what the study is made from.
  const rules = known === 'QUALITY_LIMIT' ? spec.steps.find(({ name }) => name === step) : undefined, found = rules && (await judge(folder.of(step), rules)).problem;
  if (found) told.unshift(join(folder.of(step), found.file));
  const printed = told.find((path) => existsSync(path));
  const file = printed === undefined ? null : relative(directory, printed);
  return { id: subject.id, code: known, reason: `${pipeline}, ${message.startsWith(`${step}: `) ? message : `${step}: ${message}`}`, file, line: null, remedy: REMEDY[known] };
}

function countByCode(excluded: readonly Exclusion[]): string {
  const counts = new Map<string, number>();
  for (const { code = 'UNKNOWN' } of excluded) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].map(([code, n]) => `${n} ${code}`).join(', ');
}
