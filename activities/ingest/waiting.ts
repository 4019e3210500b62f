/** Participants who are not taken in yet, because their files are still arriving. */
import type { ArtifactRef } from '../../contracts/refs.js';
import type { Exclusion } from '../../contracts/results.js';
import type { ArtifactStore } from '../../storage/store.js';
import { loadJson } from '../step.js';
import { leaveOut, type ManifestDocument } from './documents.js';

/** Code of an exclusion that ends by itself. It is no reason to fail with `missing: fail`. */
export const WAITING = 'WAITING';

export interface WaitingDocument {
  /** Exclusions whose code is WAITING are left out of the run; the others tell what a participant lacks. */
  cohorts: Record<string, Exclusion[]>;
  salt: string;
}

/** The manifest without the files of those who wait: they are excluded, with the reason. */
export async function withoutWaiting(store: ArtifactStore, manifest: ManifestDocument, ref: ArtifactRef | undefined): Promise<ManifestDocument> {
  return leaveOut(manifest, await waitingOf(store, manifest.cohort, ref));
}

/** Identifiers of those of a cohort who wait. */
export async function whoWaits(store: ArtifactStore, cohort: string, ref: ArtifactRef | undefined): Promise<Iterable<string>> {
  return (await waitingOf(store, cohort, ref)).keys();
}

async function waitingOf(store: ArtifactStore, cohort: string, ref: ArtifactRef | undefined): Promise<Map<string, Exclusion>> {
  if (ref === undefined) return new Map();
  const { cohorts } = await loadJson<WaitingDocument>(store, ref);
  return new Map((cohorts[cohort] ?? []).filter((e) => e.code === WAITING).map((e) => [e.id, e]));
}
