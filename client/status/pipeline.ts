/** How far a cohort is in a pipeline, from the facts of the pipeline's workflow. Pure. */
import type { CollectPipelineOutput, ParticipantOutcome, PlanPipelineOutput } from '../../contracts/pipeline-activities.js';
import { RATED_SIGNAL, unratedOf, type PipelineInput } from '../../contracts/pipeline-workflows.js';
import { RATINGS_AWAITED_SIGNAL, type CohortInput, type RatingsAwaited, type RatingsAwaitedArgs } from '../../contracts/workflows.js';
import type { WorkflowFacts } from './history.js';

export interface PipelineStanding {
  name: string;
  workflowId: string;
  /** Participants; null: not known yet. */
  total: number | null;
  /** Those who are through, left out or finished by earlier runs. */
  done: number;
  excluded: number;
  /** While whoever is not through waits for a person's rating; absent otherwise. */
  waiting?: RatingsAwaited;
}

/** Which of a cohort's pipelines runs or is next: the first without a result. Null: none is left. */
export function pipelineAt(cohort: WorkflowFacts, workflowId: string): Pick<PipelineStanding, 'name' | 'workflowId'> | null {
  const names = ((cohort.input as CohortInput).spec.pipelines ?? []).map((p) => p.name);
  const name = names.find((one) => !cohort.children.has(`${workflowId}/${one}`));
  return name === undefined ? null : { name, workflowId: `${workflowId}/${name}` };
}

/** Of the last of the pipeline's executions, which was told what those before it did. */
export function countPipeline({ input, steps, signals, children }: WorkflowFacts): Omit<PipelineStanding, 'name' | 'workflowId'> {
  const { from, rated } = input as PipelineInput;
  const plan = from?.plan ?? steps.filter((s) => s.name === 'planPipeline' && s.state === 'done').map((s) => s.result as PlanPipelineOutput)[0];
  if (plan === undefined) return { total: null, done: rated?.counts.done ?? 0, excluded: rated?.counts.excluded ?? 0 };
  // Begun again after a rating: who was left out before, and who lacks something now, was put together first.
  const collected = rated === undefined || (rated.exclusions === null && plan.lacking === 0) ? undefined : steps.filter((s) => s.name === 'collectPipeline' && s.state === 'done').map((s) => s.result as CollectPipelineOutput)[0];
  const before = from?.counts ?? { done: plan.participants - plan.pending - unratedOf(plan), excluded: rated === undefined ? plan.lacking : collected?.excluded ?? 0 }, ended = [...children.values()] as ParticipantOutcome[];
  // Told of ratings, it goes on as soon as a worker is there.
  const last = signals.filter(({ name, received }) => name === (received ? RATED_SIGNAL : RATINGS_AWAITED_SIGNAL)).at(-1);
  const waiting = last?.received === false ? (last.args[0] as RatingsAwaitedArgs).awaited : null;
  return {
    total: plan.participants, done: before.done + ended.filter((o) => o.unrated === undefined).length, excluded: before.excluded + ended.filter((o) => o.failure !== null).length,
    ...(waiting === null ? {} : { waiting }),
  };
}
