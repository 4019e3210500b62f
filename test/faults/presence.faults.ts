/** A foreign server's workers that are idle, and that died: whether a command knows the ones from the others. */
import { setTimeout as pause } from 'node:timers/promises';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { areAllServed, POLL_LASTS_MS, whoWorks } from '../../client/at-work.js';
import { PLAIN, smallStudy } from '../workflow/harness.js';
import { startCluster } from './cluster.js';
import { figure } from './figure.js';

/** A poll lasts a minute: each is seen at its oldest. */
const IDLE_LOOKS = 65;

it('an idle worker, and one that died', async (context) => {
  const study = await smallStudy({ ranks: [2, 3], splits: 1, ...PLAIN }), cluster = await startCluster(study);
  try {
    const worker = await cluster.worker({ threads: 2 });
    expect((await cluster.sulcus(['run', 'study.yaml'])).code).toBe(0); // it keeps workflows in memory, whose tasks have a queue of their own
    let oldest = 0;
    for (let look = 0; look < IDLE_LOOKS; look++) {
      const found = await whoWorks(cluster.client);
      expect(areAllServed(found)).toBe(true);
      oldest = Math.max(oldest, ...found.map(({ silentMs }) => silentMs));
      await pause(1_000);
    }
    expect(oldest).toBeGreaterThan(30_000); // or nothing was seen of a long poll
    expect(oldest).toBeLessThan(POLL_LASTS_MS);
    worker.child.kill('SIGKILL');
    await worker.ended;
    const died = performance.now();
    writeFileSync(study.file, readFileSync(study.file, 'utf8').replace('alpha: 0.05', 'alpha: 0.06'));
    const { code, stderr } = await cluster.sulcus(['run', 'study.yaml']);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/no worker has polled sulcus-control for \d+ s.*; unless one comes, this command brings its own\n[^]*: this command brings one of its own\n/)]);
    figure(context, 'A command takes an idle worker for present, and brings its own when the last one has died', `last poll of an idle worker up to ${(oldest / 1000).toFixed(1)} s old; launched at the death of the only worker, the study was done ${((performance.now() - died) / 1000).toFixed(0)} s later`);
  } finally {
    await cluster.close();
    await study.remove();
  }
});
