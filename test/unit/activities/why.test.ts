/** Why a step was computed again, on a real store: the same steps done with other inputs, one after the other. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keep, once, stepRow, type StepResult } from '../../../activities/step.js';
import { encodeJson } from '../../../activities/json.js';
import { FIRST_TIME, LOST, type Account } from '../../../activities/why/index.js';
import type { RunInfo } from '../../../contracts/activities.js';
import { ASKED_FOR } from '../../../contracts/again.js';
import type { DatasetDocument } from '../../../activities/ingest/documents.js';
import { FileStore } from '../../../storage/file-store.js';

let root: string, store: FileStore;
beforeEach(async () => { root = await mkdtemp(join(tmpdir(), 'sulcus-why-')); store = new FileStore(root); });
afterEach(() => rm(root, { recursive: true, force: true }));

const run = (n: number, extra: Partial<RunInfo> = {}): RunInfo => ({ workflowId: 'acc', runId: `run-${n}`, ...extra });

/** A step whose only input is a number of the study file. */
async function statistics(n: number, alpha: number, options: { version?: number; run?: RunInfo; account?: Partial<Account> } = {}): Promise<string | null | undefined> {
  const by = options.run ?? run(n), version = options.version ?? 1;
  const done = await once(store, by, 'statistics', version, { alpha }, { place: { step: 'statistics' }, parameters: { alpha, covariates: ['age', 'sex'] }, ...options.account }, () => encodeJson({ alpha }));
  return row(by, done).why;
}
const row = (by: RunInfo, done: StepResult): ReturnType<typeof stepRow> => stepRow(by, { step: 'statistics' }, done.ref.key, done.provenance);

interface Person { id: string; age?: number; score?: number; files?: string }
const people = (...ids: string[]): Person[] => ids.map((id) => ({ id }));
const dataset = (persons: Person[], other: Partial<DatasetDocument> = {}): DatasetDocument => ({
  cohort: 'tokyo', metrics: ['thickness'], region: { hemispheres: [{ side: 'left', vertices: [1, 2, 3] }], meshVertices: 10, midlineDropped: 0 }, excluded: [], splits: [],
  subjects: persons.map(({ id, age = 30, score = 1 }) => ({ id, group: 'HC', age, sex: 'F', values: { participant_id: id, age: String(age), score } })),
  keys: persons.map(({ id, files = '' }) => `${id}${files}`), ...other,
});

/** A step made from a cohort. */
async function fit(n: number, document: DatasetDocument, columns?: string[]): Promise<string | null | undefined> {
  const ref = await keep(store, run(n), 'dataset', document);
  const account: Account = { place: { step: 'fit', cohort: 'tokyo', rank: 4 }, datasets: { tokyo: ref.key }, ...(columns === undefined ? {} : { columns }) };
  const done = await once(store, run(n), 'fit', 1, { ref }, account, () => encodeJson(n));
  return row(run(n), done).why;
}

describe('why a step was computed', () => {
  it('is that it is the first time, and nothing when it is reused', async () => {
    expect(await statistics(1, 0.05)).toBe(FIRST_TIME);
    expect(await statistics(2, 0.05)).toBeNull();
  });

  it('names the parameter that differs, and the run it is compared with', async () => {
    await statistics(1, 0.05);
    await statistics(2, 0.05);
    expect(await statistics(3, 0.01)).toBe('parameter alpha: 0.05 -> 0.01');
    const { provenance } = await once(store, run(3), 'statistics', 1, { alpha: 0.01 }, { place: { step: 'statistics' } }, () => encodeJson({}));
    expect(provenance.comparedWith).toBe('run-1');               // run 2 reused what run 1 had noted
  });

  it('compares with the last time, also when that was reused', async () => {
    await statistics(1, 0.05);
    await statistics(2, 0.01);
    await statistics(3, 0.05);                                     // reused
    expect(await statistics(4, 0.1)).toBe('parameter alpha: 0.05 -> 0.1');
  });

  it('names the version of the code', async () => {
    await statistics(1, 0.05, { version: 2 });
    expect(await statistics(2, 0.05, { version: 3 })).toBe('code version 2 -> 3');
  });

  it('stays the same over attempts of one run', async () => {
    await statistics(1, 0.05);
    expect(await statistics(2, 0.01)).toBe('parameter alpha: 0.05 -> 0.01');
    expect(await statistics(2, 0.01)).toBe('parameter alpha: 0.05 -> 0.01');
  });

  it('says when an artifact was lost, and when a rerun asked for it', async () => {
    await statistics(1, 0.05);
    await rm(join(root, 'artifacts', 'statistics'), { recursive: true });
    expect(await statistics(2, 0.05)).toBe(LOST);
    await rm(join(root, 'artifacts', 'statistics'), { recursive: true });
    expect(await statistics(3, 0.05, { run: run(3, { again: { stage: 'statistics', cohorts: null, by: null } }) })).toBe(ASKED_FOR);
  });

  it('takes a torn note for none', async () => {
    await statistics(1, 0.05);
    const [folder = ''] = await readdir(join(root, 'notes'));
    const [name = ''] = await readdir(join(root, 'notes', folder));
    await writeFile(join(root, 'notes', folder, name), '{"key":');
    expect(await statistics(2, 0.01)).toBe(FIRST_TIME);
  });

  it('shares the place of a cohort between the cohort alone and the study, but not that of the whole study', async () => {
    const alone: RunInfo = { workflowId: 'acc-only-tokyo', runId: 'run-0' };
    const inputs = (solver: string): Account => ({ place: { step: 'fit', cohort: 'tokyo', rank: 2 }, parameters: { solver } });
    await once(store, alone, 'fit', 1, 'a', inputs('accelerated'), () => encodeJson(1));
    const fitted = await once(store, run(1), 'fit', 1, 'b', inputs('multiplicative'), () => encodeJson(1));
    expect(fitted.provenance.why).toBe('parameter solver: accelerated -> multiplicative');
    await statistics(0, 0.05, { run: alone });
    expect(await statistics(1, 0.01)).toBe(FIRST_TIME);
  });

  it('of many at once keeps every place', async () => {
    const many = (n: number, tolerance: number): Promise<StepResult[]> => Promise.all(Array.from({ length: 60 }, (_, rank) =>
      once(store, run(n), 'fit', 1, { tolerance, rank }, { place: { step: 'fit', cohort: 'tokyo', rank }, parameters: { tolerance } }, () => encodeJson(rank))));
    expect(new Set((await many(1, 1e-4)).map((s) => s.provenance.why))).toEqual(new Set([FIRST_TIME]));
    expect(new Set((await many(2, 1e-5)).map((s) => s.provenance.why))).toEqual(new Set(['parameter tolerance: 0.0001 -> 0.00001']));
  });
});

describe('participants', () => {
  it('are counted: added, removed, with other files, with another row; never named', async () => {
    await fit(1, dataset(people('P1', 'P2', 'P3')));
    expect(await fit(2, dataset([...people('P1', 'P2', 'P3', 'P4', 'P5')]))).toBe('participants: 2 added');
    expect(await fit(3, dataset([{ id: 'P1', files: 'x' }, { id: 'P2', age: 31 }, { id: 'P3', score: 2 }, { id: 'P4' }])))
      .toBe('participants: 1 removed, 1 with other files, 2 with another row (age, score)');
  });

  it('differ only where it matters for the step', async () => {
    await fit(1, dataset(people('P1', 'P2')), ['group', 'age']);
    expect(await fit(2, dataset([{ id: 'P1', score: 3 }, { id: 'P2', age: 40 }]), ['group', 'age'])).toBe('participants: 1 with another row (age)');
  });

  it('a region or metrics that differ are said instead of everybody having other values', async () => {
    await fit(1, dataset(people('P1', 'P2')));
    const other = dataset([{ id: 'P1', files: 'r' }, { id: 'P2', files: 'r' }], { region: { hemispheres: [{ side: 'left', vertices: [1, 2] }], meshVertices: 10, midlineDropped: 0 } });
    expect(await fit(2, other)).toBe('region: 3 -> 2 vertices');
  });

  it('what follows from them says so', async () => {
    await fit(1, dataset(people('P1', 'P2')));
    const stability = async (n: number, key: string): Promise<string | undefined> =>
      (await once(store, run(n), 'stability', 1, key, { place: { step: 'stability', cohort: 'tokyo', rank: 4 }, made: { fits: { kind: 'fit', keys: [key] } } }, () => encodeJson(1))).provenance.why;
    const keyOf = async (n: number, document: DatasetDocument): Promise<string> => {
      const ref = await keep(store, run(n), 'dataset', document);
      return (await once(store, run(n), 'fit', 1, { ref }, { place: { step: 'fit', cohort: 'tokyo', rank: 4 }, datasets: { tokyo: ref.key } }, () => encodeJson(n))).ref.key;
    };
    await stability(1, await keyOf(1, dataset(people('P1', 'P2'))));
    expect(await stability(2, await keyOf(2, dataset(people('P1', 'P2', 'P3'))))).toBe('fits: others (participants: 1 added)');
  });
});
