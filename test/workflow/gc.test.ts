/** Garbage collection beside a study that is under way, on a real server. */
import { readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArtifactRef } from '../../contracts/refs.js';
import { FileStore } from '../../storage/file-store.js';
import { keepServer, storedFits, type KeptServer } from './operator.js';
import { PLAIN, smallStudy, sulcus, type Finished, type SmallStudy } from './harness.js';

const LONG = 600_000;
/** An artifact that no study asks for, two hours old. */
const UNUSED: ArtifactRef = { kind: 'fit', key: 'ab'.repeat(32) };

let study: SmallStudy, server: KeptServer;
const gc = (...args: string[]): Promise<Finished> => sulcus(['gc', 'study.yaml', '--older-than', '1h', ...args], study.directory);
const inStore = (): string[] => readdirSync(join(study.state, 'store'), { recursive: true, encoding: 'utf8' }).sort();

beforeAll(async () => {
  study = await smallStudy({ cohorts: [{ name: 'tokyo', size: 24 }], ranks: [2, 3], splits: 2, ...PLAIN, edit: [['rank: auto', 'rank: review']] });
  server = await keepServer(study, { worker: true });
  expect((await sulcus(['run', 'study.yaml'], study.directory)).code).toBe(3);
  await new FileStore(join(study.state, 'store')).put(UNUSED, Buffer.from('of nobody'), { workflowId: 'gone', runId: 'gone', seconds: 1, at: '2024-01-02T03:04:05.000Z', node: 'v20' });
  const then = Date.now() / 1000 - 7200;
  utimesSync(join(study.state, 'store', 'artifacts', 'fit', UNUSED.key.slice(0, 2), UNUSED.key), then, then);
}, LONG);
afterAll(async () => { await server.release(); await study.remove(); }, LONG);

describe('while a study waits for a person', () => {
  it('nothing is deleted, and why is said', async () => {
    const before = inStore();
    const refused = await gc();
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr.replace(/\s+/g, ' ')).toMatch(/nothing is deleted while acc-trs is under way: it may reuse anything \(wait for the end, or stop what runs with `sulcus cancel`; --dry-run says what would be deleted now\)/);
    expect(inStore()).toEqual(before);
  }, LONG);

  it('a dry run says what would be deleted, and that it cannot be now', async () => {
    const before = inStore();
    const dry = await gc('--dry-run');
    expect([dry.code, dry.stdout]).toEqual([0, expect.stringMatching(/would be deleted: [^]*nothing can be deleted now: acc-trs is under way/)]);
    expect(inStore()).toEqual(before);
  }, LONG);
});

it('once it has ended, what nothing used is deleted, and what it has made stays', async () => {
  const fits = storedFits(study);
  expect(fits.delete(UNUSED.key)).toBe(true);
  expect((await sulcus(['cancel', 'acc-trs'], study.directory)).code).toBe(0);
  await expect(server.client.workflow.getHandle('acc-trs').result()).rejects.toThrow();
  const done = await gc('--json');
  expect(done.code).toBe(0);
  expect(JSON.parse(done.stdout)).toMatchObject({ dryRun: false, running: [], byKind: { unused: { objects: 1, artifacts: { fit: { objects: 1 } } } } });
  expect([...storedFits(study).keys()].sort()).toEqual([...fits.keys()].sort());
}, LONG);
