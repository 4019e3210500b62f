/** What a step is: which files it reads, and the key that says whether it is done. */
import { placeholdersOf } from '../../config/pipeline-placeholders.js';
import type { PipelineStep } from '../../contracts/pipelines.js';
import { stepKey } from '../../storage/keys.js';

/** Changes when the same programs and files would be run in another way. */
const STEP_VERSION = 1;

/** A file that a step reads, as its texts name it: `input:dwi`, `denoise:dwi`. */
export interface Reading {
  name: string;
  /** The earlier step it is an output of; null: an input of the pipeline. */
  step: string | null;
  /** Name of the input, or of the output. */
  file: string;
}

/** The files that a step's command, its standard input and what is put in place for it name, each once. */
export function readingsOf(step: PipelineStep): Reading[] {
  const found = new Map<string, Reading>();
  for (const one of placeholdersOf(step)) {
    if (one.kind === 'input') found.set(`input:${one.name}`, { name: `input:${one.name}`, step: null, file: one.name });
    if (one.kind === 'step') found.set(`${one.step}:${one.name}`, { name: `${one.step}:${one.name}`, step: one.step, file: one.name });
  }
  return [...found.values()];
}

/**
 * SHA-256 (hex) of everything that the outputs follow from. Not in it: where files lie, threads, limits, and rules of quality, which are applied to what is there.
 * @param read checksum by the name of the reading
 * @param image what the image of its container is known by; absent: it runs in none
 */
export function keyOf(step: PipelineStep, read: Readonly<Record<string, string>>, parameters: Readonly<Record<string, string | number>>, version: string, image?: string): string {
  const used = placeholdersOf(step).flatMap((one) => (one.kind === 'parameter' ? [[one.name, parameters[one.name] ?? null]] : []));
  // Keys of steps that were done before there was standard input stay: what is absent is not in it.
  const { command, stdin, place, outputs, environment: { set } } = step;
  return stepKey('pipeline-step', STEP_VERSION, { command, stdin, place, read, parameters: Object.fromEntries(used) as Record<string, unknown>, outputs, version, image, set });
}

/**
 * SHA-256 (hex) of a step whose outputs a laboratory had: they follow from nothing but themselves.
 * @param files checksum by output
 */
export function existingKey({ outputs }: Pick<PipelineStep, 'outputs'>, files: Readonly<Record<string, string>>): string {
  return stepKey('pipeline-existing', STEP_VERSION, { files, outputs });
}
