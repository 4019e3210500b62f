/** The ingest steps of a cohort: survey, shards, assembly, spectra. */
import { cancellationSignal, heartbeat } from '@temporalio/activity';
import type { IngestShardInput, IngestShardOutput, SurveyInput, SurveyOutput } from '../../contracts/activities.js';
import { shardCount, shardSize } from '../../contracts/shards.js';
import { mapAtOnce } from '../at-once.js';
import type { ControlContext } from '../context.js';
import { keep, loadJson } from '../step.js';
import type { ManifestDocument, RegionDocument, ShardDocument } from './documents.js';
import { readRegion } from './region.js';
import { checkStudyMesh } from './study-mesh.js';
import { ingestSubject } from './subject.js';
import { surveyManifest } from './survey.js';
import { withoutUnprocessed } from './unprocessed.js';
import { withoutWaiting } from './waiting.js';

export { assembleCohort } from './assemble.js';
export { readSpectra } from './spectra.js';

export async function surveyCohort({ store }: ControlContext, input: SurveyInput): Promise<SurveyOutput> {
  const region = await keep(store, input.run, 'region', await readRegion(input.spec, input.directory));
  await checkStudyMesh(input.spec, input.directory);
  const processed = await withoutUnprocessed(store, await surveyManifest(input.spec, input.directory, input.cohort), input, input.left);
  const document = await withoutWaiting(store, processed, input.waiting);
  const manifest = await keep(store, input.run, 'manifest', document);
  return { manifest, region, subjects: document.subjects.length, shards: shardCount(document.subjects.length) };
}

/** Subjects of a shard read at the same time: one's disk overlaps another's parsing. A few whole brains are in memory, whatever the cohort's size. */
const AT_ONCE = 4;

/** Reads one shard of subjects. The heartbeat is a cursor; what was read before an interruption is found in the store and not read again. */
export async function ingestShard({ store }: ControlContext, input: IngestShardInput): Promise<IngestShardOutput> {
  const manifest = await loadJson<ManifestDocument>(store, input.manifest);
  const region = await loadJson<RegionDocument>(store, input.region);
  const size = shardSize(manifest.subjects.length);
  const mine = manifest.subjects.slice(input.shard * size, (input.shard + 1) * size);
  const count = { read: 0, reused: 0, excluded: 0 };
  let done = 0;
  const rows = await mapAtOnce(mine, AT_ONCE, async (subject): Promise<ShardDocument['subjects'][number]> => {
    cancellationSignal().throwIfAborted();
    const { key, excluded, reused } = await ingestSubject(store, input.run, subject, region, input.region.key);
    count[excluded !== null ? 'excluded' : reused ? 'reused' : 'read']++;
    heartbeat({ subjects: ++done, of: mine.length });
    return { id: subject.id, key, excluded };
  });
  return { shard: await keep(store, input.run, 'shard', { subjects: rows } satisfies ShardDocument), ...count };
}
