/** The contract of a store, held by a bucket of a real S3 server, and what only a bucket has: parts, conditions, credentials. */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateMultipartUploadCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Artifacts } from '../../storage/artifacts.js';
import { parseS3 } from '../../storage/location.js';
import { connectS3 } from '../../storage/s3/client.js';
import { S3Objects } from '../../storage/s3/index.js';
import { all, storeContract } from '../store/contract.js';
import { CREDENTIALS, startGateway, type Gateway } from './gateway.js';

const wanted = process.env['SULCUS_S3'] === '1';
if (!wanted) process.stderr.write('the tests against a real S3 server are left out: npm run test:s3 runs them\n');

describe.skipIf(!wanted)('S3', () => {
  let gateway: Gateway, count = 0;
  beforeAll(async () => {
    Object.assign(process.env, CREDENTIALS);
    gateway = await startGateway();
  }, 1_200_000);
  afterAll(() => gateway?.remove());
  const quick = { ms: 2_000, firstPauseMs: 20, longestPauseMs: 200 };
  const fresh = (settings = ''): { address: string; bucket: string } => {
    const bucket = `bucket-${++count}`;
    gateway.bucket(bucket);
    return { bucket, address: `s3://${bucket}/some/prefix?endpoint=http://127.0.0.1:${gateway.port}${settings}` };
  };

  storeContract('a bucket', async () => {
    const { bucket, address } = fresh();
    const file = (name: string): string => join(gateway.folder, bucket, 'some/prefix', name);
    return Promise.resolve({
      objects: new S3Objects(parseS3(address), quick),
      damage: (name: string, change: (bytes: Buffer) => Buffer) => Promise.resolve(writeFileSync(file(name), change(readFileSync(file(name))))),
      remove: () => Promise.resolve(),
    });
  });

  it('an object in parts comes back, and the first of several that are written at once wins', async () => {
    const objects = new S3Objects(parseS3(fresh().address), quick), big = randomBytes(41 * 2 ** 20);
    const won = await Promise.all([objects.create('artifacts/matrix/aa/x', [big]), objects.create('artifacts/matrix/aa/x', [big])]);
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(Buffer.compare((await objects.read('artifacts/matrix/aa/x')) as Uint8Array, big)).toBe(0);
    await objects.replace('artifacts/matrix/aa/x', [big.subarray(0, 17 * 2 ** 20), big.subarray(20 * 2 ** 20)]);
    expect((await objects.read('artifacts/matrix/aa/x'))?.length).toBe(38 * 2 ** 20);
    const left = []; for await (const l of objects.leftovers()) left.push(l);
    expect(left).toEqual([]);
  });

  it('an upload in parts that was never ended is no object, and is found and removed as a leftover', async () => {
    const { address, bucket } = fresh(), at = parseS3(address), client = connectS3(at), objects = new S3Objects(at, quick), Key = 'some/prefix/artifacts/fit/aa/y';
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }));
    await client.send(new UploadPartCommand({ Bucket: bucket, Key, UploadId, PartNumber: 1, Body: Buffer.alloc(5 * 2 ** 20) }));
    expect([await objects.read('artifacts/fit/aa/y'), await all(objects, 'artifacts')]).toEqual([null, []]);
    const left = []; for await (const l of objects.leftovers()) left.push(l);
    expect(left.map((l) => [l.name, l.bytes])).toEqual([['artifacts/fit/aa/y', 5 * 2 ** 20]]);
    await left[0]?.remove();
    for await (const l of objects.leftovers()) expect(l).toBeNull();
  });

  it('more objects than a page of the list holds', async () => {
    const objects = new S3Objects(parseS3(fresh().address), quick);
    for (let i = 0; i < 1050; i += 50) await Promise.all(Array.from({ length: 50 }, (_, j) => objects.replace(`notes/aa/${i + j}`, [Buffer.from('x')])));
    expect(await all(objects, 'notes')).toHaveLength(1050);
  }, 120_000);

  it('names what is wrong: no bucket, wrong key, nobody there', async () => {
    const nowhere = new Artifacts(new S3Objects(parseS3(`s3://no-such-bucket?endpoint=http://127.0.0.1:${gateway.port}`), quick));
    await expect(nowhere.putNote('abc', Buffer.from('x'))).rejects.toMatchObject({ code: 'STORE_MISSING', remedy: expect.stringContaining('bucket') as string });
    await expect(nowhere.note('abc')).rejects.toMatchObject({ code: 'STORE_MISSING' });
    process.env['AWS_SECRET_ACCESS_KEY'] = 'another';
    try {
      await expect(new S3Objects(parseS3(fresh().address), quick).read('notes/aa/x')).rejects.toMatchObject({ code: 'STORE_DENIED' });
    } finally {
      Object.assign(process.env, CREDENTIALS);
    }
    const silent = new S3Objects(parseS3('s3://bucket-1?endpoint=http://127.0.0.1:9'), quick);
    await expect(silent.read('notes/aa/x')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringMatching(/ECONNREFUSED.*tried \d+ times/) as string });
  });
});
