/** A pipeline of a cohort: who has something to do, and a window of them at work, each by a workflow of its own. */
import {
  allHandlersFinished, ApplicationFailure, CancellationScope, ChildWorkflowCancellationType, ChildWorkflowFailure, condition, continueAsNew, defineQuery, executeChild, getExternalWorkflowHandle,
  isCancellation, ParentClosePolicy, setCurrentDetails, setHandler, TerminatedFailure, workflowInfo,
} from '@temporalio/workflow';
import { FAILURES_PER_ARGUMENT, PARTICIPANTS_PER_EXECUTION } from '../contracts/limits.js';
import { JUDGED, type ParticipantFailure } from '../contracts/pipeline-failures.js';
import type { ParticipantOutcome } from '../contracts/pipeline-activities.js';
import type { PipelineCounts, PipelineInput, PipelineOutput, PipelineProgress } from '../contracts/pipeline-workflows.js';
import type { PipelineSpec } from '../contracts/pipelines.js';
import { PROGRESS_QUERY } from '../contracts/workflows.js';
import { COHORT, STAGE, STUDY } from './attributes.js';
import { createHold } from './hold.js';
import { lightSteps, programSteps, readingSteps } from './options.js';
import { participantWorkflow } from './participant.js';
import { fitsResumed } from './pause.js';
import { pipelineTable } from './progress-table.js';

export const pipelineProgress = defineQuery<PipelineProgress>(PROGRESS_QUERY);

/** Where an execution begins: at the first participant, or where the one before it stopped. */
type From = NonNullable<PipelineInput['from']>;
const STOPPED: ParticipantFailure = 'STEP_STOPPED';

/** Exclusions in the store. */
type Left = PipelineOutput['exclusions'];

export async function pipelineWorkflow(input: PipelineInput): Promise<PipelineOutput> {
  const spec = pipelineOf(input), hold = createHold();
  const counts: PipelineCounts = { ...(input.from?.counts ?? { done: 0, excluded: 0, ran: 0, reused: 0 }) };
  const running = new Set<string>();
  let total: number | null = null;
  const progress = (): PipelineProgress => ({ pipeline: spec.name, total, running: running.size, ...counts });
  const show = (): void => setCurrentDetails(pipelineTable(progress()));
  setHandler(pipelineProgress, progress, { description: 'Counts of participants' });
  setHandler(fitsResumed, async (pause) => {
    hold.resumed(pause);
    // Who has ended meanwhile needs no word.
    await Promise.all([...running].map((id) => getExternalWorkflowHandle(id).signal(fitsResumed, pause).catch(() => undefined)));
  });

  const from = input.from ?? await begin(input, spec, counts, (start) => hold.step(start));
  total = from.plan.participants;
  show();
  const { next, failures } = await work(input, from, counts, running, show);
  const exclusions = await collect(input, spec, from.plan, failures, from.exclusions);
  await condition(allHandlersFinished);
  if (next < from.plan.pending) await continueAsNew<typeof pipelineWorkflow>({ ...input, from: { ...from, participant: next, exclusions, counts } });
  return { ...counts, exclusions };
}

function pipelineOf({ spec, pipeline }: PipelineInput): PipelineSpec {
  const found = spec.pipelines?.find((p) => p.name === pipeline);
  if (found === undefined) throw ApplicationFailure.nonRetryable(`the study has no pipeline ${pipeline}`, 'UNKNOWN_PIPELINE');
  return found;
}

async function begin(input: PipelineInput, spec: PipelineSpec, counts: PipelineCounts, held: <T>(start: () => Promise<T>) => Promise<T>): Promise<From> {
  const { run, cohort, directory, pipeline, spec: study, left, waiting } = input, at = { run, cohort, directory, pipeline };
  const { versions } = await held(() => programSteps.findPrograms.executeWithOptions({ summary: `${cohort} · ${pipeline} · which programs are there` }, [{ ...at, spec }]));
  const plan = await readingSteps.planPipeline.executeWithOptions({ summary: `${cohort} · ${pipeline} · who has something to do` }, [{ ...at, spec: study, versions, ...(left === undefined ? {} : { exclusions: left }), ...(waiting === undefined ? {} : { waiting }) }]);
  counts.done = plan.participants - plan.pending;
  counts.excluded = plan.lacking;
  // Those who lack a file are told before a program runs: it may be a reason not to begin.
  return { versions, plan, participant: 0, exclusions: plan.lacking > 0 ? await collectPart(input, spec, plan, [], null) : null, counts };
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
      counts.done++;
      counts.ran += outcome.steps.ran;
      counts.reused += outcome.steps.reused;
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
  for (let i = 0; i < failures.length; i += FAILURES_PER_ARGUMENT) left = await collectPart(input, spec, plan, failures.slice(i, i + FAILURES_PER_ARGUMENT), left);
  return left;
}

async function collectPart({ run, cohort, directory, pipeline }: PipelineInput, spec: PipelineSpec, { manifest }: From['plan'], failures: ParticipantOutcome[], previous: Left): Promise<Left> {
  const { exclusions } = await lightSteps.collectPipeline.executeWithOptions({ summary: `${cohort} · ${pipeline} · who is left out` }, [{ run, cohort, directory, pipeline, spec, manifest, failures, previous }]);
  return exclusions;
}
