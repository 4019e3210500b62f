/** Time that does not pass as it should: an event loop that stands still, and clocks that jump, in the middle of a run. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sulcus, until, type SmallStudy } from '../workflow/harness.js';
import { startCluster } from './cluster.js';
import { figure } from './figure.js';
import { longFits } from './long-fits.js';
import { bits, drafts, fitsDoneTwice, science } from './science.js';

const PRELOAD = fileURLToPath(new URL('./preload-time.mjs', import.meta.url));
const HOUR = 3_600_000;
/** Splits, and iterations for some seconds a fit: a fault waits for a checkpoint. */
const STUDY = [4, 90_000] as const;

let quiet: SmallStudy;
beforeAll(async () => {
  quiet = await longFits(...STUDY);
  expect((await sulcus(['run', 'study.yaml'], quiet.directory)).code).toBe(0);
});
afterAll(() => quiet.remove());

/** Runs the study on one worker, in which faults happen one after the other, each when a checkpoint was written since the last. Returns how long it took, ms. */
async function withFaults(faults: readonly string[]): Promise<{ ms: number; attempts: number }> {
  const study = await longFits(...STUDY), cluster = await startCluster(study), trigger = join(study.directory, 'fault');
  try {
    const worker = await cluster.worker({ role: 'all', preload: PRELOAD, env: { FAULT_TRIGGER: trigger, SULCUS_CHECKPOINT_SECONDS: '0.2' } });
    const began = performance.now(), run = cluster.command(['run', 'study.yaml']);
    for (const fault of faults) {
      const before = Date.now();
      await until('a checkpoint', () => (drafts(study).some((d) => d.written > before) ? true : null), 300_000);
      writeFileSync(trigger, fault);
      await until('the fault', () => (existsSync(trigger) ? null : true), 300_000);
    }
    const { code, stderr } = await run.finished;
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    expect([worker.child.exitCode, worker.child.signalCode]).toEqual([null, null]);
    expect(bits(study)).toEqual(bits(quiet));
    expect(science(study)).toEqual(science(quiet));
    expect(fitsDoneTwice(study)).toBe(0);
    const { events } = await cluster.client.workflow.getHandle('acc-trs/tokyo').fetchHistory();
    const attempts = Math.max(...(events ?? []).map((e) => e.activityTaskStartedEventAttributes?.attempt ?? 0));
    return { ms: performance.now() - began, attempts };
  } finally {
    await cluster.close();
    await study.remove();
  }
}

it('the event loop of a worker blocked for 20 s', async (context) => {
  const { ms, attempts } = await withFaults(['block 20000']);
  figure(context, 'A worker whose event loop is blocked for 20 s goes on; nothing fails, and no number changes', `the study ended after ${(ms / 1000).toFixed(0)} s, at most ${attempts} attempt${attempts === 1 ? '' : 's'} of a step; bits identical`);
});

it('the clock of a worker jumping an hour forward, and two back', async (context) => {
  const { ms, attempts } = await withFaults([`clock ${HOUR}`, `clock ${-2 * HOUR}`]);
  figure(context, 'A worker whose clock jumps an hour forward and two back goes on; nothing fails, and no number changes', `the study ended after ${(ms / 1000).toFixed(0)} s, at most ${attempts} attempt${attempts === 1 ? '' : 's'} of a step; bits identical`);
});
