/**
 * A study whose artifacts are in a bucket, encrypted: the same numbers as plain in a folder, bit for bit, though the S3 server is dead for ten seconds on
 * the way; then garbage collection.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newKeyText } from '../../security/index.js';
import { parseS3 } from '../../storage/location.js';
import { S3Objects } from '../../storage/s3/index.js';
import { all } from '../store/contract.js';
import { readResults, smallStudy, start, until, type SmallStudy } from '../workflow/harness.js';
import { CREDENTIALS, startGateway, type Gateway } from './gateway.js';

/** Digests of the files with numbers; and what is said of them, without when and by which run. */
function numbers(folder: string): unknown {
  const files = ['tables', 'parcellation'].flatMap((f) => readdirSync(join(folder, f)).map((name) => join(f, name))).filter((name) => /\.(tsv|txt|npy)$/.test(name) && !/steps/.test(name));
  const { rank, matching, replicated, cohorts } = readResults(folder);
  return { files: files.sort().map((name) => [name, createHash('sha256').update(readFileSync(join(folder, name))).digest('hex')]), rank, matching, replicated, cohorts };
}

describe.skipIf(process.env['SULCUS_S3'] !== '1')('a study in a bucket', () => {
  const protectedBy: Record<string, string> = { ...CREDENTIALS };
  let gateway: Gateway, onDisk: SmallStudy, inBucket: SmallStudy, address: string;
  beforeAll(async () => {
    Object.assign(process.env, CREDENTIALS);
    gateway = await startGateway();
    gateway.bucket('studies');
    address = `s3://studies/acc?endpoint=http://127.0.0.1:${gateway.port}`;
    onDisk = await smallStudy();
    Object.assign(protectedBy, { SULCUS_KEYS: newKeyText(), SULCUS_ENCRYPT_STORE: '1' });
    inBucket = await smallStudy({ edit: [['\nstudy: ', `\nstorage: { url: "s3://studies/acc", endpoint: "http://127.0.0.1:${gateway.port}" }\nstudy: `]] });
  }, 1_200_000);
  afterAll(async () => { await onDisk?.remove(); await inBucket?.remove(); await gateway?.remove(); });

  it('gives the same numbers, though the server dies for ten seconds in the middle; then all of it is reused, also after garbage collection', async () => {
    const plain = await start(['run', onDisk.file], onDisk.directory).finished;
    expect([plain.code, plain.stderr]).toEqual([0, expect.any(String)]);
    const { finished } = start(['run', inBucket.file], inBucket.directory, protectedBy);
    const objects = new S3Objects(parseS3(address));
    let early: unknown = null;
    void finished.then((end) => { early = end; });
    await until('a fit in the bucket', async () => { expect(early).toBeNull(); return (await all(objects, 'artifacts/fit')).length > 0 ? true : null; }, 600_000);
    await gateway.kill();
    await pause(10_000);
    await gateway.start();
    const ended = await finished;
    expect([ended.code, ended.stderr]).toEqual([0, expect.stringContaining('artifacts are kept in s3://studies/acc')]);
    expect(readdirSync(inBucket.state)).not.toContain('store');
    expect(numbers(inBucket.results)).toEqual(numbers(onDisk.results));

    const stored = await all(objects, 'artifacts');
    expect(stored.length).toBeGreaterThan(50);
    for (const { name } of stored) expect([name, Buffer.from((await objects.read(name)) ?? []).subarray(0, 16).toString()]).toEqual([name, 'sulcus/sealed/1 ']);

    const status = await start(['status', '--json'], inBucket.directory, protectedBy).finished;
    expect(status.code).toBe(0);
    await objects.replace(`artifacts/fit/ff/${'ff'.repeat(32)}`, [Buffer.from('nobody uses this')]);
    const looked = await start(['gc', inBucket.file, '--older-than', '0s', '--dry-run', '--json'], inBucket.directory, protectedBy).finished;
    const collected = await start(['gc', inBucket.file, '--older-than', '0s', '--json'], inBucket.directory, protectedBy).finished;
    expect([looked.code, collected.code, collected.stderr]).toEqual([0, 0, expect.any(String)]);
    expect(JSON.parse(looked.stdout)).toMatchObject({ dryRun: true, byKind: { unused: { artifacts: { fit: { objects: 1, bytes: 16 } } } } });
    expect(JSON.parse(collected.stdout)).toMatchObject({ deleted: (JSON.parse(looked.stdout) as { deleted: unknown }).deleted });
    expect(await objects.read(`artifacts/fit/ff/${'ff'.repeat(32)}`)).toBeNull();

    const again = await start(['run', inBucket.file, '--json'], inBucket.directory, protectedBy).finished;
    expect([again.code, JSON.parse(again.stdout)]).toEqual([0, expect.objectContaining({ status: 'done', computed: 0 })]);
    expect(numbers(inBucket.results)).toEqual(numbers(onDisk.results));
  }, 1_500_000);
});
