/** Who of a cohort has something to do in a pipeline: everybody's inputs are located, and the steps that are done are found, with what they read unchanged. */
import { randomBytes } from 'node:crypto';
import { join, relative, resolve } from 'node:path';
import { cancellationSignal } from '@temporalio/activity';
import { SulcusError } from '../../contracts/errors.js';
import type { PlanPipelineInput, PlanPipelineOutput } from '../../contracts/pipeline-activities.js';
import type { PipelineSpec } from '../../contracts/pipelines.js';
import type { Exclusion } from '../../contracts/results.js';
import type { ArtifactStore } from '../../storage/store.js';
import { mapAtOnce } from '../at-once.js';
import { reachOf, type Reach } from '../ingest/locate.js';
import { surveyRows } from '../ingest/survey.js';
import { unfinishedFile } from '../ingest/unprocessed.js';
import { whoWaits } from '../ingest/waiting.js';
import { excludedByPersons } from '../operator/exclusions.js';
import { keep, loadJson } from '../step.js';
import type { PipelineManifest, PipelineSubject, UnprocessedDocument } from './documents.js';
import { mayHold, placeOf } from './files.js';
import { identify } from './identify.js';
import { locateParticipant } from './locate.js';
import { personalProblem } from './personal.js';
import { REMEDY, StepProblem } from './problem.js';
import { judge } from './quality.js';
import { ratingFile } from './ratings.js';
import { finishedStep, readRecord } from './record.js';
import { SHARED_OUTPUTS, SHARED_REMEDY, sharedOutputs, sharedReason } from './shared-outputs.js';
import { reviewOf, UNFIT } from './review.js';

/** Participants looked at at the same time. */
const AT_ONCE = 8;

interface Planned {
  subject: PipelineSubject;
  pending: boolean;
  /** The step whose rating is waited for, its contact sheet being there. */
  unrated?: string;
}

/** `pending`: a step has to be done, or a contact sheet drawn. `unrated`: only a person can go on. `left out`: a finished step is beyond a limit of quality, or rated unfit. */
type State = { kind: 'pending' | 'finished' } | { kind: 'unrated'; step: string } | { kind: 'left out'; problem: Exclusion };

/**
 * The manifest of a pipeline: those with something to do first. Whoever is left out for another reason (their row, a person's decision, an earlier pipeline)
 * has nothing to do here.
 * @throws what the survey throws; SulcusError UNKNOWN_PIPELINE, and OUTSIDE_STUDY when the outputs would lie outside the study's folder
 */
export async function planPipeline(store: ArtifactStore, input: PlanPipelineInput, signal?: AbortSignal): Promise<PlanPipelineOutput> {
  const { spec: study, directory, run } = input, spec = study.pipelines?.find((one) => one.name === input.pipeline);
  if (spec === undefined) throw new SulcusError('UNKNOWN_PIPELINE', `the study has no pipeline ${input.pipeline}`);
  const { cohort, rows } = await surveyRows(study, directory, input.cohort);
  const reach = reachOf(study, cohort, directory);
  const outputs = join(cohort.directory, spec.outputs);
  if (!(await mayHold(reach.bounds, resolve(directory, outputs)))) {
    throw new SulcusError('OUTSIDE_STUDY', `${outputs}: a link leads out of the study's folder`, { file: outputs, remedy: 'name the folder it leads to under `outside` in the study file' });
  }
  const shared = await sharedOutputs(study, directory, cohort, spec), before = await Promise.all((input.exclusions ?? []).map((ref) => loadJson<UnprocessedDocument>(store, ref)));
  const elsewhere = await leftOutElsewhere(store, study.study, input, before), unfinished = keptElsewhere(before, spec.name);
  const frame: Omit<PipelineManifest, 'subjects' | 'salt'> = { cohort: input.cohort, pipeline: spec.name, folder: cohort.directory, outside: study.outside ?? [], versions: input.versions, ...(input.images === undefined ? {} : { images: input.images }) };
  const planned = await mapAtOnce(rows, AT_ONCE, async ({ id, rowProblem }): Promise<Planned> => {
    signal?.throwIfAborted();
    return rowProblem !== null || elsewhere.has(id) ? { subject: { id, inputs: {}, problem: null }, pending: false } : planParticipant(id, shared.get(id), spec, reach, frame, (file) => unfinishedFile(file, id, unfinished, study, input.cohort), signal);
  });
  const subjects = [...planned.filter((one) => one.pending), ...planned.filter((one) => !one.pending)].map((one) => one.subject);
  const unrated: Record<string, number> = {};
  for (const { unrated: step } of planned) if (step !== undefined) unrated[step] = (unrated[step] ?? 0) + 1;
  const manifest: PipelineManifest = { ...frame, subjects, salt: randomBytes(16).toString('hex') };
  return {
    manifest: await keep(store, run, 'pipeline', manifest), participants: subjects.length,
    pending: planned.filter((one) => one.pending).length, lacking: planned.filter((one) => one.subject.problem !== null).length,
    ...(Object.keys(unrated).length === 0 ? {} : { unrated }),
  };
}

/** Whoever this pipeline left out for a rating is looked at: it may be another now. */
async function leftOutElsewhere(store: ArtifactStore, study: string, { cohort, pipeline, waiting }: PlanPipelineInput, before: readonly UnprocessedDocument[]): Promise<Set<string>> {
  const ids = new Set((await excludedByPersons(store, study, cohort)).keys());
  for (const document of before) {
    // Whom another pipeline keeps is only without what it makes.
    if (document.keep === true && document.pipeline !== pipeline) continue;
    for (const { id, code } of document.excluded) if (document.pipeline !== pipeline || code !== 'RATED_UNFIT') ids.add(id);
  }
  for (const id of await whoWaits(store, cohort, waiting)) ids.add(id);
  return ids;
}

/** Whom other pipelines keep though they were not finished for them. */
function keptElsewhere(before: readonly UnprocessedDocument[], pipeline: string): Exclusion[] {
  return before.flatMap((one) => (one.keep === true && one.pipeline !== pipeline ? one.excluded.map((left) => ({ ...left, pipeline: one.pipeline })) : []));
}

/** `other`: the cohort in which the participant's outputs would be somebody else's. */
async function planParticipant(id: string, other: string | undefined, spec: PipelineSpec, reach: Reach, frame: Omit<PipelineManifest, 'subjects' | 'salt'>, unfinished: (file: string) => Exclusion | null, signal?: AbortSignal): Promise<Planned> {
  const leftOut = (problem: Exclusion): Planned => ({ subject: { id, inputs: {}, problem }, pending: false });
  if (other !== undefined) return leftOut({ id, code: SHARED_OUTPUTS, reason: sharedReason(spec.name, other), file: null, line: null, remedy: SHARED_REMEDY });
  const subject = await locateParticipant(id, spec, reach);
  if (!('inputs' in subject)) return leftOut(subject);
  for (const [name, file] of Object.entries(subject.inputs)) {
    const by = unfinished(file)?.pipeline;
    if (by !== undefined) return leftOut({ id, code: 'INPUT_MISSING', reason: `${spec.name}: input ${name} is made by ${by}, which was not finished`, file: null, line: null, remedy: REMEDY.INPUT_MISSING });
  }
  for (const [name, file] of Object.entries(spec.personal === 'keep' ? {} : subject.inputs)) {
    const personal = await personalProblem([{ name: `input ${name}`, path: resolve(reach.directory, file) }], id);
    if (personal !== null) return leftOut({ id, code: 'PERSONAL_HEADER', reason: `${spec.name}: ${personal}`, file, line: null, remedy: REMEDY.PERSONAL_HEADER });
  }
  const state = await stateOf(subject, spec, reach, frame, signal);
  return { subject: { ...subject, problem: state.kind === 'left out' ? state.problem : null }, pending: state.kind === 'pending', ...(state.kind === 'unrated' ? { unrated: state.step } : {}) };
}

async function stateOf(subject: PipelineSubject, spec: PipelineSpec, reach: Reach, frame: Omit<PipelineManifest, 'subjects' | 'salt'>, signal?: AbortSignal): Promise<State> {
  const place = placeOf(reach.directory, frame, spec, subject);
  try {
    for (const step of spec.steps) {
      // Nothing is read of those who have not begun.
      if ((await readRecord(place.folder.of(step.name))) === null) return { kind: 'pending' };
      const { key } = await identify(place, step, spec.parameters, frame, signal);
      const record = await finishedStep(place.folder.of(step.name), key, place.digests, signal);
      if (record === null) return { kind: 'pending' };
      const { problem } = await judge(place.folder.of(step.name), step);
      if (problem !== null) {
        const file = relative(place.study, join(place.folder.of(step.name), problem.file));
        return { kind: 'left out', problem: { id: subject.id, code: 'QUALITY_LIMIT', reason: `${spec.name}, ${step.name}: ${problem.text}`, file, line: null, remedy: REMEDY.QUALITY_LIMIT } };
      }
      if (spec.review?.includes(step.name) !== true) continue;
      const { rating, sheet } = await reviewOf(place, step, record, signal);
      if (rating === null) return sheet?.drawn === false ? { kind: 'pending' } : { kind: 'unrated', step: step.name };
      if (rating.rating === 'unfit') {
        const file = relative(place.study, ratingFile(place.folder.path, step.name));
        return { kind: 'left out', problem: { id: subject.id, code: 'RATED_UNFIT', reason: `${spec.name}, ${step.name}: ${UNFIT}`, file, line: null, remedy: REMEDY.RATED_UNFIT } };
      }
    }
    return { kind: 'finished' };
  } catch (error) {
    // A file that changes at this moment, or is not as its record says: the step that reads it finds out.
    if (error instanceof SulcusError && (error instanceof StepProblem || error.code === 'INPUT_CHANGED')) return { kind: 'pending' };
    throw error;
  } finally {
    await place.digests.save();
  }
}

/** The same as an activity, which ends when it is cancelled. */
export const planPipelineStep = ({ store }: { store: ArtifactStore }, input: PlanPipelineInput): Promise<PlanPipelineOutput> => planPipeline(store, input, cancellationSignal());
