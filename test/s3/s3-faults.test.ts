/** The store over a bucket that fails: the first call, every k-th call, always. Nothing is lost, nothing wrong is read, and what stays broken is named. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ArtifactRef } from '../../contracts/refs.js';
import { Artifacts } from '../../storage/artifacts.js';
import { parseS3 } from '../../storage/location.js';
import { S3Objects } from '../../storage/s3/index.js';
import type { Provenance } from '../../storage/store.js';
import { all } from '../store/contract.js';
import { CREDENTIALS, startGateway, type Gateway } from './gateway.js';
import { startProxy, type Fault, type Proxy } from './proxy.js';

const KINDS: Exclude<Fault, null>[] = ['500', '503', 'reset', 'lost', 'truncated'];
const ref = (i: number): ArtifactRef => ({ kind: 'fit', key: i.toString(16).padStart(2, '0').repeat(32) });
const made: Provenance = { workflowId: 'study', runId: 'run-1', seconds: 1.5, at: '2024-01-02T03:04:05.000Z', node: 'v20.3.0 x64' };
const big = randomBytes(20 * 2 ** 20);

describe.skipIf(process.env['SULCUS_S3'] !== '1')('a bucket that fails', () => {
  let gateway: Gateway, proxy: Proxy, count = 0, objects: S3Objects, store: Artifacts;
  beforeAll(async () => {
    Object.assign(process.env, CREDENTIALS);
    gateway = await startGateway();
    proxy = await startProxy(gateway.port);
  }, 1_200_000);
  afterAll(async () => { await proxy?.close(); await gateway?.remove(); });
  beforeEach(() => {
    const bucket = `faulty-${++count}`;
    gateway.bucket(bucket);
    proxy.plan(() => null);
    objects = new S3Objects(parseS3(`s3://${bucket}?endpoint=http://127.0.0.1:${proxy.port}`), { ms: 20_000, firstPauseMs: 5, longestPauseMs: 50 });
    store = new Artifacts(objects);
  });

  it.each(KINDS)('the first call of every operation: %s', async (kind) => {
    const first = (): void => proxy.plan((call) => (call === 1 ? kind : null));
    const tried = async (act: () => Promise<unknown>): Promise<unknown> => { first(); const given = await act(); expect(proxy.calls()).toBeGreaterThan(kind === 'truncated' ? 0 : 1); return given; };
    const payload = randomBytes(5000);
    await tried(() => store.put(ref(1), payload, made));
    expect(Buffer.compare((await tried(() => store.find(ref(1))) as { bytes: Uint8Array }).bytes, payload)).toBe(0);
    expect(await tried(() => store.provenance(ref(1)))).toEqual(made);
    await tried(() => store.replace(ref(1), big, { ...made, runId: 'run-2' }));
    expect(Buffer.compare((await tried(() => store.find(ref(1))) as { bytes: Uint8Array }).bytes, big)).toBe(0);
    expect((await tried(() => all(objects, 'artifacts')) as unknown[]).length).toBe(1);
    await tried(() => objects.remove(`artifacts/fit/01/${ref(1).key}`));
    proxy.plan(() => null);
    expect(await store.find(ref(1))).toBeNull();
  });

  it.each([[2, '503'], [3, 'reset'], [3, 'lost'], [4, '500'], [3, 'truncated']] as [number, Fault][])('every %i-th call: %s: a hundred artifacts and one of 20 MiB are written and read as they are', async (k, kind) => {
    proxy.plan((call) => (call % k === 0 ? kind : null));
    const payloads = Array.from({ length: 100 }, (_, i) => Buffer.alloc(1000 + i, i));
    for (let i = 0; i < 100; i += 10) await Promise.all(payloads.slice(i, i + 10).map((p, j) => store.put(ref(i + j), p, made)));
    await store.put(ref(200), big, made);
    for (let i = 0; i < 100; i += 10) {
      const found = await Promise.all(Array.from({ length: 10 }, (_, j) => store.find(ref(i + j))));
      for (const [j, f] of found.entries()) expect(Buffer.compare(f?.bytes as Uint8Array, payloads[i + j] as Buffer)).toBe(0);
    }
    expect(Buffer.compare((await store.find(ref(200)))?.bytes as Uint8Array, big)).toBe(0);
    expect((await all(objects, 'artifacts')).length).toBe(101); // nothing was taken for damaged
  });

  it.each(KINDS)('always %s: the store does not answer, said once, with how often it was tried', async (kind) => {
    const brief = new Artifacts(new S3Objects(parseS3(`s3://faulty-${count}?endpoint=http://127.0.0.1:${proxy.port}`), { ms: 300, firstPauseMs: 5, longestPauseMs: 50 }));
    await store.put(ref(1), randomBytes(5000), made);
    proxy.plan(() => kind);
    await expect(brief.find(ref(1))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringMatching(/artifacts\/fit\/01\/0{0,1}[0-9a-f]{11,12}, tried \d+ times/) as string, remedy: expect.stringContaining('endpoint') as string });
    proxy.plan(() => null);
    expect(await brief.find(ref(1))).not.toBeNull();
  });

  it('a put that fails half-way leaves no object', async () => {
    const brief = new S3Objects(parseS3(`s3://faulty-${count}?endpoint=http://127.0.0.1:${proxy.port}`), { ms: 300, firstPauseMs: 5, longestPauseMs: 50 });
    proxy.plan((call, method) => (method === 'PUT' && call > 2 ? '500' : null)); // parts, not their beginning
    await expect(brief.create('artifacts/matrix/aa/x', [big])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    proxy.plan(() => null);
    expect([await objects.read('artifacts/matrix/aa/x'), await all(objects, 'artifacts')]).toEqual([null, []]);
    for await (const left of objects.leftovers()) expect(left).toBeNull(); // the upload was aborted
  });
});
