/** The power goes at every call of every kind of write; whatever came to the disk, an artifact is there whole or not at all, and one that was stored is there. */
import { describe, expect, it } from 'vitest';
import type { ArtifactRef } from '../../contracts/refs.js';
import { Artifacts } from '../../storage/artifacts.js';
import { FolderObjects } from '../../storage/folder.js';
import type { Provenance } from '../../storage/store.js';
import { PowerCutDisk, type Survival } from './power-cut.js';

const ref: ArtifactRef = { kind: 'fit', key: 'ab12'.repeat(16) };
const made: Provenance = { workflowId: 'study', runId: 'run-1', seconds: 1.5, at: '2024-01-02T03:04:05.000Z', node: 'v20.3.0 x64' };
const first = Buffer.alloc(5000, 'a'), second = Buffer.alloc(6000, 'b');
const SURVIVALS: Survival[] = ['nothing', 'everything', 'names without data', 'half of the data'];
const storeOn = (disk: PowerCutDisk): Artifacts => new Artifacts(new FolderObjects('/state/store', disk));

const WRITES: Record<string, (store: Artifacts) => Promise<void>> = {
  put: (store) => store.put(ref, first, made),
  replace: (store) => store.replace(ref, first, made),
  putDraft: (store) => store.putDraft(ref, first),
  recordSteps: (store) => store.recordSteps('run-1', 'a', []),
  recordUses: (store) => store.recordUses('run-1', 'a', [ref]),
  putDecision: (store) => store.putDecision('paused/run-1', Buffer.from('{"by":"A"}')),
};
/** What is found after the restart; null: nothing. Anything but the whole or nothing throws or differs. */
const READS: Record<string, (store: Artifacts) => Promise<unknown>> = {
  put: async (store) => (await store.find(ref))?.bytes.toString() ?? null,
  replace: async (store) => (await store.find(ref))?.bytes.toString() ?? null,
  putDraft: async (store) => (await store.draft(ref))?.toString() ?? null,
  recordSteps: async (store) => { let there = null; for await (const o of store.objects.list('runs')) there = o.name.endsWith('a.json') ? (await store.steps('run-1'), o.bytes) : there; return there; },
  recordUses: (store) => store.uses('run-1'),
  putDecision: async (store) => (await store.decision('paused/run-1'))?.toString() ?? null,
};

/** Cuts the power after each number of calls; tells what was found, and whether the write had said that it was done. */
async function everyCut(name: string, honest: boolean, check: (found: unknown, whole: unknown, done: boolean, at: string) => void): Promise<number> {
  const write = WRITES[name] as (s: Artifacts) => Promise<void>, read = READS[name] as (s: Artifacts) => Promise<unknown>;
  const whole = new PowerCutDisk();
  await write(storeOn(whole));
  const expected = await read(storeOn(whole.restarted('everything')));
  expect(expected).not.toBeNull();
  const calls = (() => { const counted = new PowerCutDisk(); return write(storeOn(counted)).then(() => counted.calls); })();
  for (let callsLeft = 0; callsLeft <= await calls; callsLeft++) {
    const disk = new PowerCutDisk({ callsLeft, honest }), done = await write(storeOn(disk)).then(() => true, () => false);
    for (const survival of SURVIVALS) check(await read(storeOn(disk.restarted(survival))).catch((error: unknown) => error), expected, done, `${name}, cut after ${callsLeft} calls, ${survival} survives`);
  }
  return calls;
}

describe('a power cut', () => {
  it.each(Object.keys(WRITES))('%s: whole or not at all at every cut; what is done lasts', async (name) => {
    const calls = await everyCut(name, true, (found, whole, done, at) => {
      if (done || found !== null) expect(found, at).toEqual(whole);
    });
    expect(calls).toBeGreaterThan(7); // folder, file, writes, sync, name, sync of folders
  });

  it('a second put, and one that loses against another, last too', async () => {
    const disk = new PowerCutDisk(), store = storeOn(disk);
    await store.put(ref, first, made);
    await store.put(ref, second, { ...made, runId: 'run-2' });
    for (const survival of SURVIVALS) expect((await storeOn(disk.restarted(survival)).find(ref))?.provenance.runId).toBe('run-1');
  });

  it('replacing: the old one or the new one, at every cut', async () => {
    for (let callsLeft = 0; callsLeft < 40; callsLeft++) {
      const disk = new PowerCutDisk();
      await storeOn(disk).put(ref, first, made);
      disk.cutAfter(callsLeft);
      const done = await storeOn(disk).replace(ref, second, made).then(() => true, () => false);
      for (const survival of SURVIVALS) {
        const found = (await storeOn(disk.restarted(survival)).find(ref))?.bytes.toString();
        expect(done ? [second.toString()] : [first.toString(), second.toString()], `cut after ${callsLeft}, ${survival}`).toContain(found);
      }
    }
  });

  it('this would be seen: on a disk that only says it syncs, what was stored is gone', async () => {
    let lost = 0;
    await everyCut('put', false, (found, _whole, done) => { if (done && found === null) lost++; });
    expect(lost).toBeGreaterThan(0);
  });
});
