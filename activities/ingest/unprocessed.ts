/** Participants whose files could not be made, because a pipeline was not finished for them. */
import type { ArtifactRef } from '../../contracts/refs.js';
import type { Exclusion } from '../../contracts/results.js';
import type { ArtifactStore } from '../../storage/store.js';
import type { UnprocessedDocument } from '../imaging/documents.js';
import { loadJson } from '../step.js';
import { leaveOut, type ManifestDocument } from './documents.js';

/** The manifest without the files of those whom pipelines left out: what is there may be of an earlier run. The first pipeline's reason counts. */
export async function withoutUnprocessed(store: ArtifactStore, manifest: ManifestDocument, refs: readonly ArtifactRef[] = []): Promise<ManifestDocument> {
  const left = new Map<string, Exclusion>();
  for (const ref of refs) {
    const { pipeline, excluded } = await loadJson<UnprocessedDocument>(store, ref);
    for (const one of excluded) if (!left.has(one.id)) left.set(one.id, { ...one, pipeline });
  }
  return leaveOut(manifest, left);
}
