/** Files that are not there because a pipeline of the study makes them: they are no problem before it has run. */
import { isMade } from '../../../activities/imaging/made.js';
import { locateInput, type Reach } from '../../../activities/ingest/locate.js';
import type { CohortSurvey } from '../../../activities/ingest/survey.js';
import { createProblem, type Problem, type StudyFile } from '../../../config/index.js';
import type { PipelineSpec } from '../../../contracts/pipelines.js';
import type { CohortSpec, MetricSpec } from '../../../contracts/study.js';
import { inputName } from '../record.js';

/** An input of a participant that is still to be made. */
export interface ToMake {
  subject: string;
  /** Column of the table of inputs. */
  input: string;
  pipeline: string;
}

const ABSENT = ['MISSING_FILE', 'TISSUE_MISSING'];
/** Of a file that is there. */
const REMEDY = 'if it was damaged, a run makes it again; if the program wrote it so, read what it printed (stdout.txt and stderr.txt in the step\'s folder)';

/** Takes those problems out that a run of the pipelines ends. */
export function withoutMade(problems: readonly Problem[], cohort: CohortSpec, pipelines: readonly PipelineSpec[]): { left: Problem[]; toMake: ToMake[] } {
  const left: Problem[] = [], toMake: ToMake[] = [];
  for (const problem of problems) {
    const { code, file, subject, input } = problem;
    const pipeline = file !== null && subject !== null && input !== undefined ? isMade(file, cohort, pipelines) : null;
    if (pipeline === null || subject === null || input === undefined) left.push(problem);
    else if (!ABSENT.includes(code)) left.push(problem.severity === 'error' ? { ...problem, remedy: REMEDY } : problem);
    else toMake.push({ subject, input, pipeline: pipeline.name });
  }
  return { left, toMake };
}

/** Surfaces and transforms that go with volumes still to be made: they are there before the pipelines run, or never. */
export async function companions({ cohort, subjects }: CohortSurvey, toMake: readonly ToMake[], { spec }: StudyFile, reach: Reach): Promise<Problem[]> {
  const problems: Problem[] = [], wanted = new Set(toMake.map(({ subject, input }) => `${subject} ${input}`));
  for (const { id } of subjects) for (const metric of spec.metrics) for (const side of spec.surface.hemispheres) {
    if (!wanted.has(`${id} ${inputName(metric.name, side)}`)) continue;
    for (const { template, what } of beside(metric, side)) {
      const { problem } = await locateInput(id, template, what, reach, side);
      if (problem === null || (problem.file != null && problem.code === 'MISSING_FILE' && isMade(problem.file, cohort, spec.pipelines ?? []) !== null)) continue;
      problems.push(createProblem({ code: problem.code ?? 'UNUSABLE', cohort: cohort.name, subject: id, input: inputName(metric.name, side), file: problem.file ?? null, message: problem.reason, remedy: problem.remedy ?? null }));
    }
  }
  return problems;
}

function beside({ name, surface, sampling }: MetricSpec, side: string): { template: string; what: string }[] {
  return [
    ...(surface === undefined ? [] : [{ template: surface, what: `${name} ${side}: its surface` }]),
    ...(sampling?.transforms ?? []).map(({ file }) => ({ template: file, what: `${name}: its transform` })),
  ];
}
