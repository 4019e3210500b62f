/** step.json: what a finished step leaves, and whether its outputs are still what it says. */
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileRecord, PipelineStep, StepRecord } from '../../contracts/pipelines.js';
import type { Digests } from './digests.js';

export const RECORD = 'step.json', STDOUT = 'stdout.txt', STDERR = 'stderr.txt';
const FORMAT: StepRecord['format'] = 'sulcus/step/1';

/** The record of a step's folder; null when there is none or it cannot be read: the step is done again. */
export async function readRecord(folder: string): Promise<StepRecord | null> {
  try {
    const record = JSON.parse(await readFile(join(folder, RECORD), 'utf8')) as Partial<StepRecord> | null;
    return record?.format === FORMAT && typeof record.key === 'string' && Array.isArray(record.outputs) ? (record as StepRecord) : null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof SyntaxError || code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return null;
    throw error;
  }
}

/** The record of a step that is done under this key with every output as it was written; null: it has to be done. */
export async function finishedStep(folder: string, key: string, digests: Digests, signal?: AbortSignal): Promise<StepRecord | null> {
  const record = await readRecord(folder);
  if (record?.key !== key) return null;
  for (const output of record.outputs) if (!(await isAsRecorded(folder, output, digests, signal))) return null;
  return record;
}

/** The size tells most damage without reading. */
async function isAsRecorded(folder: string, { path, bytes, sha256 }: FileRecord, digests: Digests, signal?: AbortSignal): Promise<boolean> {
  const file = join(folder, path), found = await lstat(file).catch(() => null);
  if (found === null || !found.isFile() || found.size !== bytes) return false;
  return (await digests.of(file, signal)).sha256 === sha256;
}

/** What is wrong with the files that a step was to write, in words; null: nothing. */
export async function outputProblem(folder: string, step: PipelineStep): Promise<string | null> {
  for (const [name, path] of Object.entries(step.outputs)) {
    const found = await lstat(join(folder, path)).catch(() => null), what = `output ${name} (${path})`;
    if (found === null) return `${what} was not written`;
    if (!found.isFile()) return `${what} is ${found.isSymbolicLink() ? 'a link' : found.isDirectory() ? 'a folder' : 'no plain file'}, expected a file`;
    if (found.size === 0) return `${what} is empty`;
  }
  return null;
}

/** Outputs with size and checksum, in the order of the step. */
export async function recordOutputs(folder: string, step: PipelineStep, digests: Digests, signal?: AbortSignal): Promise<FileRecord[]> {
  const records: FileRecord[] = [];
  for (const [name, path] of Object.entries(step.outputs)) records.push({ name, path, ...(await digests.of(join(folder, path), signal)) });
  return records;
}
