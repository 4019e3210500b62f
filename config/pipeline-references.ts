/** What stands in braces in a pipeline file names something that is there. */
import type { Path } from './document.js';
import type { Report } from './issues.js';
import { nearest } from './nearest.js';
import { bracesIn, placeholderOf, type Placeholder } from './pipeline-placeholders.js';
import type { PipelineDefinition } from './pipeline-read.js';

/** Names as they stand in the file, also of what could not be read: those are there, and what is wrong with them is told elsewhere. */
export interface Names {
  programs: string[];
  inputs: string[];
  parameters: string[];
  steps: string[];
}

/** As much of a pipeline as could be read. */
export type Read = PipelineDefinition & { names: Names };

/** Reports that there is no such thing, with the nearest that there is. */
export function unknown(report: Report, path: Path, what: string, name: string, known: readonly string[], where: string): void {
  const guess = nearest(name, known), list = known.length === 0 ? `there are none under ${where}` : `known: ${known.join(', ')}`;
  report(path, { code: `study-${what}`, message: `${spelled(path)}: there is no ${what} ${name}`, remedy: guess === null ? list : `did you mean ${guess}?` });
}

const spelled = (path: Path): string => path.join('.');

/** Every placeholder of a text. */
export function checkPlaceholders(pipeline: Read, step: string, given: string, path: Path, report: Report): void {
  const { inside, left } = bracesIn(given);
  if (left) report(path, { code: 'study-placeholder', message: `${spelled(path)}: ${short(given)} has a brace without its other one`, remedy: 'braces hold what is filled in, such as {input:NAME}' });
  for (const text of inside) {
    const found = placeholderOf(text);
    if (found === null) {
      report(path, { code: 'study-placeholder', message: `${spelled(path)}: {${text}} is not filled in by anything`, remedy: 'use {input:NAME}, {STEP:NAME}, {output:NAME}, {parameter:NAME}, {threads}, {scratch} or {folder}' });
    } else checkReference(pipeline, step, found, path, report);
  }
}

const WRITTEN = { input: '{input:NAME}', output: '{output:NAME}', step: '{STEP:NAME}' };

/** A text that is one placeholder and nothing else, of one of these kinds. */
export function checkOne(pipeline: Read, step: string, given: string, kinds: readonly (keyof typeof WRITTEN)[], path: Path, report: Report): void {
  const [text = ''] = bracesIn(given).inside, found = placeholderOf(text);
  if (given === `{${text}}` && found !== null && (kinds as readonly string[]).includes(found.kind)) return checkReference(pipeline, step, found, path, report);
  report(path, { code: 'study-placeholder', message: `${spelled(path)}: found ${given}`, remedy: `write ${kinds.map((kind) => WRITTEN[kind]).join(' or ')}, and nothing else` });
}

/** Of a text of many lines, the first. */
const short = (text: string): string => (text.includes('\n') ? `the text that begins with ${text.split('\n')[0]}` : text);

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
  const together = path[2] !== 'otherwise' && pipeline.steps.get(step)?.when === from.when;
  if (from.when !== null && !Object.hasOwn(from.otherwise, found.name) && !together) {
    report(path, { code: 'study-otherwise', message: `${spelled(path)} takes {${found.step}:${found.name}}, and ${found.step} may be left out (when: ${from.when})`, remedy: `say under steps.${found.step}.otherwise what is taken instead: ${found.name}: '{STEP:NAME}'` });
  }
}
