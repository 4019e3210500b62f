/** Files copied to where a program, or the study, looks for them. Never linked: what is written into a copy leaves the original as it is. */
import { constants } from 'node:fs';
import { chmod, copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SulcusError } from '../../contracts/errors.js';
import type { PipelineStep } from '../../contracts/pipelines.js';
import type { Source } from './files.js';
import type { Aside } from './folder.js';

/** Puts what a step's program finds by name under its scratch folder. */
export async function putInPlace({ name, place = {} }: PipelineStep, sources: readonly Source[], { scratch }: Aside): Promise<void> {
  for (const [path, written] of Object.entries(place)) {
    const source = sources.find((one) => `{${one.name}}` === written);
    if (source === undefined) throw new SulcusError('BAD_COMMAND', `step ${name}: ${written} stands for nothing`, { remedy: 'correct `place` of the step in the pipeline' });
    await copyTo(source.file, join(scratch, path));
  }
}

/** Takes a laboratory's files as the outputs of a step. */
export async function putOutputs({ outputs }: PipelineStep, existing: readonly Source[], aside: Aside, signal: AbortSignal): Promise<void> {
  for (const { name, file } of existing) {
    signal.throwIfAborted();
    await copyTo(file, join(aside.outputs, outputs[name] ?? name));
  }
}

/** Where the file system can, without taking room for the content twice. */
async function copyTo(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  await chmod(to, 0o644); // of the original's, a copy has the rights as well
}
