/** A step of a pipeline done again for everybody or one participant: found in the settings of the last run, and asked for in the data. */
import type { Client } from '@temporalio/client';
import { askAgain } from '../activities/imaging/ask-again.js';
import { participantIds } from '../activities/ingest/survey.js';
import { nearest } from '../config/index.js';
import { SulcusError } from '../contracts/errors.js';
import type { PipelineSpec } from '../contracts/pipelines.js';
import { STUDY_WORKFLOW, type StudyInput } from '../contracts/workflows.js';

export interface StepAsked {
  pipeline: PipelineSpec;
  step: string;
}

/** `PIPELINE/STEP`. Throws UNKNOWN_STEP with what there is. */
export function stepAsked(text: string, { spec: { pipelines = [] } }: Pick<StudyInput, 'spec'>): StepAsked {
  const [name, step] = text.split('/', 2), pipeline = pipelines.find((one) => one.name === name), known = pipelines.flatMap((one) => one.steps.map((its) => `${one.name}/${its.name}`));
  if (pipeline !== undefined && step !== undefined && text === `${pipeline.name}/${step}` && pipeline.steps.some((one) => one.name === step)) return { pipeline, step };
  const guess = nearest(text, known);
  throw new SulcusError('UNKNOWN_STEP', known.length === 0 ? `the study has no pipelines, so no step ${text}` : `the study has no step ${text}`, { remedy: known.length === 0 ? '--stage does what is computed again' : guess === null ? `steps: ${known.join(', ')}` : `did you mean ${guess}?` });
}

/** Throws STUDY_RUNS while any run of the study goes, of the whole or of some cohorts: it may be reading what would be put aside. */
export async function assertIdle(client: Client, { spec: { study } }: Pick<StudyInput, 'spec'>, last: { workflowId: string; status: string }, asked: string): Promise<void> {
  const running = last.status === 'RUNNING' ? [last.workflowId] : [];
  for await (const { workflowId } of client.workflow.list({ query: `WorkflowType = "${STUDY_WORKFLOW}" AND ExecutionStatus = "Running" AND SulcusStudy = "${study}"` })) running.push(workflowId);
  const [first] = running;
  if (first !== undefined) throw new SulcusError('STUDY_RUNS', `study ${first} is running, so step ${asked} cannot be done again now`, { remedy: `wait for it, or stop it with \`sulcus cancel ${first}\`` });
}

/** Asks for the step in these cohorts. Returns of how many participants; throws UNKNOWN_SUBJECT, and NOTHING_DONE when there is nothing to do again. */
export async function askForStep({ spec, directory }: StudyInput, cohorts: readonly string[], { pipeline, step }: StepAsked, participant: string | null): Promise<number> {
  if (participant !== null) {
    const tables = await Promise.all(cohorts.map((cohort) => participantIds(spec, directory, cohort)));
    if (!tables.some(({ ids }) => ids.has(participant))) throw new SulcusError('UNKNOWN_SUBJECT', `${tables.map(({ file }) => file).join(' and ')} ${tables.length === 1 ? 'has' : 'have'} no participant ${participant}`, { remedy: 'the id is that of the table of participants, as it is written there' });
  }
  let asked = 0;
  for (const cohort of cohorts) asked += await askAgain(spec, directory, cohort, pipeline, step, participant);
  if (asked === 0) throw new SulcusError('NOTHING_DONE', `step ${pipeline.name}/${step} is not done of ${participant ?? 'anybody'}, so there is nothing to do again`, { remedy: '`sulcus run STUDY.yaml` does what is still to be done' });
  return asked;
}
