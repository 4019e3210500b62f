/** The Temporal server killed in the middle of a run, and started again half a minute later by whoever keeps it. */
import { setTimeout as pause } from 'node:timers/promises';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { smallStudy, sulcus, until } from '../workflow/harness.js';
import { startCluster } from './cluster.js';
import { figure } from './figure.js';
import { bits, filesOf, fitsDoneTwice, science } from './science.js';

const SIZE = { meshLevel: 4, splits: 10 } as const;
const DOWN_MS = 30_000;

it('kill -9 of the Temporal server, down for 30 s', async (context) => {
  const [quiet, study] = [await smallStudy({ ...SIZE, ranks: [2, 9] }), await smallStudy({ ...SIZE, ranks: [2, 9] })];
  const cluster = await startCluster(study);
  try {
    expect((await sulcus(['run', 'study.yaml'], quiet.directory)).code).toBe(0);
    const [control, compute] = [await cluster.worker({ role: 'control' }), await cluster.worker({ role: 'compute', threads: 2 })];
    const run = cluster.command(['run', 'study.yaml', '--json']);
    const fits = (): string[] => filesOf(join(study.state, 'store', 'artifacts', 'fit'));
    await until('some fits', () => (fits().length >= 10 ? true : null), 300_000);
    await cluster.server.kill();
    const there = new Map(fits().map((file) => [file, statSync(file).mtimeMs]));
    await pause(DOWN_MS);
    await cluster.server.start();
    const back = performance.now(), { code, stdout, stderr } = await run.finished;
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'done', reused: 0 });
    for (const { child } of [control, compute]) expect([child.exitCode, child.signalCode]).toEqual([null, null]);
    for (const [file, time] of there) expect(statSync(file).mtimeMs).toBe(time);
    expect(bits(study)).toEqual(bits(quiet));
    expect(science(study)).toEqual(science(quiet));
    expect(fitsDoneTwice(study)).toBe(0);
    figure(context, 'kill -9 of the Temporal server: what runs goes on when it is back, without a manual step; nothing is computed into a second artifact',
      `down for 30 s after ${there.size} of ${fits().length} fits; the same command ended with exit code 0, ${((performance.now() - back) / 1000).toFixed(0)} s after the server was back; no fit twice, bits identical`);
  } finally {
    await cluster.close();
    await Promise.all([quiet.remove(), study.remove()]);
  }
});
