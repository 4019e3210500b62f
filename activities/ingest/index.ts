/** The ingest steps of a cohort: survey, shards, assembly, spectra. */
import { heartbeat } from '@temporalio/activity';
import type { IngestShardInput, IngestShardOutput, SurveyInput, SurveyOutput } from '../../contracts/activities.js';
import { SUBJECTS_PER_SHARD } from '../../contracts/limits.js';
import type { ControlContext } from '../context.js';
import { keep, loadJson } from '../step.js';
import type { ManifestDocument, RegionDocument, ShardDocument } from './documents.js';
import { readRegion } from './region.js';
import { checkStudyMesh } from './study-mesh.js';
import { ingestSubject } from './subject.js';
import { surveyManifest } from './survey.js';
import { withoutWaiting } from './waiting.js';

export { assembleCohort } from './assemble.js';
export { readSpectra } from './spectra.js';

export async function surveyCohort({ store }: ControlContext, input: SurveyInput): Promise<SurveyOutput> {
  const region = await keep(store, input.run, 'region', await readRegion(input.spec, input.directory));
  await checkStudyMesh(input.spec, input.directory);
  const document = await withoutWaiting(store, await surveyManifest(input.spec, input.directory, input.cohort), input.waiting);
  const manifest = await keep(store, input.run, 'manifest', document);
  return { manifest, region, subjects: document.subjects.length, shards: Math.max(1, Math.ceil(document.subjects.length / SUBJECTS_PER_SHARD)) };
}

/** Reads one shard of subjects. The heartbeat is a cursor; what was read before an interruption is found in the store and not read again. */
export async function ingestShard({ store }: ControlContext, input: IngestShardInput): Promise<IngestShardOutput> {
  const manifest = await loadJson<ManifestDocument>(store, input.manifest);
  const region = await loadJson<RegionDocument>(store, input.region);
  const mine = manifest.subjects.slice(input.shard * SUBJECTS_PER_SHARD, (input.shard + 1) * SUBJECTS_PER_SHARD);
  const document: ShardDocument = { subjects: [] };
  const count = { read: 0, reused: 0, excluded: 0 };
  for (const [i, subject] of mine.entries()) {
    const { key, excluded, reused } = await ingestSubject(store, input.run, subject, region, input.region.key);
    document.subjects.push({ id: subject.id, key, excluded });
    count[excluded !== null ? 'excluded' : reused ? 'reused' : 'read']++;
    heartbeat({ subjects: i + 1, of: mine.length });
  }
  return { shard: await keep(store, input.run, 'shard', document), ...count };
}
