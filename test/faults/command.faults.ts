/** One command on a laptop, and its worker, its server or all of them killed while fits run: the same command goes on, finished fits are not repeated. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { figure } from './figure.js';
import { isAlive, pidOf, readResults, smallStudy, start, sulcus, until, type SmallStudy } from '../workflow/harness.js';

/** Large enough that a run is still fitting when the signal comes. */
const SIZE = { meshLevel: 4, ranks: [2, 9], splits: 10 } as const;
const FITS = 2 * 8 * (2 * SIZE.splits + 1);

let undisturbed: SmallStudy;

beforeAll(async () => {
  undisturbed = await smallStudy({ ...SIZE, ranks: [...SIZE.ranks] });
  expect((await sulcus(['run', 'study.yaml'], undisturbed.directory)).code).toBe(0);
}, 900_000);
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
  beforeAll(async () => { study = await smallStudy({ ...SIZE, ranks: [...SIZE.ranks] }); }, 300_000);
  afterAll(() => study.remove());

  it('SIGKILL of the worker: the command starts another one and the study ends as if nothing had been', async (context) => {
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
    figure(context, 'A command whose worker is killed starts another one; finished fits are kept', `killed after ${kept.size} of ${FITS} fits, none of which was done again; results identical`);
  }, 900_000);
});

describe('when everything dies', () => {
  let study: SmallStudy;
  beforeAll(async () => { study = await smallStudy({ ...SIZE, ranks: [...SIZE.ranks] }); }, 300_000);
  afterAll(() => study.remove());

  it('SIGKILL of the command, its worker and its server: the same command goes on from there', async (context) => {
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
    figure(context, 'When the command, its worker and its server are all killed, typing the command again goes on from there', `killed after ${kept.size} of ${FITS} fits, none of which was done again; results identical`);
  }, 900_000);

  it('SIGINT: exit code 130, nothing left running, and the same command goes on', async (context) => {
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
      figure(context, 'Ctrl-C leaves nothing running, and the same command goes on', `exit code 130 after ${kept.size} of ${FITS} fits, none of which was done again; results identical`);
    } finally {
      await fresh.remove();
    }
  }, 900_000);
});
