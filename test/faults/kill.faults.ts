/** Compute workers that end in the middle of fits: killed at random moments, and asked to leave. Seed: SULCUS_FAULT_SEED. */
import { setTimeout as pause } from 'node:timers/promises';
import { hostname } from 'node:os';
import { stdout } from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../analysis/random.js';
import { readResults, sulcus, type SmallStudy } from '../workflow/harness.js';
import { startCluster, type Cluster } from './cluster.js';
import { figure, spread } from './figure.js';
import { longFits } from './long-fits.js';
import { bits, drafts, fitsDoneTwice, science } from './science.js';

const KILLS = Number(process.env['SULCUS_FAULT_KILLS'] ?? 20), LEAVES = Math.ceil(KILLS / 4);
const SEED = process.env['SULCUS_FAULT_SEED'] ?? String(Date.now() % 100_000);
/** More than a second a fit on a machine that does nothing else, so that there are checkpoints to go on from. */
const SPLITS = 7, ITERATIONS = 60_000;
const CHECKPOINT_SECONDS = 0.5;

let quiet: SmallStudy, seconds: number;
beforeAll(async () => {
  quiet = await longFits(SPLITS, ITERATIONS);
  expect((await sulcus(['run', 'study.yaml'], quiet.directory)).code).toBe(0);
  const took = readResults(quiet.results).steps.filter((s) => s.step === 'fit').map((s) => s.seconds).sort((a, b) => a - b);
  seconds = took[Math.floor(took.length / 2)] as number;
  stdout.write(`seed ${SEED}; an undisturbed fit takes ${seconds.toFixed(1)} s\n`);
});
afterAll(() => quiet.remove());

/** When the fit that this worker has in hand began, ms; null when it has none. */
async function fitBegan({ client }: Cluster, pid: number): Promise<number | null> {
  const { raw } = await client.workflow.getHandle('acc-trs/tokyo').describe();
  const own = (raw.pendingActivities ?? []).find((a) => a.activityType?.name === 'factorize' && Number(a.state) === 2 && a.lastWorkerIdentity === `${pid}@${hostname()}`);
  return own === undefined ? null : Number(own.lastStartedTime?.seconds ?? 0) * 1000;
}

interface End {
  /** Work that is not in the store, seconds. */
  lost: number;
  took: number;
  code: number | null;
  signal: string | null;
  kept: boolean;
}

/** Runs the study on one compute worker, which is ended in the middle of fits and replaced at once; then holds it against one that nothing disturbed. */
async function disturb(random: Random, times: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<{ ends: End[]; log: string }> {
  const study = await longFits(SPLITS, ITERATIONS), cluster = await startCluster(study);
  try {
    const compute = (): ReturnType<Cluster['worker']> => cluster.worker({ role: 'compute', env: { SULCUS_CHECKPOINT_SECONDS: String(CHECKPOINT_SECONDS) } });
    await cluster.worker({ role: 'control' });
    let worker = await compute();
    const run = cluster.command(['run', 'study.yaml']), over = run.finished.then(() => true), ends: End[] = [];
    while (ends.length < times) {
      const ended = await Promise.race([over, pause(random.uniform() * seconds * 1000 + 100).then(() => false)]);
      if (ended) break;
      const began = await fitBegan(cluster, worker.pid).catch(() => null);
      if (began === null) continue; // between two fits, or it waits for work
      const at = Date.now();
      const stored = Math.max(began, ...drafts(study).map((d) => d.written).filter((t) => t <= at));
      worker.child.kill(signal);
      const end = await worker.ended, gone = Date.now();
      const kept = drafts(study).some((d) => d.written >= at);
      ends.push({ ...end, lost: signal === 'SIGKILL' || !kept ? (at - stored) / 1000 : 0, took: (gone - at) / 1000, kept });
      worker = await compute();
    }
    const { code, stderr } = await run.finished;
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    expect(bits(study)).toEqual(bits(quiet));
    expect(science(study)).toEqual(science(quiet));
    expect(fitsDoneTwice(study)).toBe(0);
    expect(drafts(study)).toEqual([]);
    return { ends, log: cluster.log() };
  } finally {
    await cluster.close();
    await study.remove();
  }
}

/** As many studies as it takes: how many fits are left when a moment comes depends on the machine. */
async function disturbOften(times: number, signal: 'SIGKILL' | 'SIGTERM', name: string): Promise<{ ends: End[]; resumed: number; studies: number }> {
  const random = createRandom(`${SEED}/${name}`), ends: End[] = [];
  let resumed = 0, studies = 0;
  for (; ends.length < times; studies++) {
    const done = await disturb(random, times - ends.length, signal);
    ends.push(...done.ends);
    resumed += done.log.split('a fit goes on from its checkpoint').length - 1;
  }
  return { ends, resumed, studies };
}

const studiesOf = (n: number): string => (n === 1 ? '1 study' : `${n} studies`);

describe('a compute worker that ends in the middle of a fit', () => {
  it(`killed ${KILLS} times at random moments`, async (context) => {
    const { ends, resumed, studies } = await disturbOften(KILLS, 'SIGKILL', 'kill');
    expect(ends.map((e) => e.signal)).toEqual(Array.from({ length: KILLS }, () => 'SIGKILL'));
    expect(resumed).toBeGreaterThan(0);
    figure(context, 'SIGKILL of a compute worker at any moment of a fit costs at most the work since its last checkpoint; the results are the same bits',
      `${KILLS} kills (seed ${SEED}) in ${studiesOf(studies)}, checkpoints every ${CHECKPOINT_SECONDS} s: work lost ${spread(ends.map((e) => e.lost))} of fits of ${seconds.toFixed(1)} s, ${resumed} fits went on from a checkpoint, all ${Object.keys(bits(quiet)).length} W and fits bit-identical`);
  });

  it(`asked to leave ${LEAVES} times`, async (context) => {
    const { ends, studies } = await disturbOften(LEAVES, 'SIGTERM', 'leave');
    expect(ends.map((e) => [e.code, e.signal])).toEqual(Array.from({ length: LEAVES }, () => [0, null]));
    const lost = ends.filter((e) => !e.kept).length;
    figure(context, 'SIGTERM of a compute worker loses nothing: the fit is kept where it is, exit code 0',
      `${LEAVES} times in ${studiesOf(studies)}: exit 0 after ${spread(ends.map((e) => e.took))}; ${LEAVES - lost} fits left a checkpoint as they stopped, ${lost} ended in the second they had; bits identical`);
  });
});
