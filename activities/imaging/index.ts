/** Pipelines' steps as activities. */
import { cancellationSignal, heartbeat } from '@temporalio/activity';
import type { ReviewStepInput, ReviewStepOutput, RunCommandInput, RunCommandOutput } from '../../contracts/pipeline-activities.js';
import type { ToolsContext } from '../context.js';
import { reviewStep as review } from './review.js';
import { runCommand as run, type StepProgress } from './run.js';

export { collectPipeline } from './collect.js';
export { planPipelineStep as planPipeline } from './plan.js';
export { findPrograms } from './programs.js';
export type { Slots } from './slots.js';
export { unlessPaused } from './unless-paused.js';

/** Says that the worker lives, and how far the program is. That a program stands still is found by its own limits: it may print nothing for hours. */
const BEAT_MS = 4_000;

export async function runCommand(context: ToolsContext, input: RunCommandInput): Promise<RunCommandOutput> {
  let progress: StepProgress = { step: input.step, state: 'checking', percent: null, bytes: 0 };
  const beat = (): void => heartbeat(progress), timer = setInterval(beat, BEAT_MS);
  try {
    return await run(context, input, {
      signal: cancellationSignal(),
      beat(next) {
        const changed = next.state !== progress.state;
        progress = next;
        if (changed) beat();
      },
    });
  } finally {
    clearInterval(timer);
  }
}

/** The same as an activity, which ends when it is cancelled. */
export const reviewStep = (context: ToolsContext, input: ReviewStepInput): Promise<ReviewStepOutput> => review(context, input, cancellationSignal());
