/** What the store keeps of runs beside artifacts: what finished ones found, and notes. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileStore } from '../../../storage/file-store.js';
import type { FinishedRun } from '../../../storage/store.js';

let root: string, store: FileStore;
beforeEach(async () => { root = await mkdtemp(join(tmpdir(), 'sulcus-runs-')); store = new FileStore(root); });
afterEach(() => rm(root, { recursive: true, force: true }));

const finished = (runId: string, finishedAt: string): FinishedRun => ({ runId, workflowId: 'acc', study: 'acc', finishedAt, out: '/results', partial: false });

describe('finished runs', () => {
  it('come back, the latest first, beside the steps they recorded', async () => {
    await store.recordSteps('b', 'fit', []);
    await store.recordRun(finished('a', '2026-01-02T00:00:00Z'), Buffer.from('A'));
    await store.recordRun(finished('b', '2026-01-03T00:00:00Z'), Buffer.from('B'));
    await store.recordSteps('c', 'fit', []);                                        // never finished
    expect((await store.runs()).map((r) => r.runId)).toEqual(['b', 'a']);
    expect(Buffer.from((await store.run('b')) as Uint8Array).toString()).toBe('B');
    expect(await store.run('c')).toBeNull();
    expect(await store.steps('b')).toEqual([]);
  });

  it('are none in a new store', async () => {
    expect(await store.runs()).toEqual([]);
  });
});

describe('notes', () => {
  it('are replaced whole, also by many at once, and leave nothing else behind', async () => {
    expect(await store.note('abc')).toBeNull();
    await Promise.all(Array.from({ length: 20 }, (_, i) => store.putNote('abc', Buffer.from(String(i).repeat(1000)))));
    const text = Buffer.from((await store.note('abc')) as Uint8Array).toString();
    expect(new Set(Array.from({ length: 20 }, (_, i) => String(i).repeat(1000)))).toContain(text);
    expect(await readdir(join(root, 'notes', 'ab'))).toEqual(['abc']);
  });
});
