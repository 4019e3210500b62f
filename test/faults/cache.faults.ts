/** A control worker that remembers no workflow, so that every step of every workflow replays its history. */
import { expect, it } from 'vitest';
import { smallStudy, sulcus } from '../workflow/harness.js';
import { startCluster } from './cluster.js';
import { figure } from './figure.js';
import { bits, science } from './science.js';

it('workflows replayed at every step', async (context) => {
  const [quiet, study] = [await smallStudy({ ranks: [2, 5], splits: 3 }), await smallStudy({ ranks: [2, 5], splits: 3 })];
  const cluster = await startCluster(study);
  try {
    expect((await sulcus(['run', 'study.yaml'], quiet.directory)).code).toBe(0);
    await cluster.worker({ threads: 2, env: { SULCUS_CACHED_WORKFLOWS: '0' } });
    const { code, stderr } = await cluster.sulcus(['run', 'study.yaml']);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const histories = await Promise.all(['acc-trs', 'acc-trs/tokyo', 'acc-trs/toronto'].map((id) => cluster.client.workflow.getHandle(id).fetchHistory()));
    const events = histories.flatMap((h) => h.events ?? []), steps = events.filter((e) => e.workflowTaskCompletedEventAttributes != null).length;
    expect(events.filter((e) => e.workflowTaskFailedEventAttributes != null)).toEqual([]);
    expect(bits(study)).toEqual(bits(quiet));
    expect(science(study)).toEqual(science(quiet));
    figure(context, 'A worker that keeps no workflow in memory, and replays each at every step, gives the same results', `${steps} steps of 3 workflows replayed, none failed; results and bits identical`);
  } finally {
    await cluster.close();
    await Promise.all([quiet.remove(), study.remove()]);
  }
});
