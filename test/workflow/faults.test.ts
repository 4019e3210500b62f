/**
 * Processes ended with real signals in the middle of fits: the study goes on, and the numbers are the same bits. The short form: one of each;
 * `npm run test:faults` does it at many random moments, and kills everything else too (docs/reliability.md).
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isAlive, pidOf, readResults, smallStudy, start, sulcus, until, type SmallStudy } from './harness.js';

/** Three fits of seconds each: iterations that never stop by themselves. */
const longFits = (): Promise<SmallStudy> => smallStudy({
  meshLevel: 4, ranks: [4, 4], splits: 1, cohorts: [{ name: 'tokyo', size: 24 }],
  edit: [['solver: accelerated, tolerance: 1e-4', 'solver: multiplicative, tolerance: 1e-300, max_iterations: 30000']],
});
const CHECKPOINTS = { SULCUS_CHECKPOINT_SECONDS: '0.2' };
const LONG = 600_000;

/** Checkpoints, and when each was written. */
function drafts({ state }: SmallStudy): number[] {
  const folder = join(state, 'store', 'drafts', 'fit');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => /^[0-9a-f]{64}$/.test(name)).flatMap((name) => {
    try { return [statSync(join(folder, name)).mtimeMs]; } catch { return []; } // its fit ended meanwhile
  });
}

/** Everything that must be the same: W bit by bit, and every number. */
function science(study: SmallStudy): unknown {
  const { run: _run, steps: _steps, ...numbers } = readResults(study.results);
  return { numbers, weights: createHash('sha256').update(readFileSync(join(study.results, 'parcellation', 'tokyo_W.npy'))).digest('hex') };
}

let quiet: SmallStudy, study: SmallStudy;
beforeAll(async () => {
  quiet = await longFits();
  expect((await sulcus(['run', 'study.yaml'], quiet.directory)).code).toBe(0);
}, LONG);
afterAll(() => quiet.remove());

async function disturbed(disturb: (study: SmallStudy) => Promise<void>): Promise<void> {
  study = await longFits();
  try {
    await disturb(study);
    expect(science(study)).toEqual(science(quiet));
    expect(drafts(study)).toEqual([]);                                          // finished fits leave none behind
    for (const record of ['server.json', 'worker.json']) expect(isAlive(pidOf(join(study.state, record)) as number)).toBe(false);
  } finally {
    await study.remove();
  }
}

it('SIGTERM of a worker in the middle of a fit, then SIGKILL of the next: exit code 0 with a checkpoint of where the fit is, and the study goes on each time', () => disturbed(async () => {
  const worker = start(['worker', '--threads', '1'], study.directory, CHECKPOINTS), record = join(study.state, 'worker.json');
  const first = await until('the worker', () => pidOf(record), LONG);
  const run = start(['run', 'study.yaml'], study.directory, CHECKPOINTS);
  const fits = (): number => readdirSync(join(study.state, 'store', 'artifacts'), { recursive: true }).filter((name) => /^fit.*[0-9a-f]{64}$/.test(String(name))).length;
  const inFit = (since: number): Promise<unknown> => until('a checkpoint', () => (drafts(study).some((written) => written > since) ? true : null), LONG);
  await inFit(0);
  const asked = Date.now(), finished = fits();
  worker.child.kill('SIGTERM');
  expect(await worker.finished).toMatchObject({ code: 0, signal: null });
  // As it left it kept the fit, unless that could be finished in the second it had.
  expect(drafts(study).some((written) => written > asked) || fits() > finished).toBe(true);
  const next = await until('the command\'s own worker', () => { const pid = pidOf(record); return pid === null || pid === first ? null : pid; }, LONG);
  await inFit(Date.now());
  process.kill(next, 'SIGKILL');
  const { code, stderr } = await run.finished;
  expect([code, stderr]).toEqual([0, expect.stringContaining('worker ended unexpectedly')]);
  expect(readFileSync(join(study.state, 'logs', 'worker.log'), 'utf8')).toContain('a fit goes on from its checkpoint');
}), LONG);

it('cancel in the middle of a fit: the study ends, nothing runs any more, and launching again goes on', () => disturbed(async () => {
  const run = start(['run', 'study.yaml', '--json'], study.directory, CHECKPOINTS);
  await until('a checkpoint', () => (drafts(study).length > 0 ? true : null), LONG);
  const cancelled = await sulcus(['cancel', 'acc-trs', '--json'], study.directory);
  expect([cancelled.code, JSON.parse(cancelled.stdout)]).toEqual([0, { workflowId: 'acc-trs', status: 'cancelled' }]);
  const ended = await run.finished;
  expect([ended.code, JSON.parse(ended.stdout)]).toEqual([1, expect.objectContaining({ status: 'cancelled' })]);
  expect((await sulcus(['run', 'study.yaml'], study.directory)).code).toBe(0);
}), LONG);
