/** What every place for artifacts must do: the same tests for a folder and for a bucket. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ArtifactRef } from '../../contracts/refs.js';
import { Artifacts } from '../../storage/artifacts.js';
import { artifactName, draftName, isSetAside } from '../../storage/layout.js';
import type { ObjectInfo, ObjectStore } from '../../storage/object-store.js';
import type { Damage, Provenance } from '../../storage/store.js';

export interface Place {
  objects: ObjectStore;
  /** Changes the bytes of an object behind the store's back. */
  damage(name: string, change: (bytes: Buffer) => Buffer): Promise<void>;
  remove(): Promise<void>;
}

const ref = (i: number): ArtifactRef => ({ kind: 'fit', key: i.toString(16).padStart(2, '0').repeat(32) });
const made: Provenance = { workflowId: 'study', runId: 'run-1', seconds: 1.5, at: '2024-01-02T03:04:05.000Z', node: 'v20.3.0 x64', why: 'x'.repeat(400) };
const payload = Buffer.from(Uint8Array.from({ length: 10_000 }, (_, i) => (i * 7) % 256));
export const all = async (objects: ObjectStore, folder: string): Promise<ObjectInfo[]> => { const found: ObjectInfo[] = []; for await (const o of objects.list(folder)) found.push(o); return found.sort((a, b) => (a.name < b.name ? -1 : 1)); };

export function storeContract(what: string, open: () => Promise<Place>): void {
  describe(`the store in ${what}`, () => {
    let place: Place, objects: ObjectStore, store: Artifacts, damages: Damage[];
    beforeEach(async () => {
      place = await open();
      damages = [];
      ({ objects } = place);
      store = new Artifacts(objects, (d) => damages.push(d));
    });
    afterEach(() => place.remove());

    it('gives back objects of every size, and their beginnings; null for what is not there', async () => {
      for (const size of [0, 1, 65_536, 3_000_000]) {
        const bytes = Buffer.alloc(size, 'abcdefg'), name = `notes/xx/size-${size}`;
        expect(await objects.create(name, [bytes.subarray(0, size >> 1), bytes.subarray(size >> 1)])).toBe(true);
        expect(Buffer.compare((await objects.read(name)) as Uint8Array, bytes)).toBe(0);
        expect(Buffer.from((await objects.readStart(name, 10)) as Uint8Array).subarray(0, 10).toString()).toBe(bytes.subarray(0, 10).toString());
      }
      expect([await objects.read('notes/xx/none'), await objects.readStart('notes/xx/none', 10)]).toEqual([null, null]);
    });

    it('create: the first of many at once wins, and stays', async () => {
      const won = await Promise.all(Array.from({ length: 8 }, (_, i) => objects.create('notes/aa/first', [Buffer.from(`writer ${i}`)])));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(Buffer.from((await objects.read('notes/aa/first')) as Uint8Array).toString()).toBe(`writer ${won.indexOf(true)}`);
      expect(await objects.create('notes/aa/first', [Buffer.from('late')])).toBe(false);
    });

    it('replace: readers find one whole version or the other', async () => {
      const versions = Array.from({ length: 12 }, (_, i) => Buffer.alloc(50_000, String(i % 10)));
      await objects.replace('notes/aa/many', [versions[0] as Buffer]);
      const reading = (async () => { for (let i = 0; i < 20; i++) { const b = Buffer.from((await objects.read('notes/aa/many')) as Uint8Array); expect([b.length, new Set(b).size]).toEqual([50_000, 1]); } })();
      await Promise.all([reading, ...versions.map((v) => objects.replace('notes/aa/many', [v]))]);
    });

    it('lists a folder, not its namesakes, with sizes and times', async () => {
      for (const name of ['runs/a/x.json', 'runs/a/y.json', 'runs/ab/z.json']) await objects.replace(name, [Buffer.from(name)]);
      const found = await all(objects, 'runs/a');
      expect(found.map((o) => [o.name, o.bytes])).toEqual([['runs/a/x.json', 13], ['runs/a/y.json', 13]]);
      for (const { modified } of found) expect(Math.abs(modified - Date.now())).toBeLessThan(600_000);
      expect(await all(objects, 'nothing')).toEqual([]);
    });

    it('removes, and removes what is not there', async () => {
      await objects.replace('drafts/fit/a', [payload]);
      await objects.remove('drafts/fit/a');
      await objects.remove('drafts/fit/a');
      expect(await objects.read('drafts/fit/a')).toBeNull();
    });

    it('keeps artifacts with who made them; the first stays, and one that is replaced does not', async () => {
      await store.put(ref(1), payload, made);
      await store.put(ref(1), payload, { ...made, runId: 'run-2' });
      expect((await store.find(ref(1)))?.provenance).toEqual(made);
      expect(await store.provenance(ref(1))).toEqual(made);
      await store.replace(ref(1), payload, { ...made, runId: 'run-3' });
      expect((await store.find(ref(1)))?.provenance.runId).toBe('run-3');
      expect([await store.find(ref(2)), await store.provenance(ref(2))]).toEqual([null, null]);
    });

    const changes: [string, (b: Buffer) => Buffer][] = [
      ['one bit of the payload', (b) => { b[b.length - 17] = (b[b.length - 17] as number) ^ 1; return b; }], ['its end is cut off', (b) => b.subarray(0, -1)], ['it is cut within the header', (b) => b.subarray(0, 20)], ['it is empty', () => Buffer.alloc(0)],
    ];
    it.each(changes)('a damaged artifact (%s) is named, set aside, not used, and made again', async (_, change) => {
      await store.put(ref(1), payload, made);
      await place.damage(artifactName(ref(1)), change);
      expect(await store.find(ref(1))).toBeNull();
      expect(damages).toEqual([{ name: artifactName(ref(1)), what: expect.stringMatching(/^it/) }]);
      expect((await all(objects, 'artifacts')).map((o) => isSetAside(o.name))).toEqual([true]);
      await store.put(ref(1), payload, { ...made, runId: 'run-2' });
      expect(Buffer.compare((await store.find(ref(1)))?.bytes as Uint8Array, payload)).toBe(0);
    });

    it('a put over an artifact that is damaged unseen leaves a whole one', async () => {
      await store.put(ref(1), payload, made);
      await place.damage(artifactName(ref(1)), (b) => b.subarray(0, -5));
      await store.put(ref(1), payload, { ...made, runId: 'run-2' });
      expect((await store.find(ref(1)))?.provenance.runId).toBe('run-2');
    });

    it('a damaged draft is none; a damaged list of steps is left out; a damaged decision stops whoever asks', async () => {
      await store.putDraft(ref(1), payload);
      expect(Buffer.compare((await store.draft(ref(1))) as Uint8Array, payload)).toBe(0);
      await place.damage(draftName(ref(1)), (b) => b.subarray(0, -100));
      expect(await store.draft(ref(1))).toBeNull();
      await store.recordSteps('run-1', 'a', []);
      await place.damage('runs/run-1/a.json', () => Buffer.from('[{"st'));
      expect(await store.steps('run-1')).toEqual([]);
      await store.putDecision('paused/run-1', Buffer.from('{"by":"A"}'));
      await place.damage('decisions/paused/run-1.json', () => Buffer.from('{"by":'));
      await expect(store.decision('paused/run-1')).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
      expect(damages.map((d) => d.name)).toEqual([draftName(ref(1)), 'runs/run-1/a.json']);
    });

    it('keeps runs, what they used, notes and decisions', async () => {
      const about = { runId: 'run-1', workflowId: 'acc', study: 'acc', finishedAt: '2026-01-02T00:00:00Z', out: '/results', partial: false };
      expect(await store.uses('run-1')).toBeNull();
      await store.recordUses('run-1', 'a', [ref(1), ref(2)]);
      await store.recordUses('run-1', 'b', [ref(3)]);
      await store.recordRun(about, Buffer.from('found'));
      await store.putNote('abc', Buffer.from('note'));
      await store.putDecision('excluded/acc/tokyo/1', Buffer.from('{"n":1}'));
      await store.putDecision('excluded/acc/tokyo/2', Buffer.from('{"n":2}'));
      expect(await store.uses('run-1')).toEqual([ref(1), ref(2), ref(3)]);
      expect(await store.runs()).toEqual([about]);
      expect([await store.run('run-1'), await store.note('abc')].map((b) => Buffer.from(b as Uint8Array).toString())).toEqual(['found', 'note']);
      expect((await store.decisions('excluded/acc/tokyo')).map((b) => Buffer.from(b).toString())).toEqual(['{"n":1}', '{"n":2}']);
      await store.putDecision('excluded/acc/tokyo/1', null);
      expect(await store.decision('excluded/acc/tokyo/1')).toBeNull();
    });
  });
}
