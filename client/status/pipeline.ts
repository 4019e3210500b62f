/** How far a cohort is in a pipeline, from the facts of the pipeline's workflow. Pure. */
import type { ParticipantOutcome, PlanPipelineOutput } from '../../contracts/pipeline-activities.js';
import type { PipelineInput } from '../../contracts/pipeline-workflows.js';
import type { CohortInput } from '../../contracts/workflows.js';
import type { WorkflowFacts } from './history.js';

export interface PipelineStanding {
  name: string;
  workflowId: string;
  /** Participants; null: not known yet. */
  total: number | null;
  /** Those who are through, left out or finished by earlier runs. */
  done: number;
  excluded: number;
}

/** Which of a cohort's pipelines runs or is next: the first without a result. Null: none is left. */
export function pipelineAt(cohort: WorkflowFacts, workflowId: string): Pick<PipelineStanding, 'name' | 'workflowId'> | null {
  const names = ((cohort.input as CohortInput).spec.pipelines ?? []).map((p) => p.name);
  const name = names.find((one) => !cohort.children.has(`${workflowId}/${one}`));
  return name === undefined ? null : { name, workflowId: `${workflowId}/${name}` };
}

/** Of the last of the pipeline's executions, which was told what those before it did. */
export function countPipeline({ input, steps, children }: WorkflowFacts): Pick<PipelineStanding, 'total' | 'done' | 'excluded'> {
  const { from } = input as PipelineInput;
  const plan = from?.plan ?? steps.filter((s) => s.name === 'planPipeline' && s.state === 'done').map((s) => s.result as PlanPipelineOutput)[0];
  if (plan === undefined) return { total: null, done: 0, excluded: 0 };
  const before = from?.counts ?? { done: plan.participants - plan.pending, excluded: plan.lacking }, ended = [...children.values()] as ParticipantOutcome[];
  return { total: plan.participants, done: before.done + ended.length, excluded: before.excluded + ended.filter((o) => o.failure !== null).length };
}
