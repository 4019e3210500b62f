/** How commands find the workers of a foreign server: by their polls, and those at a long fit by their step; and what they see when these die. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { whoWorks } from '../../client/at-work.js';
import { untilNobodyWorks } from '../../client/stand-in.js';
import { startCluster, type Cluster, type WorkerProcess } from '../faults/cluster.js';
import { smallStudy, until, type SmallStudy } from './harness.js';

let study: SmallStudy, cluster: Cluster, worker: WorkerProcess, who: string;
beforeAll(async () => {
  study = await smallStudy({ ranks: [4, 4], splits: 1, cohorts: [{ name: 'tokyo', size: 12 }], edit: [['solver: accelerated, tolerance: 1e-4', 'solver: multiplicative, tolerance: 1e-300, max_iterations: 1000000']] });
  cluster = await startCluster(study);
  worker = await cluster.worker();
  who = expect.stringMatching(new RegExp(`^${worker.pid}@`)) as string;
}, 300_000);
afterAll(async () => { await cluster.close(); await study.remove(); });

it('workers that poll are found at both queues', async () => {
  expect(await whoWorks(cluster.client)).toMatchObject([{ queue: 'sulcus-control', workers: [who] }, { queue: 'sulcus-compute', workers: [who] }]);
});

it('a worker all of whose threads are at fits does not poll, and is found by its step', async () => {
  const { child, finished } = cluster.command(['run', 'study.yaml']);
  // Polls count for nothing here: the control queue has none.
  const found = await until('a fit', async () => { const all = await whoWorks(cluster.client, { lastsMs: 0, countsMs: 0 }); return all[1]?.workers.length === 0 ? null : all; });
  expect(found).toMatchObject([{ workers: [] }, { workers: [who], silentMs: 0 }]);
  child.kill('SIGKILL');
  await finished;
}, 300_000);

it('of a worker that was killed, its queue is told as deserted when its last poll counts no more', async () => {
  const notes: string[] = [], over = new AbortController(), look = { over: over.signal, note: (line: string) => notes.push(line), lookMs: 100 };
  const living = untilNobodyWorks(cluster.client, look);
  worker.child.kill('SIGKILL');
  await worker.ended;
  expect(await untilNobodyWorks(cluster.client, { ...look, lastsMs: 500, countsMs: 2_000 })).toBe(true);
  expect(notes.at(-1)).toMatch(/^no worker has polled sulcus-control for \d+ s: this command brings one of its own$/);
  over.abort();
  expect(await living).toBe(false);
  expect(notes.filter((line) => line.endsWith('its own'))).toHaveLength(notes.length);
}, 300_000);
