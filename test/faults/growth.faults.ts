/** One worker, five hundred cohorts one after the other, with real fits: does its memory grow? */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadStudy } from '../../config/index.js';
import { CONTROL_QUEUE } from '../../contracts/queues.js';
import type { CohortInput } from '../../contracts/workflows.js';
import { smallStudy } from '../workflow/harness.js';
import { startCluster } from './cluster.js';
import { figure } from './figure.js';

const RUNS = Number(process.env['SULCUS_FAULT_RUNS'] ?? 500), AT_ONCE = 4, EVERY = 10;
/** The first runs fill caches and heaps to where they stay. */
const WARM_UP = RUNS / 5;

const megabytes = (pid: number): number => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

it(`${RUNS} runs on one worker`, async (context) => {
  const study = await smallStudy({ ranks: [2, 2], splits: 1, cohorts: [{ name: 'tokyo', size: 24 }, { name: 'toronto', size: 24 }] }), cluster = await startCluster(study);
  try {
    const { spec, directory } = await loadStudy(study.file), worker = await cluster.worker({ threads: 2 });
    /** Another seed: other halves, so that nothing but the reading is found in the store. */
    const input = (i: number): CohortInput => ({ spec: { ...spec, stability: { ...spec.stability, seed: i } }, directory, cohort: 'tokyo', run: { workflowId: `run-${i}`, runId: `run-${i}` }, ingestOnly: false });
    const samples: [run: number, mb: number][] = [];
    let next = 0, done = 0;
    const lane = async (): Promise<void> => {
      while (next < RUNS) {
        const i = next++;
        await cluster.client.workflow.execute('cohortWorkflow', { workflowId: `run-${i}/tokyo`, taskQueue: CONTROL_QUEUE, args: [input(i)] });
        if (++done % EVERY === 0) samples.push([done, megabytes(worker.pid)]);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    expect([worker.child.exitCode, worker.child.signalCode]).toEqual([null, null]);
    const warm = samples.filter(([run]) => run > WARM_UP);
    const { slope, at } = line(warm);
    const growth = (slope * (RUNS - WARM_UP)) / at(WARM_UP);
    expect(growth).toBeLessThan(0.1);
    figure(context, 'The memory of a worker stays flat over 500 runs (within 10 %)', `${RUNS} cohorts read and fitted on one worker: ${at(WARM_UP).toFixed(0)} MB after ${WARM_UP} runs, ${at(RUNS).toFixed(0)} MB after ${RUNS} (most ${Math.max(...samples.map(([, mb]) => mb)).toFixed(0)} MB), slope ${(slope * 100).toFixed(2)} MB per 100 runs`);
  } finally {
    await cluster.close();
    await study.remove();
  }
});

/** Least squares. */
function line(points: readonly [x: number, y: number][]): { slope: number; at(x: number): number } {
  const n = points.length, mx = points.reduce((s, [x]) => s + x, 0) / n, my = points.reduce((s, [, y]) => s + y, 0) / n;
  const slope = points.reduce((s, [x, y]) => s + (x - mx) * (y - my), 0) / points.reduce((s, [x]) => s + (x - mx) ** 2, 0);
  return { slope, at: (x) => my + slope * (x - mx) };
}
