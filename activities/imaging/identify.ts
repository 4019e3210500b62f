/** What a step of a participant is today: what it follows from, and the key under which it is done. */
import type { PipelineSpec, PipelineStep } from '../../contracts/pipelines.js';
import type { PipelineManifest } from './documents.js';
import { checksums, existingOf, sourcesOf, type Place, type Source } from './files.js';
import { existingKey, keyOf } from './key.js';

export interface Identity {
  key: string;
  /** What its program reads; or, by output, the files of the laboratory's that it takes instead of running. */
  sources: Source[];
  existing: boolean;
}

/** Throws what `sourcesOf` and `existingOf` throw. */
export async function identify(place: Place, step: PipelineStep, parameters: PipelineSpec['parameters'], { versions, images }: Pick<PipelineManifest, 'versions' | 'images'>, signal?: AbortSignal): Promise<Identity> {
  const existing = await existingOf(place, step, signal);
  if (existing !== null) return { key: existingKey(step, checksums(existing)), sources: existing, existing: true };
  const sources = await sourcesOf(place, step, signal);
  return { key: keyOf(step, checksums(sources), parameters, versions[step.program] ?? '', images?.[step.program]), sources, existing: false };
}
