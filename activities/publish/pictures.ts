/** What the report draws depends on the surface and the labels alone: a run that changes neither finds it in the store. */
import type { RunInfo } from '../../contracts/activities.js';
import type { ArtifactRef } from '../../contracts/refs.js';
import { SCENE_VERSION, type Scene } from '../../report/index.js';
import { digestBytes, stepKey } from '../../storage/keys.js';
import type { ArtifactStore } from '../../storage/store.js';
import { decodeJson, encodeJson, provenanceOf } from '../step.js';
import type { ResultFile } from './tables.js';

/** The key: everything under surface/ and parcellation/ that is drawn. */
export function picturesOf(files: readonly ResultFile[]): ArtifactRef {
  const drawn = files.filter(([path]) => path.startsWith('surface/') || /^parcellation\/.*_(left|right)\.txt$/.test(path));
  return { kind: 'picture', key: stepKey('picture', SCENE_VERSION, drawn.map(([path, content]) => [path, digestBytes(typeof content === 'string' ? Buffer.from(content) : content)])) };
}

export async function knownPictures(store: ArtifactStore, ref: ArtifactRef): Promise<Scene[] | null> {
  const found = await store.find(ref);
  return found === null ? null : decodeJson<Scene[]>(found.bytes);
}

export async function keepPictures(store: ArtifactStore, run: RunInfo, ref: ArtifactRef, scenes: Scene[], seconds: number): Promise<void> {
  await store.put(ref, encodeJson(scenes), provenanceOf(run, seconds));
}
