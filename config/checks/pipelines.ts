import { posix } from 'node:path';
import type { PipelineSpec } from '../../contracts/pipelines.js';
import type { Path } from '../document.js';
import type { Draft } from '../draft.js';
import type { Report } from '../issues.js';
import { nearest } from '../nearest.js';
import { expandPipeline } from '../pipeline-expand.js';
import type { PipelineSource } from '../pipeline-files.js';
import { readPipeline, type PipelineDefinition } from '../pipeline-read.js';
import type { Problem } from '../problem.js';
import { volumesOf } from './templates.js';

/** More in one study than any needs. */
const MOST_PIPELINES = 20;

interface Read {
  number: number;
  definition: PipelineDefinition;
  spec: PipelineSpec | null;
  outputs: string;
}

/**
 * The study's pipelines, expanded; `sources` holds what each `use` names. Reports what is wrong with what the study says of them, and adds to `problems` what
 * is wrong in their own files.
 */
export function readPipelines(draft: Draft, sources: ReadonlyMap<string, PipelineSource>, report: Report, problems: Problem[]): PipelineSpec[] {
  if (draft.pipelines.size > MOST_PIPELINES) {
    report(['pipelines'], { code: 'study-value', message: `pipelines: found ${draft.pipelines.size}, there may be ${MOST_PIPELINES}` });
    return [];
  }
  const read: Read[] = [], told = new Set<string>();
  for (const [number, entry] of draft.pipelines) {
    const source = sources.get(entry.use) ?? { message: `the pipeline ${entry.use} was not read`, remedy: null };
    if (!('text' in source)) {
      report(['pipelines', number, 'use'], { code: 'study-pipeline', ...source });
      continue;
    }
    const { definition, problems: found } = readPipeline(source.text, source.file);
    if (!told.has(source.file)) problems.push(...found);
    told.add(source.file);
    if (definition === null) continue;
    const spec = expandPipeline(definition, entry, number, report);
    checkSubjects(definition, entry.inputs, number, report);
    read.push({ number, definition, spec, outputs: spec?.outputs ?? entry.outputs ?? `derivatives/${definition.name}` });
  }
  checkNames(read, report);
  checkTaken(draft, read, report);
  return read.flatMap(({ spec }) => (spec === null ? [] : [spec]));
}

/** Templates of participants' files tell participants apart. */
function checkSubjects({ inputs }: PipelineDefinition, given: Record<string, string>, number: number, report: Report): void {
  for (const [name, template] of Object.entries(given)) {
    if (inputs.get(name)?.shared !== false || /\{(id|label)\}/.test(template)) continue;
    report(['pipelines', number, 'inputs', name], { code: 'study-template', message: `the template ${template} has no {id}, so every subject would read the same file`, remedy: 'put {id} where the participant id stands in the file name' });
  }
}

/** Pipelines have different names and different folders. */
function checkNames(read: readonly Read[], report: Report): void {
  read.forEach(({ number, definition: { name }, outputs }, i) => {
    const before = read.slice(0, i), folder = `${outputs.toLowerCase()}/`;
    if (before.some((other) => other.definition.name.toLowerCase() === name.toLowerCase())) {
      report(['pipelines', number, 'use'], { code: 'study-duplicate', message: `the pipeline ${name} is listed twice`, remedy: 'list it once; for two ways of doing it, copy its file and give the copy a name of its own' });
    } else if (before.some((other) => folder.startsWith(`${other.outputs.toLowerCase()}/`) || `${other.outputs.toLowerCase()}/`.startsWith(folder))) {
      report(['pipelines', number, 'outputs'], { code: 'study-duplicate', message: `pipelines[${number}].outputs: ${outputs} is another pipeline's folder, or in it`, remedy: 'give each pipeline a folder of its own' });
    }
  });
}

/** What the study takes from the folder of a pipeline is something that the pipeline makes, and before it is taken. */
function checkTaken(draft: Draft, read: readonly Read[], report: Report): void {
  const check = (path: Path, template: string | null | undefined, before = Infinity): void => {
    const found = template == null ? undefined : read.find(({ outputs }) => posix.normalize(template).startsWith(`${outputs}/`));
    if (found?.spec == null || template == null) return;
    const say = (message: string, remedy: string): void => report(path, { code: 'study-template', message: `${template}: ${message}`, remedy });
    if (found.number >= before) return say(`${found.spec.name} makes it, which runs ${found.number === before ? 'with it' : 'later'}`, 'list the pipeline that makes it before the one that takes it');
    const [id, step, ...file] = posix.normalize(template).slice(found.outputs.length + 1).split('/'), name = file.join('/'), known = found.spec.steps.find((other) => other.name === step);
    const steps = found.spec.steps.map((other) => other.name);
    if (id !== '{id}') return say(`the folders in ${found.outputs} are named by the participant's id`, `write ${found.outputs}/{id}/STEP/FILE`);
    if (known === undefined) return say(`${found.spec.name} has no step ${step ?? ''}${found.definition.steps.has(step ?? '') ? ' with these parameters' : ''}`, didYouMean(step ?? '', steps));
    const files = Object.values(known.outputs);
    const missing = (draft.surface?.hemispheres ?? []).map((side) => filledIn(name, side)).find((wanted) => !wanted.includes('*') && !files.includes(wanted));
    if (missing !== undefined) say(`the step ${known.name} of ${found.spec.name} makes no ${missing}`, didYouMean(missing, files));
  };
  for (const [name, metric] of draft.metrics) {
    for (const key of ['file', 'volume', 'surface'] as const) check(['metrics', name, key], metric[key]);
    for (const { file } of metric.transform) check(['metrics', name, 'transform'], file);
  }
  check(['spectroscopy', 'table'], draft.spectroscopy?.table);
  for (const template of volumesOf(draft.spectroscopy?.tissue ?? null)) check(['spectroscopy', 'tissue'], template);
  for (const [number, { inputs, existing }] of draft.pipelines) {
    for (const [name, template] of Object.entries(inputs)) check(['pipelines', number, 'inputs', name], template, number);
    for (const [step, files] of Object.entries(existing)) for (const [name, template] of Object.entries(files)) check(['pipelines', number, 'existing', step, name], template, number);
  }
}

function didYouMean(name: string, known: readonly string[]): string {
  const guess = nearest(name, known);
  return guess === null ? `it has: ${known.join(', ')}` : `did you mean ${guess}?`;
}

function filledIn(template: string, side: 'left' | 'right'): string {
  const [hemi, h] = side === 'left' ? ['lh', 'L'] : ['rh', 'R'];
  return template.replaceAll('{side}', side).replaceAll('{hemi}', hemi).replaceAll('{h}', h);
}
