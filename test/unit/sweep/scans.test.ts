/** Participants who were analysed, and what pipelines read of them, in real folders: a sweep sees another scan, and reads no file whose size, times and inode are known. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Digests } from '../../../activities/imaging/digests.js';
import { reachOf } from '../../../activities/ingest/locate.js';
import type { Look } from '../../../activities/sweep/look.js';
import type { Verdict } from '../../../activities/sweep/participant.js';
import { lookAtScans } from '../../../activities/sweep/scans.js';
import type { PipelineSpec, StepRecord } from '../../../contracts/pipelines.js';
import type { StudySpec } from '../../../contracts/study.js';

let folder: string, scan: string;
const put = (name: string, text: string): string => {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
};
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const pipeline = { name: 'lab', outputs: 'made', inputs: { scan: 'scans/{id}.json' }, existing: { second: { out: 'old/{id}.txt' } }, steps: [{ name: 'first' }, { name: 'second' }] } as unknown as PipelineSpec;
const record = (step: string, change: Partial<StepRecord>): string => put(`tokyo/made/sub-1/${step}/step.json`, JSON.stringify({ format: 'sulcus/step/1', step, key: 'k', outputs: [], inputs: [], ...change }));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sulcus-scans-'));
  scan = put('tokyo/scans/sub-1.json', 'a scan');
  put('tokyo/old/sub-1.txt', 'made before');
  record('first', { inputs: [{ name: 'input:scan', path: 'scans/sub-1.json', bytes: 6, sha256: sha256('a scan') }] });
  record('second', { inputs: [{ name: 'first:out', path: 'x', bytes: 1, sha256: 'of no concern' }], existing: [{ name: 'out', path: 'old/sub-1.txt', bytes: 11, sha256: sha256('made before') }] });
  const digests = new Digests(join(folder, 'tokyo', 'made', 'sub-1'), folder);
  for (const path of [scan, join(folder, 'tokyo', 'old', 'sub-1.txt')]) await digests.of(path);
  await digests.save();
});
afterEach(() => { rmSync(folder, { recursive: true }); });

/** `later`: seconds from now at which one looks. */
async function verdict(later = 3600): Promise<Verdict | null> {
  const spec = { pipelines: [pipeline] } as StudySpec, cohort = { name: 'tokyo', directory: 'tokyo', prefix: 'TKY', participants: 'participants.tsv', groups: [] };
  return lookAtScans({ spec, directory: folder, now: Date.now() + later * 1000, settleMs: 60_000 } as Look, 'sub-1', reachOf(spec, cohort, folder), new AbortController().signal);
}
const changed = { kind: 'settled', change: 'files', files: { paths: [expect.stringContaining('scans/sub-1.json'), expect.any(String)], print: expect.any(String) } };

it('as they were processed, nothing is new, just after the run too', async () => {
  expect(await verdict()).toBeNull();
  expect(await verdict(1)).toBeNull();
});

it('a file that was only touched is read once, and is not news', async () => {
  const memory = join(folder, 'tokyo', 'made', 'sub-1', '.digests.json'), before = readFileSync(memory, 'utf8');
  utimesSync(scan, new Date(), new Date('2026-01-01T00:00:00Z'));
  expect(await verdict()).toBeNull();
  expect(readFileSync(memory, 'utf8')).not.toBe(before);
  const { mtimeMs } = statSync(memory);
  expect(await verdict()).toBeNull();
  expect(statSync(memory).mtimeMs).toBe(mtimeMs);
});

it('another scan is news when it is whole, of the same size too; until then the study is held', async () => {
  writeFileSync(scan, 'b scan');
  expect(await verdict(1)).toEqual({ kind: 'written' });
  expect(await verdict()).toEqual(changed);
  // What was found is remembered, and is news until a run has taken it in.
  expect(await verdict()).toEqual(changed);
});

it('so are a scan that is gone, another output that a laboratory had made, and a step that was taken away', async () => {
  renameSync(scan, `${scan}.aside`);
  expect(await verdict()).toMatchObject({ kind: 'settled', change: 'files' });
  renameSync(`${scan}.aside`, scan);
  expect(await verdict()).toBeNull();
  put('tokyo/old/sub-1.txt', 'made before, and again');
  expect(await verdict()).toEqual(changed);
  put('tokyo/old/sub-1.txt', 'made before');
  expect(await verdict()).toBeNull();
  rmSync(join(folder, 'tokyo', 'made', 'sub-1', 'second'), { recursive: true });
  expect(await verdict()).toMatchObject({ kind: 'settled', change: 'files' });
});
