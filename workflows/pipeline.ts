/** A pipeline of a cohort: who has something to do, and a window of them at work, each by a workflow of its own. */
import {
  allHandlersFinished, ApplicationFailure, CancellationScope, ChildWorkflowCancellationType, ChildWorkflowFailure, condition, continueAsNew, defineQuery, executeChild, getExternalWorkflowHandle,
  isCancellation, ParentClosePolicy, setCurrentDetails, setHandler, TerminatedFailure, workflowInfo,
} from '@temporalio/workflow';
import { FAILURES_PER_ARGUMENT, PARTICIPANTS_PER_EXECUTION } from '../contracts/limits.js';
import { JUDGED, type ParticipantFailure } from '../contracts/pipeline-failures.js';
import type { CollectPipelineOutput, ParticipantOutcome } from '../contracts/pipeline-activities.js';
import { unratedOf, type PipelineCounts, type PipelineInput, type PipelineOutput, type PipelineProgress, type RatingWait } from '../contracts/pipeline-workflows.js';
import type { PipelineSpec } from '../contracts/pipelines.js';
import { PROGRESS_QUERY } from '../contracts/workflows.js';
import { COHORT, STAGE, STUDY } from './attributes.js';
import { createHold } from './hold.js';
import { lightSteps, programSteps, readingSteps } from './options.js';
import { participantWorkflow } from './participant.js';
import { fitsResumed } from './pause.js';
import { pipelineTable } from './progress-table.js';
import { participantsRated, untilRated } from './rating.js';

export const pipelineProgress = defineQuery<PipelineProgress>(PROGRESS_QUERY);

/** Where an execution begins: at the first participant, or where the one before it stopped. */
type From = NonNullable<PipelineInput['from']>;
const STOPPED: ParticipantFailure = 'STEP_STOPPED';

/** Exclusions in the store. */
type Left = PipelineOutput['exclusions'];

export async function pipelineWorkflow(input: PipelineInput): Promise<PipelineOutput> {
  const spec = pipelineOf(input), hold = createHold();
  const counts: PipelineCounts = { ...(input.from?.counts ?? input.rated?.counts ?? { done: 0, excluded: 0, ran: 0, reused: 0 }) };
  const running = new Set<string>();
  let total: number | null = null, waiting: RatingWait | null = null, isRated = input.from?.ratedSince === true;
  const progress = (): PipelineProgress => ({ pipeline: spec.name, total, running: running.size, ...counts, ...(waiting === null ? {} : { waiting }) });
  const show = (): void => setCurrentDetails(pipelineTable(progress()));
  setHandler(pipelineProgress, progress, { description: 'Counts of participants' });
  setHandler(fitsResumed, async (pause) => {
    hold.resumed(pause);
    // Who has ended meanwhile needs no word.
    await Promise.all([...running].map((id) => getExternalWorkflowHandle(id).signal(fitsResumed, pause).catch(() => undefined)));
  });
  // Ratings lie with the data. Those that come while others are at work are seen in the next round.
  setHandler(participantsRated, () => { isRated = true; });

  const from = input.from ?? await begin(input, spec, counts, (start) => hold.step(start));
  total = from.plan.participants;
  show();
  const { next, failures } = await work(input, from, counts, running, show);
  const exclusions = await collect(input, spec, from.plan, failures, from.exclusions);
  if (next >= from.plan.pending && unratedOf(counts) > 0) {
    await untilRated(input, counts, () => isRated, (wait) => { waiting = wait; show(); });
    await condition(allHandlersFinished);
    const { from: _from, ...again } = input;
    await continueAsNew<typeof pipelineWorkflow>({ ...again, rated: { exclusions, counts } });
  }
  await condition(allHandlersFinished);
  if (next < from.plan.pending) await continueAsNew<typeof pipelineWorkflow>({ ...input, from: { ...from, participant: next, exclusions, counts, ...(isRated ? { ratedSince: true } : {}) } });
  return { ...counts, exclusions };
}

function pipelineOf({ spec, pipeline }: PipelineInput): PipelineSpec {
  const found = spec.pipelines?.find((p) => p.name === pipeline);
  if (found === undefined) throw ApplicationFailure.nonRetryable(`the study has no pipeline ${pipeline}`, 'UNKNOWN_PIPELINE');
  return found;
}

async function begin(input: PipelineInput, spec: PipelineSpec, counts: PipelineCounts, held: <T>(start: () => Promise<T>) => Promise<T>): Promise<From> {
  const { run, cohort, directory, pipeline, spec: study, waiting, rated } = input, at = { run, cohort, directory, pipeline };
  const { versions, images } = await held(() => programSteps.findPrograms.executeWithOptions({ summary: `${cohort} · ${pipeline} · which programs are there` }, [{ ...at, spec }]));
  const found = { versions, ...(images === undefined ? {} : { images }) };
  // Whoever was left out before persons rated is not tried again.
  const left = rated?.exclusions == null ? input.left : [...(input.left ?? []), rated.exclusions];
  const plan = await readingSteps.planPipeline.executeWithOptions({ summary: `${cohort} · ${pipeline} · who has something to do` }, [{ ...at, spec: study, ...found, ...(left === undefined ? {} : { exclusions: left }), ...(waiting === undefined ? {} : { waiting }) }]);
  delete counts.unrated;
  if (plan.unrated !== undefined) counts.unrated = { ...plan.unrated };
  counts.done = plan.participants - plan.pending - unratedOf(counts);
  // Those who lack a file are told before a program runs: it may be a reason not to begin.
  const before = rated?.exclusions ?? null, { exclusions, excluded } = plan.lacking > 0 || before !== null ? await collectPart(input, spec, plan, [], before, rated !== undefined) : { exclusions: null, excluded: 0 };
  counts.excluded = excluded;
  return { ...found, plan, participant: 0, exclusions, counts };
}

/** A window of participants at work, up to as many as one history may hold. Returns who would be next, and who failed. */
async function work(input: PipelineInput, from: From, counts: PipelineCounts, running: Set<string>, show: () => void): Promise<{ next: number; failures: ParticipantOutcome[] }> {
  const spec = pipelineOf(input), end = Math.min(from.plan.pending, from.participant + PARTICIPANTS_PER_EXECUTION), failures: ParticipantOutcome[] = [];
  let next = from.participant;
  // Where a failure ends the study, nobody begins after one.
  const ending = (): boolean => spec.onFailure === 'fail' && failures.some((o) => !JUDGED.includes(o.failure?.code ?? ''));
  const mayGoOn = (): boolean => next < end && !workflowInfo().continueAsNewSuggested && !ending();
  const scope = new CancellationScope();
  const lane = async (): Promise<void> => {
    while (mayGoOn()) {
      const outcome = await takeThrough(input, spec, from, next++, running);
      if (outcome.unrated === undefined) counts.done++;
      else counts.unrated = { ...counts.unrated, [outcome.unrated]: (counts.unrated?.[outcome.unrated] ?? 0) + 1 };
      counts.ran += outcome.steps.ran;
      // After a rating everything before it is found again.
      if (input.rated === undefined) counts.reused += outcome.steps.reused;
      if (outcome.failure !== null) { counts.excluded++; failures.push(outcome); }
      show();
    }
  };
  // What is nobody's failure (a program is gone) stops the others too, and all of them are waited for: no program outlives this.
  let broken: { error: unknown } | null = null;
  await scope.run(() => Promise.all(Array.from({ length: Math.min(spec.window, end - next) }, () => lane().catch((error: unknown) => {
    broken ??= { error };
    scope.cancel();
  }))));
  if (broken !== null) throw (broken as { error: unknown }).error;
  return { next, failures: failures.sort((a, b) => a.participant - b.participant) };
}

async function takeThrough({ run, cohort, directory, spec: study, pipeline }: PipelineInput, spec: PipelineSpec, { versions, plan }: From, participant: number, running: Set<string>): Promise<ParticipantOutcome> {
  const number = participant + 1, workflowId = `${workflowInfo().workflowId}/${String(number).padStart(4, '0')}`;
  running.add(workflowId);
  try {
    return await executeChild(participantWorkflow, {
      args: [{ run, cohort, directory, spec, versions, manifest: plan.manifest, participant }],
      workflowId,
      staticSummary: `${study.study} · ${cohort} · ${pipeline} · participant ${number} of ${plan.pending}`,
      typedSearchAttributes: [{ key: STUDY, value: study.study }, { key: COHORT, value: cohort }, { key: STAGE, value: 'pipeline' }],
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    });
  } catch (error) {
    // One that somebody ended by hand is left out; what a participant's workflow throws is about the machine, or about all.
    const byHand = error instanceof ChildWorkflowFailure && (isCancellation(error) || error.cause instanceof TerminatedFailure) && !CancellationScope.current().consideredCancelled;
    if (!byHand) throw error;
    return { participant, steps: { ran: 0, reused: 0 }, failure: { step: 'none', code: STOPPED, message: 'its workflow was ended by an operator' } };
  } finally {
    running.delete(workflowId);
  }
}

/** Lists who is left out, with those of `previous`; null: nobody. Fails where a failure ends the study. */
async function collect(input: PipelineInput, spec: PipelineSpec, plan: From['plan'], failures: readonly ParticipantOutcome[], previous: Left): Promise<Left> {
  let left = previous;
  for (let i = 0; i < failures.length; i += FAILURES_PER_ARGUMENT) ({ exclusions: left } = await collectPart(input, spec, plan, failures.slice(i, i + FAILURES_PER_ARGUMENT), left));
  return left;
}

async function collectPart({ run, cohort, directory, pipeline }: PipelineInput, spec: PipelineSpec, { manifest }: From['plan'], failures: ParticipantOutcome[], previous: Left, ratedSince = false): Promise<CollectPipelineOutput> {
  return lightSteps.collectPipeline.executeWithOptions({ summary: `${cohort} · ${pipeline} · who is left out` }, [{ run, cohort, directory, pipeline, spec, manifest, failures, previous, ...(ratedSince ? { ratedSince } : {}) }]);
}
