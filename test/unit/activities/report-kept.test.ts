import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncLocalStorage, Context } from '@temporalio/activity';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reportFiles } from '../../../activities/publish/report.js';
import type { ResultFile } from '../../../activities/publish/tables.js';
import { doTask, type Task, type TaskResults } from '../../../activities/resampling/task.js';
import type { StudyResults } from '../../../contracts/results.js';
import { markdownOf, readReportInput, renderReport } from '../../../report/index.js';
import { FileStore } from '../../../storage/file-store.js';
import { completeStudy } from '../report/example.js';

const quality = { snr: 5, fwhm: 12, sd: 20 }, spec = { spectroscopy: { quality } } as Parameters<typeof reportFiles>[2];
const first = completeStudy().results;
const later: StudyResults = {
  ...first, run: { ...first.run, runId: 'another-run', finishedAt: '2027-03-04T05:06:07.000Z', version: '9.9.9' }, steps: first.steps.map((step) => ({ ...step, computed: false, reusedFrom: first.run.runId })),
  decisions: [{ at: '2027-03-04T05:00:00.000Z', by: 'A. Reviewer', what: 'rerun', about: 'report', note: 'as sub-p1 asked' }],
};
const participants: ResultFile = ['tables/participants.tsv', 'cohort\tparticipant\tgroup\tage\tsex\ntokyo\tsub-p1\tHC\t30\tF\n'];

/** The folder as it is written: results, study file, tables, and what was there before. */
function folder(results: StudyResults, more: ResultFile[] = [participants]): ResultFile[] {
  return [['results.json', JSON.stringify(results)], ['provenance.json', JSON.stringify({ run: results.run, spec })], ...(results === first ? [] : [['previous.json', JSON.stringify(first)] as ResultFile]), ...more];
}

/** What `sulcus report` makes of the same folder. */
function fresh(results: StudyResults, files: ResultFile[]): string {
  const byPath = new Map(files);
  return renderReport(readReportInput(results, (path) => byPath.get(path) ?? null));
}

let directory: string, done: Task['kind'][];
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'sulcus-pages-')); done = []; });
afterEach(() => { rmSync(directory, { recursive: true, force: true }); });

async function written(results: StudyResults, files = folder(results)): Promise<Map<string, string | Uint8Array>> {
  const tasks = { run: async <K extends Task['kind']>(task: Extract<Task, { kind: K }>): Promise<TaskResults[K]> => { done.push(task.kind); return await doTask(task, () => true) as TaskResults[K]; } };
  const none = {} as never, activity = new Context(none, new Promise<never>(() => undefined), new AbortController().signal, () => undefined, none, none, none, none);
  return new Map(await asyncLocalStorage.run(activity, () => reportFiles({ store: new FileStore(join(directory, 'store')), tasks }, { workflowId: 'w', runId: results.run.runId }, spec, results, files)));
}

describe('the report of a run that finds what an earlier one found', () => {
  it('is made of the earlier body, and is the page that would have been made anew', { timeout: 120_000 }, async () => {
    await written(first);
    expect(done).toEqual(['pictures', 'body']);
    const pages = await written(later), page = fresh(later, folder(later));
    expect(done).toHaveLength(2);
    expect(pages.get('report.html')).toBe(page);
    expect(pages.get('report.md')).toBe(markdownOf(page));
    for (const told of ['another-run', '2027', '9.9.9', 'A. Reviewer', 'id="changes"']) expect(page, told).toContain(told);
    expect(page).toMatch(/as participant \d+ of tokyo asked/);
    expect(page).not.toContain('sub-p1');
  });

  it('is made anew when anything it shows is another: a sentence, a file', { timeout: 240_000 }, async () => {
    await written(first);
    const doubt: StudyResults = { ...later, doubts: [...later.doubts, 'One more thing to doubt.'] };
    expect((await written(doubt)).get('report.html')).toContain('One more thing to doubt.');
    expect(done).toEqual(['pictures', 'body', 'body']);
    const [path, content] = participants, older = folder(later, [[path, String(content).replace('30', '31')]]);
    expect((await written(later, older)).get('report.html')).toBe(fresh(later, older));
    expect(done).toHaveLength(4);
  });
});
