/** Newcomers of a study with a pipeline, in real folders: what the pipeline has still to make is not missing; what it reads may be. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { reachOf } from '../../../activities/ingest/locate.js';
import { surveySubjects } from '../../../activities/ingest/survey.js';
import type { Look } from '../../../activities/sweep/look.js';
import type { Verdict } from '../../../activities/sweep/participant.js';
import { lookBeforePipelines } from '../../../activities/sweep/to-make.js';
import { loadStudy } from '../../../config/index.js';
import type { Exclusion } from '../../../contracts/results.js';

const PIPELINE = `
pipeline: lab
about: a scan to vertex files
programs: { node: { version: [node, --version], pattern: 'v(\\S+)' } }
inputs: { scan: a scan }
steps:
  sample: { program: node, run: [node, '{input:scan}', '{output:left}', '{output:right}'], outputs: { left: left.txt, right: right.txt } }
`;
const STUDY = `
study: lab
surface: { vertices: 10 }
region: { vertices: { left: all, right: all } }
pipelines: [{ use: lab.yaml, inputs: { scan: "scans/{id}.json" } }]
metrics: { fa: { file: "derivatives/lab/{id}/sample/{side}.txt" }, md: { file: "md/{id}_{side}.txt" } }
cohorts: { tokyo: { groups: [HC] } }
`;
let folder: string;
const put = (name: string, text: string): string => {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sulcus-to-make-'));
  put('lab.yaml', PIPELINE);
  put('study.yaml', STUDY);
  put('tokyo/participants.tsv', 'participant_id\tgroup\tage\tsex\nsub-1\tHC\t30\tF\n');
  for (const side of ['left', 'right']) put(`tokyo/md/sub-1_${side}.txt`, '1\n');
});
afterEach(() => { rmSync(folder, { recursive: true }); });

/** `later`: seconds from now at which one looks. */
async function verdict({ later = 3600, left = null, finished = null }: { later?: number; left?: Exclusion | null; finished?: string | null } = {}): Promise<Verdict | null> {
  const { spec, directory } = await loadStudy(join(folder, 'study.yaml'));
  const { cohort, subjects: [subject] } = await surveySubjects(spec, directory, 'tokyo');
  if (subject === undefined) throw new Error('nobody in the table');
  const look = { spec, now: Date.now() + later * 1000, settleMs: 60_000, last: finished === null ? null : { finishedAt: finished } } as Look;
  return lookBeforePipelines(look, subject, left, reachOf(spec, cohort, directory));
}
const failed: Exclusion = { id: 'sub-1', code: 'STEP_FAILED', reason: 'lab, sample: exit code 1', file: null, line: null };

it('whose scan is there is new, and is looked at once more', async () => {
  const scan = put('tokyo/scans/sub-1.json', '{}');
  expect(await verdict()).toEqual({ kind: 'settled', change: 'added', files: { paths: [scan], print: expect.stringMatching(/^2 /) } });
});

it('whose scan has just come, or has not, waits', async () => {
  expect(await verdict()).toMatchObject({ kind: 'waits', why: { id: 'sub-1', code: 'MISSING_FILE', file: 'tokyo/scans/sub-1.json' } });
  put('tokyo/scans/sub-1.json', '{}');
  expect(await verdict({ later: 1 })).toMatchObject({ kind: 'waits', why: { code: 'WAITING', reason: 'its files were still being written' } });
});

it('who failed in it is tried again when the scan is another since, not by every sweep', async () => {
  put('tokyo/scans/sub-1.json', '{}');
  expect(await verdict({ left: failed, finished: new Date(Date.now() + 60_000).toISOString() })).toEqual({ kind: 'excluded', change: null });
  expect(await verdict({ left: failed, finished: '2026-01-01T00:00:00Z' })).toMatchObject({ kind: 'settled', change: 'added' });
  expect(await verdict({ left: { ...failed, code: 'INPUT_MISSING' }, finished: new Date(Date.now() + 60_000).toISOString() })).toMatchObject({ kind: 'settled' });
});

it('whom a late step left out is not tried again by every sweep though all files are there', async () => {
  put('tokyo/scans/sub-1.json', '{}');
  for (const side of ['left', 'right']) put(`tokyo/derivatives/lab/sub-1/sample/${side}.txt`, '1\n');
  const judged = { ...failed, code: 'QUALITY_LIMIT', pipeline: 'lab' };
  expect(await verdict({ left: judged, finished: new Date(Date.now() + 60_000).toISOString() })).toEqual({ kind: 'excluded', change: null });
  expect(await verdict({ left: judged, finished: '2026-01-01T00:00:00Z' })).toMatchObject({ kind: 'settled', change: 'added' });
});

it('is not judged here when another file is missing, or none', async () => {
  put('tokyo/scans/sub-1.json', '{}');
  for (const side of ['left', 'right']) put(`tokyo/derivatives/lab/sub-1/sample/${side}.txt`, '1\n');
  expect(await verdict()).toBeNull();
  rmSync(join(folder, 'tokyo', 'derivatives'), { recursive: true });
  rmSync(join(folder, 'tokyo', 'md', 'sub-1_left.txt'));
  expect(await verdict()).toBeNull();
});
