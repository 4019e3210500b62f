/** What a terminal is told of a study's pipelines besides problems. */
import type { PipelineReport } from './index.js';
import type { ProgramReport, StepsRun } from './programs.js';

/** Programs that are there, with their versions; null: none is. */
export function programsLine(programs: readonly ProgramReport[], where: StepsRun): string | null {
  const there = [...new Set(programs.flatMap(({ program, version }) => (version === null ? [] : [`${program} ${version}`])))];
  if (there.length === 0) return null;
  return `programs on this machine${where === 'here' ? '' : ' (steps run where workers of your Temporal server run programs)'}: ${there.join(', ')}`;
}

/** What a pipeline will make in a cohort, and for whom it cannot. */
export function pipelineLine({ cohort, pipeline, subjects, ready, toMake }: PipelineReport): string[] {
  const lines: string[] = [];
  if (toMake.subjects > 0) lines.push(`${cohort}: made by pipeline ${pipeline} when the study runs: ${short(toMake.inputs).join(', ')} of ${toMake.subjects} subject${toMake.subjects === 1 ? '' : 's'}`);
  if (ready < subjects) lines.push(`${cohort}: pipeline ${pipeline} has the inputs of ${ready} of ${subjects} subjects`);
  return lines;
}

/** `fa left` and `fa right` are `fa`; one side alone is told. */
function short(inputs: readonly string[]): string[] {
  const both = (input: string, side: string, other: string): boolean => input.endsWith(` ${side}`) && inputs.includes(input.replace(new RegExp(`${side}$`), other));
  return [...new Set(inputs.map((input) => (both(input, 'left', 'right') || both(input, 'right', 'left') ? input.replace(/ (left|right)$/, '') : input)))];
}
