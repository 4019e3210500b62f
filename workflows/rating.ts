/** Waiting for persons who rate participants: the pipeline's side, and what the study shows of it. */
import { defineSignal, getExternalWorkflowHandle, log, setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { RATED_SIGNAL, type PipelineCounts, type PipelineInput, type RatingWait } from '../contracts/pipeline-workflows.js';
import { RATINGS_AWAITED_SIGNAL, type RatingsAwaited, type RatingsAwaitedArgs } from '../contracts/workflows.js';
import { REMINDERS, STAGE } from './attributes.js';
import { untilOr } from './remind.js';
import type { StudyState } from './study-state.js';

export const participantsRated = defineSignal(RATED_SIGNAL);
export const ratingsAwaited = defineSignal<[RatingsAwaitedArgs]>(RATINGS_AWAITED_SIGNAL);

/** Until persons have rated. `show` is told when it begins, at every reminder, and (null) when it goes on. */
export async function untilRated({ run, cohort, spec, pipeline }: PipelineInput, { unrated = {} }: PipelineCounts, isRated: () => boolean, show: (wait: RatingWait | null) => void): Promise<void> {
  if (isRated()) return;
  const { workflowId, parent } = workflowInfo(), wait: RatingWait = { since: new Date().toISOString(), reminders: 0 };
  // A study that has ended, or a pipeline that runs without one, needs no word.
  const tell = (awaited: RatingsAwaited | null): Promise<void> =>
    getExternalWorkflowHandle(run.workflowId).signal(ratingsAwaited, { cohortId: parent?.workflowId ?? workflowId, awaited }).catch(() => undefined);
  upsertSearchAttributes([{ key: STAGE, value: 'rating' }]);
  show(wait);
  await tell({ cohort, pipeline, workflowId, unrated, since: wait.since });
  await untilOr(isRated, spec.review?.remindSeconds ?? null, (reminders) => {
    wait.reminders = reminders;
    upsertSearchAttributes([{ key: REMINDERS, value: reminders }]);
    show(wait);
    log.warn('participants wait for a rating', { study: spec.study, cohort, pipeline, since: wait.since, reminders });
  });
  upsertSearchAttributes([{ key: STAGE, value: 'pipeline' }]);
  show(null);
  await tell(null);
}

/** Keeps, in the study's progress, which pipelines wait; returned is what is to be called when a cohort has ended. `running`: ids of the cohorts' workflows. */
export function listenForRatings(state: StudyState, running: ReadonlySet<string>): () => void {
  const { progress } = state;
  const awaited = new Map<string, RatingsAwaited>();
  let shown = false;
  const settle = (): void => {
    for (const id of awaited.keys()) if (!running.has(id)) awaited.delete(id);
    const all = awaited.size > 0 && [...running].every((id) => awaited.has(id));
    if (awaited.size === 0) delete progress.ratings;
    else progress.ratings = { awaited: [...running].flatMap((id) => awaited.get(id) ?? []), all };
    if (all !== shown) upsertSearchAttributes([{ key: STAGE, value: all ? 'rating' : progress.stage }]);
    if (all || shown) state.show();
    shown = all;
  };
  setHandler(ratingsAwaited, ({ cohortId, awaited: told }) => {
    if (told === null) awaited.delete(cohortId);
    else awaited.set(cohortId, told);
    settle();
  });
  return settle;
}
