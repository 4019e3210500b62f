/** Pauses: a document in the store, by run, which every fit looks at before it starts. */
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { RunInfo } from '../../contracts/activities.js';
import { PAUSED, type HoldFitsInput, type Pause } from '../../contracts/operator.js';
import type { ArtifactStore } from '../../storage/store.js';
import type { ControlContext } from '../context.js';
import { decodeJson, encodeJson } from '../step.js';

const pathOf = (run: RunInfo): string => `paused/${run.runId}`;

export async function holdFits({ store }: ControlContext, { run, pause }: HoldFitsInput): Promise<void> {
  await store.putDecision(pathOf(run), pause === null ? null : encodeJson(pause));
}

/**
 * Throws PAUSED, with the number of the pause, while the run is paused. The step then has not started: its workflow waits and asks again,
 * so that no time limit runs meanwhile and no attempt is lost.
 */
export async function refuseWhilePaused(store: ArtifactStore, run: RunInfo): Promise<void> {
  const bytes = await store.decision(pathOf(run));
  if (bytes === null) return;
  const { number } = decodeJson<Pause>(bytes);
  throw ApplicationFailure.create({ type: PAUSED, message: 'the study is paused: not started', nonRetryable: true, category: ApplicationFailureCategory.BENIGN, details: [number] });
}
