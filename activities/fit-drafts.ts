/** Checkpoints of fits in the store. They are written while the fit goes on, and one whose writing ends late must not come back after the fit. */
import type { ArtifactRef } from '../contracts/refs.js';
import type { ArtifactStore } from '../storage/store.js';

export class FitDrafts {
  private readonly dropped = new Set<string>();
  private readonly writing = new Map<string, Promise<unknown>>();

  constructor(private readonly store: Pick<ArtifactStore, 'putDraft' | 'dropDraft'>) {}

  /** Keeps a checkpoint, unless its fit has come. Throws what the store throws. */
  async put(ref: ArtifactRef, checkpoint: Uint8Array): Promise<void> {
    if (this.dropped.has(ref.key)) return;
    const written = this.store.putDraft(ref, checkpoint);
    this.writing.set(ref.key, Promise.allSettled([this.writing.get(ref.key), written]));
    await written;
  }

  /** Drops the checkpoint of a fit that has come, for good. */
  async drop(ref: ArtifactRef): Promise<void> {
    this.dropped.add(ref.key);
    await this.writing.get(ref.key);
    await this.store.dropDraft(ref);
  }
}
