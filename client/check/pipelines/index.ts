/** Pipelines of a study, before anything starts: their programs, what participants bring, and what is still to be made. */
import type { Reach } from '../../../activities/ingest/locate.js';
import type { CohortSurvey } from '../../../activities/ingest/survey.js';
import type { Problem, StudyFile } from '../../../config/index.js';
import type { TableMark } from '../inputs-table.js';
import { checkAttempts } from './attempts.js';
import { checkInputs, inputColumn } from './inputs.js';
import { companions, withoutMade, type ToMake } from './made.js';
import { checkOutputs } from './outputs.js';

export { checkPrograms, whereStepsRun, type ProgramReport, type StepsRun } from './programs.js';

/** A pipeline in a cohort. */
export interface PipelineReport {
  cohort: string;
  pipeline: string;
  subjects: number;
  /** Subjects of whom it has every input. */
  ready: number;
  /** What a run will make of them that the study takes: inputs of the table (`fa left`), and of how many subjects. */
  toMake: { inputs: string[]; subjects: number };
}

export const pipelineColumns = ({ spec }: StudyFile): string[] => (spec.pipelines ?? []).flatMap((pipeline) => Object.keys(pipeline.inputs).map((input) => inputColumn(pipeline, input)));

/** Problems with what the participants of a cohort bring, by pipeline. */
export async function checkCohortInputs({ spec }: StudyFile, survey: CohortSurvey, reach: Reach): Promise<Problem[]> {
  const { pipelines = [] } = spec, ids = survey.subjects.filter(({ rowProblem }) => rowProblem?.code !== 'BAD_ID').map(({ id }) => id), problems: Problem[] = [];
  const taking = survey.subjects.filter(({ rowProblem }) => rowProblem === null).map(({ id }) => id);
  for (const [i, pipeline] of pipelines.entries()) problems.push(...(await checkInputs(pipeline, pipelines.slice(0, i), ids, reach)), ...(await checkOutputs(spec, pipeline, taking, reach)), ...(await checkAttempts(pipeline, ids, reach)));
  return problems;
}

/** Problems without those that a run of the pipelines ends; with those of files that are needed beside what is still to be made. */
export async function settleMade(problems: readonly Problem[], study: StudyFile, survey: CohortSurvey, reach: Reach): Promise<{ problems: Problem[]; toMake: ToMake[] }> {
  const { left, toMake } = withoutMade(problems, survey.cohort, study.spec.pipelines ?? []);
  return { problems: [...left, ...(await companions(survey, toMake, study, reach))], toMake };
}

/** Whether a problem is of an input that a participant may lack: the pipeline keeps whom it is not finished for (`on_failure: keep`). */
export function isTolerated({ subject, input }: Problem, { spec: { pipelines = [] } }: StudyFile): boolean {
  return subject !== null && pipelines.some((pipeline) => pipeline.onFailure === 'keep' && Object.keys(pipeline.inputs).some((name) => inputColumn(pipeline, name) === input));
}

/** How the pipelines stand in a cohort, and marks for the table: what is still to be made is missing for those who lack an input. */
export function standing({ spec: { pipelines = [] } }: StudyFile, { cohort, subjects }: CohortSurvey, problems: readonly Problem[], toMake: readonly ToMake[]): { reports: PipelineReport[]; marks: TableMark[] } {
  const marks: TableMark[] = [];
  const reports = pipelines.map((pipeline): PipelineReport => {
    const columns = Object.keys(pipeline.inputs).map((input) => inputColumn(pipeline, input));
    const against = problems.filter((p) => p.severity === 'error' && p.input !== undefined && columns.includes(p.input)), lacking = new Set(against.map((p) => p.subject));
    const isReady = (id: string): boolean => !lacking.has(null) && !lacking.has(id), taken = new Set(subjects.filter(({ id, rowProblem }) => rowProblem === null && isReady(id)).map(({ id }) => id));
    const mine = toMake.filter((one) => one.pipeline === pipeline.name), made = mine.filter((one) => taken.has(one.subject));
    for (const { subject, input } of mine) marks.push({ cohort: cohort.name, subject, input, state: taken.has(subject) ? 'pending' : 'missing' });
    return {
      cohort: cohort.name, pipeline: pipeline.name, subjects: subjects.length, ready: subjects.filter(({ id }) => isReady(id)).length,
      toMake: { inputs: [...new Set(made.map((one) => one.input))], subjects: new Set(made.map((one) => one.subject)).size },
    };
  });
  return { reports, marks };
}
