/** One participant's way through a pipeline: a program after the other. What fails for good is told, not thrown: the others go on. */
import type { Priority } from '@temporalio/common';
import { ActivityFailure, ApplicationFailure, CancellationScope, isCancellation, setCurrentDetails, setHandler, sleep, TimeoutFailure } from '@temporalio/workflow';
import { TRIED_AGAIN, type RunCommandInput } from '../contracts/pipeline-activities.js';
import { isParticipantFailure } from '../contracts/pipeline-failures.js';
import type { ParticipantInput, ParticipantOutput } from '../contracts/pipeline-workflows.js';
import type { PipelineStep } from '../contracts/pipelines.js';
import { createHold, type Hold } from './hold.js';
import { commandSteps, limitOf, reviewSteps } from './options.js';
import { fitsResumed } from './pause.js';

type Failure = NonNullable<ParticipantOutput['failure']>;

/** Priorities of Temporal's queues: who has come further goes first, so that participants are through one after the other instead of all at the end. */
const FIRST = 1, LAST = 5;
/** Of a failure's message, what goes further than this workflow: many of them travel together. */
const MESSAGE_LIMIT = 800;
const LONGEST_PAUSE = 60;

export async function participantWorkflow(input: ParticipantInput): Promise<ParticipantOutput> {
  const { spec, participant } = input, steps = { ran: 0, reused: 0 };
  const hold = createHold();
  setHandler(fitsResumed, (pause) => hold.resumed(pause));
  for (const [i, step] of spec.steps.entries()) {
    const show = (attempt: number): void => setCurrentDetails(`Step **${step.name}** (${i + 1} of ${spec.steps.length})${attempt === 1 ? '' : `, attempt ${attempt} of ${step.retries + 1}`}`);
    try {
      const { reused } = await runStep(input, step, i, hold, show);
      steps[reused ? 'reused' : 'ran']++;
      if (spec.review?.includes(step.name) === true && !(await isRated(input, step, i))) {
        setCurrentDetails(`Step **${step.name}** waits for a person's rating`);
        return { participant, steps, unrated: step.name, failure: null };
      }
    } catch (error) {
      // The run is being cancelled; a step that somebody cancelled alone is a failure.
      if (isCancellation(error) && CancellationScope.current().consideredCancelled) throw error;
      const failure = failureOf(step, error);
      if (!isParticipantFailure(failure.code)) throw ApplicationFailure.nonRetryable(`step ${step.name}: ${failure.message}`, failure.code);
      setCurrentDetails(`Step **${step.name}** failed: ${failure.code}`);
      return { participant, steps, failure };
    }
  }
  setCurrentDetails(`All ${spec.steps.length} steps done: ${steps.ran} ran, ${steps.reused} were there`);
  return { participant, steps, failure: null };
}

/** What the program itself fails with is tried again here, `retries` times; what befalls its worker, by the activity's retries. */
async function runStep(input: ParticipantInput, step: PipelineStep, done: number, hold: Hold, show: (attempt: number) => void): Promise<{ reused: boolean }> {
  for (let attempt = 1; ; attempt++) {
    show(attempt);
    try {
      return await hold.step(() => commandSteps.runCommand.executeWithOptions(
        {
          summary: `${step.name} · ${step.program}${attempt === 1 ? '' : ` · attempt ${attempt} of ${step.retries + 1}`}`, startToCloseTimeout: limitOf(step.needs),
          priority: urgency(done),
        },
        [aboutStep(input, step)],
      ));
    } catch (error) {
      if (attempt > step.retries || !TRIED_AGAIN.includes(failureOf(step, error).code)) throw error;
      await sleep(`${Math.min(LONGEST_PAUSE, 2 ** (attempt - 1))}s`, { summary: `${step.name} is tried again` });
    }
  }
}

/** What is told of it to an activity: the pipeline with this step alone. */
function aboutStep({ run, cohort, directory, spec, manifest, participant }: ParticipantInput, step: PipelineStep): RunCommandInput {
  const { name, programs, inputs, parameters, outputs, personal } = spec, program = programs[step.program], existing = spec.existing?.[step.name];
  const own = {
    name, programs: program === undefined ? {} : { [step.program]: program }, steps: [step], inputs, parameters, outputs,
    ...(personal === undefined ? {} : { personal }), ...(existing === undefined ? {} : { existing: { [step.name]: existing } }),
  };
  return { run, cohort, directory, pipeline: name, spec: own, step: step.name, manifest, participant };
}

/** False: a person has still to rate the step, and its contact sheet is there. One rated unfit fails. */
async function isRated(input: ParticipantInput, step: PipelineStep, done: number): Promise<boolean> {
  const { rating } = await reviewSteps.reviewStep.executeWithOptions({ summary: `${step.name} · rating, or the contact sheet for it`, priority: urgency(done) }, [aboutStep(input, step)]);
  return rating !== null;
}

const urgency = (done: number): Priority => ({ priorityKey: Math.max(FIRST, LAST - done) });

function failureOf(step: PipelineStep, error: unknown): Failure {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) return { step: step.name, code: cause.type ?? 'FAILED', message: cause.message.slice(0, MESSAGE_LIMIT) };
  if (cause instanceof TimeoutFailure) return { step: step.name, code: 'STEP_LOST', message: 'its worker was lost again and again, or is too busy to answer' };
  if (isCancellation(error)) return { step: step.name, code: 'STEP_STOPPED', message: 'an operator cancelled it' };
  return { step: step.name, code: 'FAILED', message: (cause instanceof Error ? cause.message : String(cause)).slice(0, MESSAGE_LIMIT) };
}
