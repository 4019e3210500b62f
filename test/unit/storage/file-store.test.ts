import { mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ArtifactRef } from '../../../contracts/refs.js';
import type { StepRow } from '../../../contracts/results.js';
import { FileStore } from '../../../storage/file-store.js';
import { ArtifactMissingError, type Provenance } from '../../../storage/store.js';

const ref: ArtifactRef = { kind: 'fit', key: 'ab12'.repeat(16) };
const made: Provenance = { workflowId: 'study', runId: 'run-1', seconds: 1.5, at: '2024-01-02T03:04:05.000Z', node: 'v20.3.0 x64' };
const payload = Uint8Array.from({ length: 10_000 }, (_, i) => (i * 7) % 256);

let root: string, store: FileStore;
beforeEach(async () => { root = await mkdtemp(join(tmpdir(), 'sulcus-store-')); store = new FileStore(root); });
afterEach(() => rm(root, { recursive: true, force: true }));

const folder = (): string => join(root, 'artifacts', 'fit', 'ab');
const file = (): string => join(folder(), ref.key);

describe('an artifact', () => {
  it('comes back as it was put, with who made it', async () => {
    await store.put(ref, payload, made);
    const found = await store.find(ref);
    expect(Buffer.compare(found!.bytes, payload)).toBe(0);
    expect(found!.provenance).toEqual(made);
    expect(await new FileStore(root).find(ref)).toEqual(found);
  });

  it('is missing before it was put, and under another key or kind', async () => {
    expect(await store.find(ref)).toBeNull();
    await store.put(ref, payload, made);
    expect(await store.find({ ...ref, kind: 'match' })).toBeNull();
    expect(await store.find({ ...ref, key: 'ab13'.repeat(16) })).toBeNull();
  });

  it.each([['empty', new Uint8Array(0)], ['of line ends', new Uint8Array(5).fill(10)], ['that looks like a header', Buffer.from('{"format":"sulcus/artifact/1"}\n')]])('may be %s', async (_, bytes) => {
    await store.put(ref, bytes, made);
    expect(Buffer.compare((await store.find(ref))!.bytes, bytes)).toBe(0);
  });

  it('put twice is one file, whole, and nothing temporary is left', async () => {
    await Promise.all(Array.from({ length: 8 }, () => store.put(ref, payload, made)));
    expect(await readdir(folder())).toEqual([ref.key]);
    expect(Buffer.compare((await store.find(ref))!.bytes, payload)).toBe(0);
  });

  it('leaves nothing behind when the disk is full half-way', async () => {
    const handle = await open(join(root, 'any'), 'w'), kind = Object.getPrototypeOf(handle) as { sync: () => Promise<void> };
    await handle.close();
    const { sync } = kind;
    kind.sync = () => Promise.reject(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }));
    try {
      await expect(store.put(ref, payload, made)).rejects.toThrow('ENOSPC');
    } finally {
      kind.sync = sync;
    }
    expect(await readdir(folder())).toEqual([]);
    expect(await store.find(ref)).toBeNull();
  });
});

describe('a damaged artifact', () => {
  const damages: [string, (path: string) => Promise<void>][] = [
    ['one bit of the payload', async (path) => { const b = await readFile(path); b[b.length - 17]! ^= 1; await writeFile(path, b); }],
    ['the end is missing', async (path) => { const { length } = await readFile(path); await truncate(path, length - 1); }],
    ['there is something after the end', async (path) => writeFile(path, Buffer.concat([await readFile(path), Buffer.from([0])]))],
    ['it ends within the header', (path) => truncate(path, 20)],
    ['it is empty', (path) => truncate(path, 0)],
    ['the header is of another format', async (path) => { const b = await readFile(path); b.write('culsus', b.indexOf('sulcus')); await writeFile(path, b); }],
    ['the header is no JSON', async (path) => { const b = await readFile(path); b[0] = 0x5b; await writeFile(path, b); }],
  ];

  it.each(damages)('%s: it is set aside and missing, and can be made again', async (_, damage) => {
    await store.put(ref, payload, made);
    await damage(file());
    expect(await store.find(ref)).toBeNull();
    const names = await readdir(folder());
    expect(names).toHaveLength(1);
    expect(names[0]).toMatch(new RegExp(`^${ref.key}\\.damaged-\\d+$`));
    expect(await store.provenance(ref)).toBeNull();
    await store.put(ref, payload, { ...made, runId: 'run-2' });
    expect((await store.find(ref))!.provenance.runId).toBe('run-2');
  });
});

describe('provenance', () => {
  it('is read without the payload: a damaged payload does not matter to it', async () => {
    await store.put(ref, payload, made);
    const { length } = await readFile(file());
    await truncate(file(), length - 5000);
    expect(await store.provenance(ref)).toEqual(made);
    expect(await readdir(folder())).toEqual([ref.key]);
  });

  it('is null when there is nothing', async () => expect(await store.provenance(ref)).toBeNull());
});

describe('steps of a run', () => {
  const row = (step: StepRow['step'], rank: number): StepRow => ({ step, cohort: 'tokyo', rank, split: null, half: null, key: 'k', computed: true, reusedFrom: null, seconds: 0.1 });

  it('are all the lists recorded, by name; a list recorded again replaces itself', async () => {
    await store.recordSteps('run-1', 'b', [row('stability', 2)]);
    await store.recordSteps('run-1', 'a', [row('fit', 2), row('fit', 3)]);
    await store.recordSteps('run-1', 'a', [row('fit', 2), row('fit', 4)]);
    await store.recordSteps('run-2', 'a', [row('fit', 9)]);
    expect((await store.steps('run-1')).map((r) => [r.step, r.rank])).toEqual([['fit', 2], ['fit', 4], ['stability', 2]]);
    expect(await readdir(join(root, 'runs', 'run-1'))).toEqual(['a.json', 'b.json']);
  });

  it('are none for a run that recorded none', async () => expect(await store.steps('nobody')).toEqual([]));

  it('do not include a list that is still being written', async () => {
    await store.recordSteps('run-1', 'a', [row('fit', 2)]);
    await writeFile(join(root, 'runs', 'run-1', 'b.json.123-abcd.tmp'), '[{"st');
    expect(await store.steps('run-1')).toHaveLength(1);
  });
});

it('ArtifactMissingError names the artifact and says what to do', () => {
  const error = new ArtifactMissingError(ref);
  expect(error).toMatchObject({ code: 'ARTIFACT_MISSING', message: expect.stringContaining('fit/ab12ab12ab12'), remedy: expect.stringContaining('launch the study again') });
});
