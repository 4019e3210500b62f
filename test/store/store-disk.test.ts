/** A folder on disks that really fail: full, read-only, not permitted. Each is one error with a code; nothing half-written is left, and what was there is whole. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArtifactRef } from '../../contracts/refs.js';
import { FileStore } from '../../storage/file-store.js';
import { findGarbage } from '../../storage/garbage.js';
import type { Provenance } from '../../storage/store.js';

const ref = (i: number): ArtifactRef => ({ kind: 'fit', key: i.toString(16).padStart(2, '0').repeat(32) });
const made: Provenance = { workflowId: 'study', runId: 'run-1', seconds: 1.5, at: '2024-01-02T03:04:05.000Z', node: 'v20.3.0 x64' };
const mount = (...args: string[]): boolean => spawnSync('mount', args, { stdio: 'ignore' }).status === 0;
const root = mkdtempSync(join(tmpdir(), 'sulcus-disk-')), small = join(root, 'small');
mkdirSync(small);
const mounts = process.platform === 'linux' && process.getuid?.() === 0 && mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small);
if (!mounts) process.stderr.write('a full and a read-only disk are not tested: a tmpfs cannot be mounted here (root, Linux and CAP_SYS_ADMIN are needed)\n');

afterAll(() => {
  if (mounts) spawnSync('umount', [small]);
  rmSync(root, { recursive: true, force: true });
});
const files = (folder: string): string[] => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).map((e) => e.name);

describe.skipIf(!mounts)('a disk', () => {
  let store: FileStore;
  beforeAll(() => { store = new FileStore(join(small, 'store')); });

  it('that is full: STORE_FULL, nothing left behind, what was there is whole, and it works again when there is space', async () => {
    await store.put(ref(1), Buffer.alloc(200_000, 'a'), made);
    for (const write of [() => store.put(ref(2), Buffer.alloc(2_000_000), made), () => store.replace(ref(1), Buffer.alloc(2_000_000), made), () => store.putDraft(ref(1), Buffer.alloc(2_000_000))]) {
      await expect(write()).rejects.toMatchObject({ code: 'STORE_FULL', message: expect.stringMatching(/no space left \(ENOSPC, writing (artifacts|drafts)\/fit/) as string, remedy: expect.stringContaining('sulcus gc') as string });
    }
    expect(files(small)).toEqual([ref(1).key]);
    expect((await store.find(ref(1)))?.bytes.length).toBe(200_000);
    expect(await store.find(ref(2))).toBeNull();
    await store.put(ref(2), Buffer.alloc(300_000, 'b'), made);
    expect((await store.find(ref(2)))?.bytes.length).toBe(300_000);
  });

  it('that is read-only: STORE_READ_ONLY when written, and it can be read', async () => {
    await store.put(ref(3), Buffer.from('x'), made);
    expect(mount('-o', 'remount,ro', small)).toBe(true);
    try {
      await expect(store.put(ref(4), Buffer.from('y'), made)).rejects.toMatchObject({ code: 'STORE_READ_ONLY', message: expect.stringContaining('EROFS') as string });
      expect(Buffer.from((await store.find(ref(3)))?.bytes as Uint8Array).toString()).toBe('x');
    } finally {
      mount('-o', 'remount,rw', small);
    }
  });
});

it.skipIf(process.getuid?.() !== 0)('a folder of somebody else: STORE_DENIED', async () => {
  // Root may write anywhere: another user has to try.
  const folder = join(root, 'closed');
  mkdirSync(join(folder, 'artifacts', 'fit'), { recursive: true, mode: 0o755 });
  chmodSync(root, 0o755);
  chownSync(folder, 0, 0);
  const before = process.geteuid?.() as number;
  const store = new FileStore(folder);
  try {
    process.seteuid?.(65534);
    await expect(store.put(ref(1), Buffer.from('x'), made)).rejects.toMatchObject({ code: 'STORE_DENIED', message: expect.stringMatching(/may not be used \(EACCES, writing artifacts\/fit\/01\/[0-9a-f]{12}\)/) as string });
  } finally {
    process.seteuid?.(before);
  }
  expect(files(folder)).toEqual([]);
});

it('a write that was killed leaves a temporary file: not read, not listed, collected as garbage', async () => {
  const folder = join(root, 'killed'), store = new FileStore(folder);
  await store.put(ref(1), Buffer.alloc(5000, 'a'), made);
  const at = join(folder, 'artifacts', 'fit', '02');
  mkdirSync(at);
  writeFileSync(join(at, `${ref(2).key}.4711-0123abcd.tmp`), Buffer.alloc(3000));
  expect(await store.find(ref(2))).toBeNull();
  const { garbage } = await findGarbage(store, { olderThanSeconds: 0, now: Date.now() + 1000 });
  const left = garbage.filter((g) => g.garbage === 'interrupted');
  expect(left.map((g) => g.bytes)).toEqual([3000]);
  await left[0]?.remove();
  expect(files(at)).toEqual([]);
});

it('a final file that was cut is set aside, and stays for whoever looks into it', async () => {
  const folder = join(root, 'cut'), store = new FileStore(folder);
  await store.put(ref(1), Buffer.alloc(50_000, 'a'), made);
  truncateSync(join(folder, 'artifacts', 'fit', '01', ref(1).key), 20_000);
  expect(await store.find(ref(1))).toBeNull();
  expect(files(folder)).toEqual([expect.stringMatching(/\.damaged-\d+$/)]);
});
