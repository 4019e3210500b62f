/** A pipeline for a study: values of its parameters, templates of its inputs, and the steps that are left, in order. */
import type { ContactSheet, PipelineSpec, PipelineStep, ProgramSpec, QualityRule } from '../contracts/pipelines.js';
import type { Report } from './issues.js';
import { nearest } from './nearest.js';
import { orderOf } from './pipeline-order.js';
import { placeholderOf, placeholdersIn, placeholdersOf, replacePlaceholders, type Placeholder } from './pipeline-placeholders.js';
import type { PipelineDefinition } from './pipeline-read.js';
import type { ParameterEntry, StepEntry, StudyPipelineEntry } from './pipeline-schema.js';
import { checkWishes } from './pipeline-wishes.js';

/** Values that leave out the steps whose `when` they are; so do 0 and false. */
const OFF = ['', 'none', 'no', 'off', 'false'];

/** A specification travels in every workflow of a participant. */
const MOST_CHARACTERS = 64 * 1024;

/**
 * The pipeline as the study wants it; null when the study asks for what the pipeline does not have or leaves out what it needs, which is reported under
 * the study's `pipelines[number]`. The same file and the same entry give the same specification.
 */
export function expandPipeline(definition: PipelineDefinition, entry: StudyPipelineEntry, number: number, report: Report): PipelineSpec | null {
  let sound = true;
  const complain = (path: (string | number)[], code: string, message: string, remedy: string): void => {
    sound = false;
    report(['pipelines', number, ...path], { code, message: `pipelines[${number}].${path.join('.')}: ${message}`, remedy });
  };
  const meant = new Set<string>();
  const unknown = (path: string[], what: string, name: string, known: readonly string[]): void => {
    const guess = nearest(name, known);
    if (guess !== null) meant.add(`${what} ${guess}`);
    complain(path, 'study-key-unknown', `${definition.name} has no ${what} ${name}`, guess !== null ? `did you mean ${guess}?` : known.length === 0 ? 'it has none' : `it has: ${known.join(', ')}`);
  };

  for (const name of Object.keys(entry.parameters)) if (!definition.parameters.has(name)) unknown(['parameters', name], 'parameter', name, [...definition.parameters.keys()]);
  const parameters: Record<string, string | number> = {};
  const off = new Set<string>();
  for (const [name, otherwise] of definition.parameters) {
    const given = Object.hasOwn(entry.parameters, name) ? (entry.parameters[name] ?? otherwise) : otherwise;
    if (isOff(given)) off.add(name);
    if (typeof otherwise === 'number' && typeof given !== 'number' && !(isOff(given) && decides(definition, name))) complain(['parameters', name], 'study-value', `found ${String(given)}, expected a number such as ${otherwise}`, 'write a number, without quotes');
    if (given !== null) parameters[name] = typeof given === 'boolean' ? String(given) : given;
  }

  const kept = new Map([...definition.steps].filter(([, { when }]) => when === null || !off.has(when)));
  if (kept.size === 0) complain([], 'study-value', `with these parameters every step of ${definition.name} is left out`, 'remove it from pipelines, or turn a step on');
  const steps = new Map([...kept].map(([name, step]) => [name, stepOf(name, step, (given) => replacePlaceholders(given, (found, written) => instead(definition, kept, found) ?? written))]));
  const taken = [...steps.values()].flatMap(takenBy);

  const inputs: Record<string, string> = {}, needed = new Set(taken.flatMap((found) => (found.kind === 'input' ? [found.name] : [])));
  for (const name of Object.keys(entry.inputs)) if (!definition.inputs.has(name)) unknown(['inputs', name], 'input', name, [...definition.inputs.keys()]);
  for (const [name, { about, shared }] of definition.inputs) {
    if (!needed.has(name)) continue;
    const template = Object.hasOwn(entry.inputs, name) ? entry.inputs[name] : undefined;
    if (template !== undefined) inputs[name] = template;
    else if (!meant.has(`input ${name}`)) complain(['inputs', name], 'study-key-missing', `${name} is missing (${about})`, shared ? 'give its path under the cohort\'s directory, or {study}/PATH under the study\'s' : 'give the template of the participant\'s file under the cohort\'s directory, with {id}');
  }
  const used = new Set(taken.flatMap((found) => (found.kind === 'parameter' ? [found.name] : [])));
  for (const name of used) if (!Object.hasOwn(parameters, name) && !meant.has(`parameter ${name}`)) complain(['parameters', name], 'study-key-missing', `${name} is missing, it has no default`, `give a value: parameters: { ${name}: ... }`);

  checkWishes(definition, entry, steps, complain);
  const found = orderOf([...steps.keys()], (name) => takenBy(steps.get(name)!).flatMap((other) => (other.kind === 'step' ? [other.step] : [])));
  if (!sound || 'circle' in found) return null;
  const ordered = found.order.map((name) => steps.get(name)!);
  const programs = [...definition.programs].filter(([name]) => ordered.some((step) => step.program === name)).map(([name, program]): [string, ProgramSpec] => {
    const image = entry.images[name];
    return [name, image === undefined ? program : { ...program, image }];
  });
  const review = ordered.map(({ name }) => name).filter((name) => entry.review.includes(name));
  const spec: PipelineSpec = {
    name: definition.name, programs: Object.fromEntries(programs), steps: ordered, inputs, parameters, outputs: entry.outputs ?? `derivatives/${definition.name}`, onFailure: entry.on_failure, window: entry.window,
    ...(entry.personal === 'keep' ? { personal: 'keep' } : {}),
    ...(review.length === 0 ? {} : { review }),
    ...(Object.keys(entry.existing).length === 0 ? {} : { existing: entry.existing }),
  };
  const { length } = JSON.stringify(spec);
  if (length > MOST_CHARACTERS) complain(['use'], 'study-value', `${definition.name} takes ${length} characters with everything filled in, more than ${MOST_CHARACTERS}`, 'make two pipelines of it, or shorten its commands');
  return sound ? spec : null;
}

/** True when a parameter's value leaves out the steps whose `when` it is. */
function isOff(value: ParameterEntry): boolean {
  return value === null || value === false || value === 0 || (typeof value === 'string' && OFF.includes(value.trim().toLowerCase()));
}

const decides = (definition: PipelineDefinition, parameter: string): boolean => [...definition.steps.values()].some(({ when }) => when === parameter);

/** What is taken instead of an output of a step that is left out, as written in braces; null: what is named is there. */
function instead(definition: PipelineDefinition, kept: ReadonlyMap<string, StepEntry>, found: Placeholder): string | null {
  let now: Placeholder | null = found, written: string | null = null;
  while (now !== null && now.kind === 'step' && !kept.has(now.step)) {
    written = definition.steps.get(now.step)?.otherwise[now.name] ?? null;
    now = written === null ? null : placeholderOf(written.slice(1, -1));
  }
  return written;
}

/** A step with every text filled in as far as the study decides it. */
function stepOf(name: string, step: StepEntry, fill: (given: string) => string): PipelineStep {
  const { program, outputs, needs, progress, exits, retries, environment, stdin } = step, place = Object.entries(step.place);
  const quality = step.quality.map(({ take, ...rule }): QualityRule => (take === 'first' ? rule : { ...rule, take }));
  return {
    name, program, command: step.run.map(fill), outputs, needs: { threads: needs.threads, memory: needs.memory, seconds: needs.time, silence: needs.silence }, progress, exits, retries, environment, quality,
    ...(stdin === null ? {} : { stdin: fill(stdin) }),
    ...(place.length === 0 ? {} : { place: Object.fromEntries(place.map(([path, given]) => [path, fill(given)])) }),
    ...(step.sheet === null ? {} : { sheet: sheetOf(step.sheet, fill) }),
  };
}

function sheetOf({ image = '', outline = null, planes = ['axial'], slices = 12, range = null, volume = 0, picture }: NonNullable<StepEntry['sheet']>, fill: (given: string) => string): ContactSheet {
  return picture === undefined ? { image: fill(image), outline: outline && fill(outline), planes, slices, range, volume } : { picture };
}

/** What a step needs there to be: for its program, and for its contact sheet. */
function takenBy(step: PipelineStep): Placeholder[] {
  const { sheet } = step;
  return [...placeholdersOf(step), ...(sheet === undefined || 'picture' in sheet ? [] : placeholdersIn([sheet.image, sheet.outline ?? '']))];
}
