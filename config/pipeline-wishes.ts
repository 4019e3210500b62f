/** What a study wants of a pipeline's steps and programs beyond inputs and parameters: which are reviewed, which are there already, which run in images. */
import type { PipelineStep } from '../contracts/pipelines.js';
import { nearest } from './nearest.js';
import type { PipelineDefinition } from './pipeline-read.js';
import type { StudyPipelineEntry } from './pipeline-schema.js';

type Complain = (path: (string | number)[], code: string, message: string, remedy: string) => void;

/** Complains of what the pipeline does not have. `steps`: those that are left with the study's parameters. */
export function checkWishes(definition: PipelineDefinition, { review, existing, images }: StudyPipelineEntry, steps: ReadonlyMap<string, PipelineStep>, complain: Complain): void {
  const sheets = [...steps.values()].flatMap(({ name, sheet }) => (sheet === undefined ? [] : [name]));
  review.forEach((name, i) => {
    if (sheets.includes(name)) return;
    const what = steps.has(name) ? `the step ${name} of ${definition.name} has no contact sheet` : noStep(definition, name);
    complain(['review', i], 'study-value', what, sheets.length === 0 ? 'none of its steps has one: give the step a `sheet` in the pipeline' : didYouMean(name, sheets, 'those with one'));
  });
  for (const [name, files] of Object.entries(existing)) {
    const step = steps.get(name);
    if (step === undefined) {
      complain(['existing', name], 'study-value', noStep(definition, name), didYouMean(name, [...steps.keys()], 'it has'));
      continue;
    }
    const outputs = Object.keys(step.outputs), missing = outputs.filter((output) => !Object.hasOwn(files, output));
    for (const output of Object.keys(files)) if (!outputs.includes(output)) complain(['existing', name, output], 'study-value', `the step ${name} of ${definition.name} has no output ${output}`, didYouMean(output, outputs, 'it has'));
    if (missing.length > 0) complain(['existing', name], 'study-key-missing', `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing: a step is taken as it is only with all of its outputs`, 'give the template of each, or remove the step from existing');
    if (outputs.length === 0) complain(['existing', name], 'study-value', `the step ${name} of ${definition.name} makes no files`, 'remove it from existing');
    // What is printed is not among the files of a laboratory.
    if (step.quality.some(({ output }) => output === null)) complain(['existing', name], 'study-value', `the step ${name} of ${definition.name} is judged by what its program prints, which existing files do not have`, 'let the step run, or take the number from an output in the pipeline');
  }
  for (const name of Object.keys(images)) {
    const known = [...definition.programs.keys()];
    if (!known.includes(name)) complain(['images', name], 'study-key-unknown', `${definition.name} has no program ${name}`, didYouMean(name, known, 'it has'));
  }
}

function noStep(definition: PipelineDefinition, name: string): string {
  return `${definition.name} has no step ${name}${definition.steps.has(name) ? ' with these parameters' : ''}`;
}

function didYouMean(name: string, known: readonly string[], otherwise: string): string {
  const guess = nearest(name, known);
  return guess === null ? `${otherwise}: ${known.join(', ')}` : `did you mean ${guess}?`;
}
