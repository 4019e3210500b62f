/** Many cancellations at once, and again while the first is at work. */
import { expect, it } from 'vitest';
import { join } from 'node:path';
import { smallStudy, sulcus, until } from '../workflow/harness.js';
import { startCluster } from './cluster.js';
import { figure } from './figure.js';
import { bits, filesOf, science } from './science.js';

const SIZE = { meshLevel: 4, splits: 10 } as const;
const REQUESTS = 200, COMMANDS = 8, ROUNDS = 3;

it('a storm of cancels, then the same command again', async (context) => {
  const [quiet, study] = [await smallStudy({ ...SIZE, ranks: [2, 9] }), await smallStudy({ ...SIZE, ranks: [2, 9] })];
  const cluster = await startCluster(study);
  try {
    expect((await sulcus(['run', 'study.yaml'], quiet.directory)).code).toBe(0);
    const worker = await cluster.worker({ threads: 2 });
    const fits = (): number => filesOf(join(study.state, 'store', 'artifacts', 'fit')).length;
    const took: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const before = fits(), run = cluster.command(['run', 'study.yaml', '--json']);
      await until('some more fits', () => (fits() >= before + 5 ? true : null), 300_000);
      const began = performance.now();
      // The study and its cohorts, each many times, before the first request has been answered; and people's commands, which begin meanwhile.
      const ids = ['acc-trs', 'acc-trs/tokyo', 'acc-trs/toronto'];
      const requests = Array.from({ length: REQUESTS }, (_, i) => cluster.client.workflow.getHandle(ids[i % ids.length] as string).cancel().catch(() => undefined)); // those that come after its end are refused
      const commands = Array.from({ length: COMMANDS }, () => cluster.sulcus(['cancel', 'acc-trs', '--json']));
      await Promise.all(requests);
      for (const { stderr } of await Promise.all(commands)) expect(stderr).not.toMatch(/\n\s+at |unexpected/i);
      const { code, stdout } = await run.finished;
      expect([code, JSON.parse(stdout)]).toEqual([1, expect.objectContaining({ status: 'cancelled' })]);
      took.push((performance.now() - began) / 1000);
      for (const id of ids) expect((await cluster.client.workflow.getHandle(id).describe()).status.name).not.toBe('RUNNING');
    }
    const kept = fits(), { code } = await cluster.sulcus(['run', 'study.yaml']);
    expect([code, worker.child.exitCode, worker.child.signalCode]).toEqual([0, null, null]);
    expect(bits(study)).toEqual(bits(quiet));
    expect(science(study)).toEqual(science(quiet));
    figure(context, 'However often and by however many a study is cancelled, it ends once; the same command completes it', `${ROUNDS} rounds of ${REQUESTS} requests and ${COMMANDS} commands at once, each cancelled within ${Math.max(...took).toFixed(0)} s; then complete, ${kept} fits kept; bits identical`);
  } finally {
    await cluster.close();
    await Promise.all([quiet.remove(), study.remove()]);
  }
});
