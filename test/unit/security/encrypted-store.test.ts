/** Artifacts encrypted at rest, through the store's own interface, in a folder. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encryptedObjects, newKeyText, overObjects, parseKeys, type KeyRing } from '../../../security/index.js';
import { Artifacts } from '../../../storage/artifacts.js';
import { FolderObjects } from '../../../storage/folder.js';

const A = newKeyText(), B = newKeyText(), ring = (...keys: string[]): KeyRing => parseKeys(keys.join('\n'), 'test');
const provenance = { workflowId: 'acc-trs', runId: 'r', seconds: 1, at: '2026-01-01T00:00:00Z', node: 'v20 x64' };
const keyOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const ref = { kind: 'subject' as const, key: keyOf('subject') };
const content = (length: number): Buffer => Buffer.alloc(length, 'sub-TKY001 TRS 2.7182818 ');
let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'sulcus-sealed-')); });
afterEach(() => { rmSync(folder, { recursive: true }); });

const store = (keys: KeyRing | null, encrypt = true): Artifacts => new Artifacts(encryptedObjects(new FolderObjects(folder), { keys, encrypt }));
const files = (under = folder): string[] => readdirSync(under).flatMap((name) => (statSync(join(under, name)).isDirectory() ? files(join(under, name)) : [join(under, name)]));
const disk = (): Buffer => Buffer.concat(files().map((file) => readFileSync(file)));

describe('an encrypted artifact', () => {
  it.each([0, 1, 3000, 4000, 4095, 4096, 4097, 100_000])('of %i bytes comes back bit for bit with its provenance, and is not readable on disk', async (length) => {
    await store(ring(A)).put(ref, content(length), provenance);
    const found = await store(ring(A)).find(ref);
    expect(Buffer.compare(Buffer.from(found?.bytes ?? []), content(length))).toBe(0);
    expect(found?.provenance).toEqual(provenance);
    expect(await store(ring(A)).provenance(ref)).toEqual(provenance);
    // Long enough not to be among random bytes by chance.
    for (const word of ['TKY001 TRS', '2.7182818', 'acc-trs', 'v20 x64']) expect(disk().includes(word)).toBe(false);
  });

  it('is found again under its key by whoever has it among theirs: after a rotation, and the first write stays', async () => {
    await store(ring(A)).put(ref, content(9000), provenance);
    const before = disk();
    await store(ring(B, A)).put(ref, content(9000), { ...provenance, runId: 'later' });
    expect(Buffer.compare(disk(), before)).toBe(0);
    expect((await store(ring(B, A)).find(ref))?.provenance.runId).toBe('r');
  });

  it('that was changed, cut, lengthened or put in another\'s place is damaged: set aside and not used', async () => {
    for (const length of [3000, 9000]) for (const change of [
      (b: Buffer) => { b[40] = (b[40] as number) ^ 1; return b; }, (b: Buffer) => { b[b.length - 1] = (b[b.length - 1] as number) ^ 128; return b; },
      (b: Buffer) => b.subarray(0, b.length - 1), (b: Buffer) => b.subarray(0, 29 + 4096 + 28), (b: Buffer) => b.subarray(0, 20), (b: Buffer) => Buffer.concat([b, b]),
    ]) {
      if (length === 3000 && change(Buffer.alloc(1e5)).length === 29 + 4096 + 28) continue; // there is no second part to cut off
      await store(ring(A)).put(ref, content(length), provenance);
      const [file] = files() as [string];
      writeFileSync(file, change(readFileSync(file)));
      expect(await store(ring(A)).find(ref)).toBeNull();
      expect(files().every((name) => name.includes('.damaged-'))).toBe(true);
      for (const name of files()) rmSync(name);
    }
    const other = { ...ref, key: keyOf('other') };
    await store(ring(A)).put(ref, content(10), provenance);
    await store(ring(A)).put(other, content(20), provenance);
    const [one, two] = files() as [string, string];
    writeFileSync(one, readFileSync(two));
    expect([await store(ring(A)).find(ref), await store(ring(A)).find(other)].filter((found) => found === null)).toHaveLength(1);
  });

  it('without its key is refused by name, and stays where it is', async () => {
    await store(ring(A)).put(ref, content(9000), provenance);
    for (const keys of [ring(B), null]) {
      await expect(store(keys).find(ref)).rejects.toMatchObject({ code: 'KEY_UNKNOWN', message: expect.stringContaining(ring(A).active.id) });
      await expect(store(keys).provenance(ref)).rejects.toMatchObject({ code: 'KEY_UNKNOWN' });
    }
    expect(await store(ring(A)).find(ref)).not.toBeNull();
  });

  it('stands beside what was written before, and drafts, notes and decisions are encrypted, too', async () => {
    await store(null).put(ref, content(50), provenance);
    expect(Buffer.from((await store(ring(A)).find(ref))?.bytes ?? []).equals(content(50))).toBe(true);
    rmSync(files()[0] as string);
    const sealed = store(ring(A));
    await sealed.putDraft(ref, content(60));
    await sealed.putNote('abcdef', content(70));
    await sealed.putDecision('paused/run', Buffer.from('{"by":"TKY001"}'));
    expect(disk().includes('TKY001')).toBe(false);
    expect([(await sealed.draft(ref))?.length, (await sealed.note('abcdef'))?.length, (await sealed.decision('paused/run'))?.length]).toEqual([60, 70, 15]);
  });

  it('is asked for by the environment, and not without keys', async () => {
    expect(() => overObjects({ SULCUS_ENCRYPT_STORE: '1' })).toThrow(expect.objectContaining({ code: 'NO_KEYS' }));
    await new Artifacts(overObjects({ SULCUS_ENCRYPT_STORE: '1', SULCUS_KEYS: A })(new FolderObjects(folder))).put(ref, content(10), provenance);
    expect(disk().includes('TKY001')).toBe(false);
    expect((await new Artifacts(overObjects({ SULCUS_KEYS: A })(new FolderObjects(folder))).find(ref))?.bytes.length).toBe(10);
  });
});
