/** Checkpoints and their fits, in a real folder whose writes end late. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FitDrafts } from '../../../activities/fit-drafts.js';
import type { ArtifactRef } from '../../../contracts/refs.js';
import { Artifacts } from '../../../storage/artifacts.js';
import { FolderObjects } from '../../../storage/folder.js';

const ref: ArtifactRef = { kind: 'fit', key: 'a'.repeat(64) }, bytes = Buffer.from('a checkpoint');
let folder: string, store: Artifacts;
/** Milliseconds by which the next writes begin late. */
let late: number[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sulcus-drafts-'));
  store = new Artifacts(new FolderObjects(folder));
  late = [];
});
afterEach(() => { rmSync(folder, { recursive: true }); });
const drafts = (): FitDrafts => new FitDrafts({
  putDraft: async (...args) => { await pause(late.shift() ?? 0); await store.putDraft(...args); },
  dropDraft: (found) => store.dropDraft(found),
});

it('a checkpoint is there until its fit comes', async () => {
  const kept = drafts();
  await kept.put(ref, bytes);
  expect(Buffer.from((await store.draft(ref)) ?? []).toString()).toBe('a checkpoint');
  await kept.drop(ref);
  expect(await store.draft(ref)).toBeNull();
});

it('none comes back after the fit: those still being written, in whatever order they end, nor a later one', async () => {
  const kept = drafts();
  late = [200, 20];
  const writes = [kept.put(ref, bytes), kept.put(ref, bytes)];
  await kept.drop(ref);
  await Promise.all([...writes, kept.put(ref, bytes)]);
  expect(await store.draft(ref)).toBeNull();
});

it('a checkpoint that cannot be written fails its writer, not the fit', async () => {
  const kept = new FitDrafts({ putDraft: () => Promise.reject(new Error('the disk is full')), dropDraft: (found) => store.dropDraft(found) });
  await expect(kept.put(ref, bytes)).rejects.toThrow('the disk is full');
  await expect(kept.drop(ref)).resolves.toBeUndefined();
});
