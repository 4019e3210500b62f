/** What the parts of a pipeline file mean for one another: programs, inputs, parameters and outputs of other steps that are named and are there. */
import type { Path } from './document.js';
import type { Report } from './issues.js';
import { nearest } from './nearest.js';
import { orderOf } from './pipeline-order.js';
import { bracesIn, placeholderOf, placeholdersIn, type Placeholder } from './pipeline-placeholders.js';
import type { PipelineDefinition } from './pipeline-read.js';
import type { StepEntry } from './pipeline-schema.js';

/** Names as they stand in the file, also of what could not be read: those are there, and what is wrong with them is told elsewhere. */
export interface Names {
  programs: string[];
  inputs: string[];
  parameters: string[];
  steps: string[];
}

type Read = PipelineDefinition & { names: Names };

/** Reports what does not hold together in as much of a pipeline as could be read. */
export function checkPipeline(definition: PipelineDefinition, names: Names, report: Report): void {
  const pipeline: Read = { ...definition, names };
  for (const [name, program] of pipeline.programs) {
    for (const given of program.version) if (/[{}]/.test(given)) report(['programs', name, 'version'], { code: 'study-placeholder', message: `programs.${name}.version: ${given} is not filled in when a program is asked for its version`, remedy: 'write it out' });
  }
  for (const [name, step] of pipeline.steps) {
    if (!names.programs.includes(step.program)) unknown(report, ['steps', name, 'program'], 'program', step.program, names.programs, 'programs');
    for (const given of step.run) checkPlaceholders(pipeline, name, given, report);
    checkOutputs(name, step, report);
    checkExits(name, step, report);
    checkQuality(name, step, report);
    checkWhen(pipeline, name, step, report);
  }
  const found = orderOf([...pipeline.steps.keys()], (name) => stepsTakenBy(pipeline.steps.get(name)));
  if ('circle' in found) {
    const [first = ''] = found.circle;
    report(['steps', first], { code: 'study-cycle', message: `steps take from one another in a circle: ${[...found.circle, first].join(' takes from ')}`, remedy: 'a step takes outputs of steps that can be done before it' });
  }
}

/** Names of the steps whose outputs a step takes, when it is done and when it is left out. */
function stepsTakenBy(step: StepEntry | undefined): string[] {
  return placeholdersIn([...(step?.run ?? []), ...Object.values(step?.otherwise ?? {})]).flatMap((found) => (found.kind === 'step' ? [found.step] : []));
}

function unknown(report: Report, path: Path, what: string, name: string, known: readonly string[], where: string): void {
  const guess = nearest(name, known), list = known.length === 0 ? `there are none under ${where}` : `known: ${known.join(', ')}`;
  report(path, { code: `study-${what}`, message: `${spelled(path)}: there is no ${what} ${name}`, remedy: guess === null ? list : `did you mean ${guess}?` });
}

const spelled = (path: Path): string => path.join('.');

function checkPlaceholders(pipeline: Read, step: string, given: string, report: Report): void {
  const path = ['steps', step, 'run'], { inside, left } = bracesIn(given);
  if (left) report(path, { code: 'study-placeholder', message: `${spelled(path)}: ${given} has a brace without its other one`, remedy: 'braces hold what is filled in, such as {input:NAME}' });
  for (const text of inside) {
    const found = placeholderOf(text);
    if (found === null) {
      report(path, { code: 'study-placeholder', message: `${spelled(path)}: {${text}} is not filled in by anything`, remedy: 'use {input:NAME}, {STEP:NAME}, {output:NAME}, {parameter:NAME}, {threads} or {scratch}' });
    } else checkReference(pipeline, step, found, path, report);
  }
}

/** An input, a parameter, an own output or one of another step, that must be there. */
function checkReference(pipeline: Read, step: string, found: Placeholder, path: Path, report: Report): void {
  if (found.kind === 'input' && !pipeline.names.inputs.includes(found.name)) unknown(report, path, 'input', found.name, pipeline.names.inputs, 'inputs');
  if (found.kind === 'parameter' && !pipeline.names.parameters.includes(found.name)) unknown(report, path, 'parameter', found.name, pipeline.names.parameters, 'parameters');
  if (found.kind === 'output') {
    const outputs = Object.keys(pipeline.steps.get(step)?.outputs ?? {});
    if (!outputs.includes(found.name)) unknown(report, path, 'output', found.name, outputs, `steps.${step}.outputs`);
  }
  if (found.kind !== 'step') return;
  const from = pipeline.steps.get(found.step);
  if (from === undefined) return pipeline.names.steps.includes(found.step) ? undefined : unknown(report, path, 'step', found.step, pipeline.names.steps, 'steps');
  if (!Object.hasOwn(from.outputs, found.name)) return unknown(report, path, 'output', `${found.step}:${found.name}`, Object.keys(from.outputs).map((name) => `${found.step}:${name}`), `steps.${found.step}.outputs`);
  // What is left out together is not missed.
  const together = path[2] === 'run' && pipeline.steps.get(step)?.when === from.when;
  if (from.when !== null && !Object.hasOwn(from.otherwise, found.name) && !together) {
    report(path, { code: 'study-otherwise', message: `${spelled(path)} takes {${found.step}:${found.name}}, and ${found.step} may be left out (when: ${from.when})`, remedy: `say under steps.${found.step}.otherwise what is taken instead: ${found.name}: '{STEP:NAME}'` });
  }
}

function checkOutputs(step: string, { outputs, quality }: StepEntry, report: Report): void {
  if (Object.keys(outputs).length === 0 && quality.length === 0) report(['steps', step], { code: 'study-key-missing', message: `steps.${step}.outputs is missing`, remedy: 'name the files that the step makes' });
  const files = Object.entries(outputs).map(([name, file]) => ({ name, file: file.toLowerCase() }));
  files.forEach(({ name, file }, i) => {
    const same = files.slice(0, i).find((other) => other.file === file || other.file.startsWith(`${file}/`) || file.startsWith(`${other.file}/`));
    if (same !== undefined) report(['steps', step, 'outputs', name], { code: 'study-duplicate', message: `steps.${step}.outputs: ${same.name} and ${name} have the same name, or one is a folder of the other`, remedy: 'give each output a file of its own' });
  });
}

function checkExits(step: string, { exits }: StepEntry, report: Report): void {
  const both = exits.refuse.find((code) => exits.exclude.includes(code));
  if (both !== undefined) report(['steps', step, 'exits'], { code: 'study-value', message: `steps.${step}.exits: ${both} cannot both refuse and exclude`, remedy: 'keep it in one of the two' });
}

function checkQuality(step: string, { quality, outputs }: StepEntry, report: Report): void {
  quality.forEach(({ name, output, minimum, maximum }, i) => {
    const path = ['steps', step, 'quality', i];
    if (quality.findIndex((other) => other.name === name) < i) report([...path, 'name'], { code: 'study-duplicate', message: `steps.${step}.quality: ${name} is there twice`, remedy: 'give each number a name of its own' });
    if (output !== null && !Object.hasOwn(outputs, output)) unknown(report, [...path, 'output'], 'output', output, Object.keys(outputs), `steps.${step}.outputs`);
    if (minimum !== null && maximum !== null && minimum > maximum) report([...path, 'minimum'], { code: 'study-value', message: `steps.${step}.quality: the minimum of ${name}, ${minimum}, is more than its maximum, ${maximum}` });
  });
}

function checkWhen(pipeline: Read, step: string, { when, otherwise, outputs }: StepEntry, report: Report): void {
  if (when === null && Object.keys(otherwise).length > 0) report(['steps', step, 'otherwise'], { code: 'study-value', message: `steps.${step}.otherwise says what is taken when the step is left out, and it never is`, remedy: 'give when: the parameter that decides, or remove otherwise' });
  if (when !== null && !pipeline.names.parameters.includes(when)) unknown(report, ['steps', step, 'when'], 'parameter', when, pipeline.names.parameters, 'parameters');
  for (const [name, instead] of Object.entries(otherwise)) {
    const path = ['steps', step, 'otherwise', name], { inside } = bracesIn(instead), [text = ''] = inside, found = placeholderOf(text);
    if (!Object.hasOwn(outputs, name)) unknown(report, path, 'output', name, Object.keys(outputs), `steps.${step}.outputs`);
    if (instead !== `{${text}}` || found === null || (found.kind !== 'input' && found.kind !== 'step')) {
      report(path, { code: 'study-placeholder', message: `${spelled(path)}: found ${instead}`, remedy: 'write {STEP:NAME} or {input:NAME}, and nothing else' });
    } else checkReference(pipeline, step, found, path, report);
  }
}
