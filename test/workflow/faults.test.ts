/** Processes killed with real signals while fits run: the study goes on, finished fits are not repeated, and the numbers are the same bits. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive, pidOf, readResults, smallStudy, start, sulcus, until, type SmallStudy } from './harness.js';

/** Large enough that a run is still fitting when the signal comes. */
const SIZE = { meshLevel: 4, ranks: [2, 9], splits: 10 } as const;
const FITS = 2 * 8 * (2 * SIZE.splits + 1);

let undisturbed: SmallStudy;

beforeAll(async () => {
  undisturbed = await smallStudy({ ...SIZE, ranks: [...SIZE.ranks] });
  expect((await sulcus(['run', 'study.yaml'], undisturbed.directory)).code).toBe(0);
}, 180_000);
afterAll(() => undisturbed.remove());

/** Time of writing of every finished fit, by key. */
function finishedFits(study: SmallStudy): Map<string, number> {
  const root = join(study.state, 'store', 'artifacts', 'fit');
  const fits = new Map<string, number>();
  let folders: string[] = [];
  try { folders = readdirSync(root); } catch { return fits; } // no fit yet
  for (const folder of folders) for (const name of readdirSync(join(root, folder))) if (/^[0-9a-f]{64}$/.test(name)) fits.set(name, statSync(join(root, folder, name)).mtimeMs);
  return fits;
}

const weights = (study: SmallStudy): string[] => ['tokyo', 'toronto'].map((c) => createHash('sha256').update(readFileSync(join(study.results, 'parcellation', `${c}_W.npy`))).digest('hex'));

function expectSameScience(study: SmallStudy, keptFits: Map<string, number>): void {
  expect(weights(study)).toEqual(weights(undisturbed));
  const strip = (folder: string): unknown => { const { run: _run, steps: _steps, ...science } = readResults(folder); return science; };
  expect(strip(study.results)).toEqual(strip(undisturbed.results));
  const now = finishedFits(study);
  expect(now.size).toBe(FITS);
  for (const [key, time] of keptFits) expect(now.get(key)).toBe(time);
}

describe('when a process dies while fits run', () => {
  let study: SmallStudy;
  beforeAll(async () => { study = await smallStudy({ ...SIZE, ranks: [...SIZE.ranks] }); }, 60_000);
  afterAll(() => study.remove());

  it('SIGKILL of the worker: the command starts another one and the study ends as if nothing had been', async () => {
    const run = start(['run', 'study.yaml'], study.directory);
    await until('some fits', () => (finishedFits(study).size >= 10 ? true : null));
    const kept = finishedFits(study);
    const worker = pidOf(join(study.state, 'worker.json')) as number;
    process.kill(worker, 'SIGKILL');
    const { code, stderr } = await run.finished;
    expect([code, stderr]).toEqual([0, expect.stringContaining('worker ended unexpectedly')]);
    expect(kept.size).toBeLessThan(FITS);
    expectSameScience(study, kept);
    expect(pidOf(join(study.state, 'worker.json'))).not.toBe(worker);
  }, 180_000);
});

describe('when everything dies', () => {
  let study: SmallStudy;
  beforeAll(async () => { study = await smallStudy({ ...SIZE, ranks: [...SIZE.ranks] }); }, 60_000);
  afterAll(() => study.remove());

  it('SIGKILL of the command, its worker and its server: the same command goes on from there', async () => {
    const run = start(['run', 'study.yaml'], study.directory);
    await until('some fits', () => (finishedFits(study).size >= 10 ? true : null));
    const [worker, server] = [pidOf(join(study.state, 'worker.json')) as number, pidOf(join(study.state, 'server.json')) as number];
    run.child.kill('SIGKILL');
    process.kill(worker, 'SIGKILL');
    process.kill(server, 'SIGKILL');
    await run.finished;
    const kept = finishedFits(study);
    const again = await sulcus(['run', 'study.yaml'], study.directory);
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('already going')]);
    expectSameScience(study, kept);
    for (const record of ['server.json', 'worker.json']) expect(isAlive(pidOf(join(study.state, record)) as number)).toBe(false);
  }, 180_000);

  it('SIGINT: exit code 130, nothing left running, and the same command goes on', async () => {
    const fresh = await smallStudy({ ...SIZE, ranks: [...SIZE.ranks] });
    try {
      const run = start(['run', 'study.yaml'], fresh.directory);
      await until('some fits', () => (finishedFits(fresh).size >= 5 ? true : null));
      run.child.kill('SIGINT');
      const { code } = await run.finished;
      expect(code).toBe(130);
      for (const record of ['server.json', 'worker.json']) expect(isAlive(pidOf(join(fresh.state, record)) as number)).toBe(false);
      const kept = finishedFits(fresh);
      expect((await sulcus(['run', 'study.yaml'], fresh.directory)).code).toBe(0);
      expectSameScience(fresh, kept);
    } finally {
      await fresh.remove();
    }
  }, 180_000);
});

describe('cancel', () => {
  it('stops a study within seconds, keeps what it finished, and launching again goes on', async () => {
    const study = await smallStudy({ ...SIZE, ranks: [...SIZE.ranks] });
    try {
      const run = start(['run', 'study.yaml', '--json'], study.directory);
      await until('some fits', () => (finishedFits(study).size >= 5 ? true : null));
      const cancelled = await sulcus(['cancel', 'acc-trs', '--json'], study.directory);
      expect([cancelled.code, JSON.parse(cancelled.stdout)]).toEqual([0, { workflowId: 'acc-trs', status: 'cancelled' }]);
      const ended = await run.finished;
      expect([ended.code, JSON.parse(ended.stdout)]).toEqual([1, expect.objectContaining({ status: 'cancelled' })]);
      const kept = finishedFits(study);
      expect(kept.size).toBeLessThan(FITS);
      expect((await sulcus(['run', 'study.yaml'], study.directory)).code).toBe(0);
      expectSameScience(study, kept);
    } finally {
      await study.remove();
    }
  }, 180_000);
});

describe('a long fit', () => {
  /** Five fits of some seconds each: iterations that never stop by themselves. */
  const long = { meshLevel: 4 as const, ranks: [4, 4] as [number, number], splits: 2, cohorts: [{ name: 'tokyo', size: 24 }] };
  const edit: [string, string][] = [['solver: accelerated, tolerance: 1e-4', 'solver: multiplicative, tolerance: 1e-300, max_iterations: 15000']];
  const drafts = (study: SmallStudy): string[] => {
    try { return readdirSync(join(study.state, 'store', 'drafts', 'fit')).filter((name) => /^[0-9a-f]{64}$/.test(name)); } catch { return []; } // none yet
  };

  it('SIGKILL of the worker in the middle of it: it goes on from a checkpoint, to the same bits', async () => {
    const [quiet, study] = [await smallStudy({ ...long, edit }), await smallStudy({ ...long, edit })];
    try {
      expect((await sulcus(['run', 'study.yaml'], quiet.directory)).code).toBe(0);
      const run = start(['run', 'study.yaml'], study.directory, { SULCUS_CHECKPOINT_SECONDS: '0.2' });
      await until('a checkpoint', () => (drafts(study).length > 0 ? true : null));
      const kept = finishedFits(study);
      process.kill(pidOf(join(study.state, 'worker.json')) as number, 'SIGKILL');
      expect((await run.finished).code).toBe(0);
      const weightsOf = (s: SmallStudy): string => createHash('sha256').update(readFileSync(join(s.results, 'parcellation', 'tokyo_W.npy'))).digest('hex');
      expect(weightsOf(study)).toBe(weightsOf(quiet));
      const fits = (s: SmallStudy): unknown => readResults(s.results).cohorts['tokyo']?.ranks;
      expect(fits(study)).toEqual(fits(quiet));
      expect(readFileSync(join(study.state, 'logs', 'worker.log'), 'utf8')).toContain('a fit goes on from its checkpoint');
      expect(kept.size).toBeLessThan(5);
      expect(drafts(study)).toEqual([]);                                        // finished fits leave none behind
    } finally {
      await quiet.remove();
      await study.remove();
    }
  }, 180_000);
});
