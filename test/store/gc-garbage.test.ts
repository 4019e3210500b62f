/** What garbage collection takes and leaves, on a real folder. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ArtifactRef } from '../../contracts/refs.js';
import { FileStore } from '../../storage/file-store.js';
import { collect, findGarbage } from '../../storage/garbage.js';
import type { Provenance } from '../../storage/store.js';

const ref = (i: number, kind: ArtifactRef['kind'] = 'fit'): ArtifactRef => ({ kind, key: i.toString(16).padStart(2, '0').repeat(32) });
const made: Provenance = { workflowId: 'a', runId: 'r', seconds: 1, at: '2024-01-02T03:04:05.000Z', node: 'v20' };
const DAY = 86_400, later = (days: number): number => Date.now() + days * DAY * 1000;
const run = (runId: string, workflowId: string, out = '/out'): Parameters<FileStore['recordRun']>[0] => ({ runId, workflowId, study: workflowId, finishedAt: new Date(Date.now() - 1000 + Number(runId.slice(1))).toISOString(), out, partial: false });
let root: string, store: FileStore;
beforeEach(async () => { root = await mkdtemp(join(tmpdir(), 'sulcus-gc-')); store = new FileStore(root); });
afterEach(() => rm(root, { recursive: true, force: true }));

const gone = async (days: number): Promise<string[]> => {
  const { garbage } = await findGarbage(store, { olderThanSeconds: 7 * DAY, now: later(days) });
  return garbage.map((g) => `${g.garbage} ${g.name.split('/').slice(0, 3).join('/')}`).sort();
};

it('keeps what the last run of every study in every results folder used, and takes the rest when it is old', async () => {
  for (let i = 1; i <= 5; i++) await store.put(ref(i), Buffer.alloc(100 * i), made);
  await store.put(ref(9, 'exclusion'), Buffer.from('a person'), made);
  await store.recordUses('r1', 'x', [ref(1), ref(2)]);
  await store.recordUses('r2', 'x', [ref(2)]);
  await store.recordUses('r3', 'x', [ref(3)]);
  await store.recordUses('r4', 'x', [ref(4)]);
  await store.recordRun(run('r1', 'a'), Buffer.from('old'));
  await store.recordRun(run('r2', 'a'), Buffer.from('new'));
  await store.recordRun(run('r3', 'another'), Buffer.from('other study'));
  await store.recordRun(run('r4', 'a', '/elsewhere'), Buffer.from('other folder'));
  await store.putDraft(ref(7), Buffer.from('a checkpoint'));
  expect(await gone(6)).toEqual([]);
  expect(await gone(8)).toEqual(['abandoned drafts/fit/0707070707070707070707070707070707070707070707070707070707070707', 'record uses/r1/x.json', 'unused artifacts/fit/01', 'unused artifacts/fit/05']);
  const { garbage } = await findGarbage(store, { olderThanSeconds: 7 * DAY, now: later(8) });
  await collect(garbage, new AbortController().signal);
  expect(await gone(8)).toEqual([]);
  expect(await Promise.all([1, 2, 3, 4, 5].map(async (i) => (await store.find(ref(i))) !== null))).toEqual([false, true, true, true, false]);
  expect([(await store.runs()).length, await store.find(ref(9, 'exclusion')) !== null]).toEqual([4, true]);
});

it('keeps what a run that has not finished used, as long as it is young', async () => {
  await store.put(ref(1), Buffer.from('x'), made);
  await store.recordUses('r1', 'x', [ref(1)]);
  expect(await gone(6)).toEqual([]);
  const { used } = await findGarbage(store, { olderThanSeconds: 7 * DAY, now: later(6) });
  expect(used.objects).toBe(1);
  expect(await gone(8)).toEqual(['record uses/r1/x.json', 'unused artifacts/fit/01']);
});

it('keeps everything older than a run that recorded nothing of what it used', async () => {
  await store.put(ref(1), Buffer.from('x'), made);
  await store.recordRun({ ...run('r1', 'a'), finishedAt: new Date(Date.now() + 1000).toISOString() }, Buffer.from('by an earlier version'));
  expect(await gone(8)).toEqual([]);
  expect((await findGarbage(store, { olderThanSeconds: 0, now: later(8) })).unrecorded).toBe(1);
});
