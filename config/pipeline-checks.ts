/** What the parts of a pipeline file mean for one another: programs, inputs, parameters and outputs of other steps that are named and are there. */
import type { Report } from './issues.js';
import { orderOf } from './pipeline-order.js';
import { placeholdersIn } from './pipeline-placeholders.js';
import type { PipelineDefinition } from './pipeline-read.js';
import { checkOne, checkPlaceholders, unknown, type Names, type Read } from './pipeline-references.js';
import type { StepEntry } from './pipeline-schema.js';

/** Reports what does not hold together in as much of a pipeline as could be read. */
export function checkPipeline(definition: PipelineDefinition, names: Names, report: Report): void {
  const pipeline: Read = { ...definition, names };
  for (const [name, program] of pipeline.programs) {
    for (const given of program.version) if (/[{}]/.test(given)) report(['programs', name, 'version'], { code: 'study-placeholder', message: `programs.${name}.version: ${given} is not filled in when a program is asked for its version`, remedy: 'write it out' });
  }
  for (const [name, step] of pipeline.steps) {
    if (!names.programs.includes(step.program)) unknown(report, ['steps', name, 'program'], 'program', step.program, names.programs, 'programs');
    for (const given of step.run) checkPlaceholders(pipeline, name, given, ['steps', name, 'run'], report);
    if (step.stdin !== null) checkPlaceholders(pipeline, name, step.stdin, ['steps', name, 'stdin'], report);
    checkPlace(pipeline, name, step, report);
    checkSheet(pipeline, name, step, report);
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

/** Every text of a step that names files which have to be there before it begins, or, of its contact sheet, when it has ended. */
function textsOf({ run, stdin, place, sheet }: StepEntry): string[] {
  return [...run, ...Object.values(place), ...[stdin, sheet?.image, sheet?.outline].filter((given) => given != null)];
}

/** Names of the steps whose outputs a step takes, when it is done and when it is left out. */
function stepsTakenBy(step: StepEntry | undefined): string[] {
  return placeholdersIn([...(step === undefined ? [] : textsOf(step)), ...Object.values(step?.otherwise ?? {})]).flatMap((found) => (found.kind === 'step' ? [found.step] : []));
}

function checkPlace(pipeline: Read, step: string, { place }: StepEntry, report: Report): void {
  for (const [name, given] of Object.entries(place)) checkOne(pipeline, step, given, ['input', 'step'], ['steps', step, 'place', name], report);
  for (const { name, same } of sameFiles(Object.fromEntries(Object.keys(place).map((path) => [path, path])))) {
    report(['steps', step, 'place', name], { code: 'study-duplicate', message: `steps.${step}.place: ${same} and ${name} are the same path, or one is a folder of the other`, remedy: 'put each file at a path of its own' });
  }
}

/** Of slices of a volume, or of a picture. */
function checkSheet(pipeline: Read, step: string, { sheet }: StepEntry, report: Report): void {
  if (sheet === null) return;
  const path = ['steps', step, 'sheet'], { image, picture, ...slices } = sheet, others = Object.keys(slices);
  if ((image === undefined) === (picture === undefined)) report(path, { code: 'study-value', message: `steps.${step}.sheet: expected either image or picture`, remedy: 'image: \'{output:NAME}\' shows slices of a volume; picture: \'{output:NAME}\' a PNG or JPEG that the step itself makes' });
  else if (picture !== undefined && others.length > 0) report(path, { code: 'study-value', message: `steps.${step}.sheet: ${others.join(', ')} ${others.length === 1 ? 'is' : 'are'} of a sheet with image, and this one has a picture` });
  if (image !== undefined) checkOne(pipeline, step, image, ['output', 'input', 'step'], [...path, 'image'], report);
  if (slices.outline != null) checkOne(pipeline, step, slices.outline, ['output', 'input', 'step'], [...path, 'outline'], report);
  if (picture !== undefined) checkOne(pipeline, step, picture, ['output'], [...path, 'picture'], report);
}

/** Files that would be one on some machines, or one of which would have to be a folder: each with the first that is like it. */
function sameFiles(given: Record<string, string>): { name: string; same: string }[] {
  const files = Object.entries(given).map(([name, file]) => ({ name, file: file.toLowerCase() }));
  return files.flatMap(({ name, file }, i) => {
    const same = files.slice(0, i).find((other) => other.file === file || other.file.startsWith(`${file}/`) || file.startsWith(`${other.file}/`));
    return same === undefined ? [] : [{ name, same: same.name }];
  });
}

function checkOutputs(step: string, { outputs, quality }: StepEntry, report: Report): void {
  if (Object.keys(outputs).length === 0 && quality.length === 0) report(['steps', step], { code: 'study-key-missing', message: `steps.${step}.outputs is missing`, remedy: 'name the files that the step makes' });
  for (const { name, same } of sameFiles(outputs)) {
    report(['steps', step, 'outputs', name], { code: 'study-duplicate', message: `steps.${step}.outputs: ${same} and ${name} have the same name, or one is a folder of the other`, remedy: 'give each output a file of its own' });
  }
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
    const path = ['steps', step, 'otherwise', name];
    if (!Object.hasOwn(outputs, name)) unknown(report, path, 'output', name, Object.keys(outputs), `steps.${step}.outputs`);
    checkOne(pipeline, step, instead, ['input', 'step'], path, report);
  }
}
