/** What a step is: which files it reads, and the key that says whether it is done. */
import { placeholdersIn } from '../../config/pipeline-placeholders.js';
import type { PipelineStep } from '../../contracts/pipelines.js';
import { stepKey } from '../../storage/keys.js';

/** Changes when the same programs and files would be run in another way. */
const STEP_VERSION = 1;

/** A file that a step reads, as its command names it: `input:dwi`, `denoise:dwi`. */
export interface Reading {
  name: string;
  /** The earlier step it is an output of; null: an input of the pipeline. */
  step: string | null;
  /** Name of the input, or of the output. */
  file: string;
}

/** The files that a step's command names, each once. */
export function readingsOf(step: PipelineStep): Reading[] {
  const found = new Map<string, Reading>();
  for (const one of placeholdersIn(step.command)) {
    if (one.kind === 'input') found.set(`input:${one.name}`, { name: `input:${one.name}`, step: null, file: one.name });
    if (one.kind === 'step') found.set(`${one.step}:${one.name}`, { name: `${one.step}:${one.name}`, step: one.step, file: one.name });
  }
  return [...found.values()];
}

/**
 * SHA-256 (hex) of everything that the outputs follow from. Not in it: where files lie, threads, limits, and rules of quality, which are applied to what is there.
 * @param read checksum by the name of the reading
 */
export function keyOf(step: PipelineStep, read: Readonly<Record<string, string>>, parameters: Readonly<Record<string, string | number>>, version: string): string {
  const used = placeholdersIn(step.command).flatMap((one) => (one.kind === 'parameter' ? [[one.name, parameters[one.name] ?? null]] : []));
  return stepKey('pipeline-step', STEP_VERSION, { command: step.command, read, parameters: Object.fromEntries(used) as Record<string, unknown>, outputs: step.outputs, version, set: step.environment.set });
}
