/** What pipelines read of a participant who was analysed: whether it is still what their steps have recorded, as `sulcus run` would find. */
import { join } from 'node:path';
import { cancellationSignal } from '@temporalio/activity';
import { SulcusError } from '../../contracts/errors.js';
import type { PipelineSpec, StepRecord } from '../../contracts/pipelines.js';
import { Digests } from '../imaging/digests.js';
import { readRecord } from '../imaging/record.js';
import { locateInput, type Reach } from '../ingest/locate.js';
import type { Look } from './look.js';
import type { Verdict } from './participant.js';
import { isRecent, nearestFolder, see } from './seen.js';

/** What a record calls an input of the pipeline. */
const INPUT = 'input:';

/**
 * Null: a run would find nothing to do in the pipelines. A file is read only when size, times or inode are others than when it was read last; what was read is
 * remembered as the steps remember it.
 */
export async function lookAtScans({ spec, directory, now, settleMs }: Look, id: string, reach: Reach, signal: AbortSignal = cancellationSignal()): Promise<Verdict | null> {
  const paths: string[] = [];
  let changed = false, recent = false;
  for (const pipeline of spec.pipelines ?? []) {
    const folder = join(directory, reach.cohort.directory, pipeline.outputs, id), digests = new Digests(folder, directory), records = await recordsOf(folder, pipeline);
    // A folder that somebody has taken away so that the step is done again.
    if (records === null) { changed = true; continue; }
    for (const [template, recorded] of filesOf(records, pipeline)) {
      const { file, problem } = await locateInput(id, template, pipeline.name, reach);
      const path = file?.path ?? (await nearestFolder(join(directory, problem?.file ?? reach.cohort.directory)));
      paths.push(path);
      if (file !== null && (await digests.isKnown(path))) {
        changed ||= (await digests.of(path, signal)).sha256 !== recorded;
        continue;
      }
      if (isRecent(await see([path]), now, settleMs)) { recent = true; continue; }
      changed ||= file === null || (await contentOf(digests, path, signal)) !== recorded;
    }
    await digests.save();
  }
  if (recent) return { kind: 'written' };
  return changed ? { kind: 'settled', change: 'files', files: { paths, print: (await see(paths)).print } } : null;
}

/** Null: a step has none. */
async function recordsOf(folder: string, { steps }: PipelineSpec): Promise<StepRecord[] | null> {
  const records = await Promise.all(steps.map(({ name }) => readRecord(join(folder, name))));
  return records.every((record) => record !== null) ? records : null;
}

/** Template and SHA-256 of each file of the laboratory's that a step has read, or taken for its output. Those that the study file names no more are its parameters' news. */
function filesOf(records: readonly StepRecord[], { inputs: templates, existing: taken = {} }: PipelineSpec): Map<string, string> {
  const found = records.flatMap(({ step, inputs, existing = [] }) => [
    ...inputs.map(({ name, sha256 }) => [name.startsWith(INPUT) ? templates[name.slice(INPUT.length)] : undefined, sha256] as const),
    ...existing.map(({ name, sha256 }) => [taken[step]?.[name], sha256] as const),
  ]);
  return new Map(found.flatMap(([template, sha256]) => (template === undefined ? [] : [[template, sha256] as const])));
}

/** Null: it changes while it is read. */
async function contentOf(digests: Digests, path: string, signal: AbortSignal): Promise<string | null> {
  return digests.of(path, signal).then(({ sha256 }) => sha256, (error: unknown) => {
    if (error instanceof SulcusError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  });
}
