import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ParticipantFolder } from '../../../activities/imaging/folder.js';
import { outputsDigest, ratingFile, ratingLog, ratingOf, ratingThatCounts, readAnyRating, readRating, reviewedSteps, waitingSteps, writeRating } from '../../../activities/imaging/ratings.js';
import type { FileRecord, RatingValue, StepRecord } from '../../../contracts/pipelines.js';

let root: string, folder: ParticipantFolder;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sulcus-ratings-'));
  folder = new ParticipantFolder(join(root, 'p1'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const output = (name: string, sha256: string): FileRecord => ({ name, path: `${name}.nii`, bytes: 3, sha256 });
const record = (change: Partial<StepRecord> = {}): StepRecord => ({
  format: 'sulcus/step/1', pipeline: 'dti', step: 'fit', key: 'k1', program: { name: 'tool', version: '1' }, command: [], inputs: [], outputs: [output('fa', 'a1'), output('md', 'b2')],
  quality: [], machine: { system: 'x', cores: 1, node: 'v20' }, startedAt: '2026-01-01T00:00:00.000Z', seconds: 1, exit: 0, by: { workflowId: 'w', runId: 'r' }, ...change,
});
const said = (rating: RatingValue, note: string | null = null): ReturnType<typeof ratingOf> => ratingOf(record(), { rating, note, by: 'A. Reviewer', at: '2026-01-02T03:04:05.000Z' });
const put = (one: StepRecord): void => {
  mkdirSync(folder.of(one.step), { recursive: true });
  writeFileSync(join(folder.of(one.step), 'step.json'), JSON.stringify(one));
};

describe('a rating', () => {
  it('counts for the key and the outputs that were looked at', async () => {
    expect(await readRating(folder.path, 'fit', record())).toBeNull();
    await writeRating(folder.path, said('doubtful', 'a little motion'));
    expect(await readRating(folder.path, 'fit', record())).toEqual(said('doubtful', 'a little motion'));
    expect(await readRating(folder.path, 'fit', record({ outputs: [...record().outputs].reverse() }))).not.toBeNull();
    for (const change of [{ key: 'k2' }, { outputs: [output('fa', 'a1'), output('md', 'b3')] }, { outputs: [output('fa', 'a1')] }, { outputs: [output('fa', 'a1'), output('rd', 'b2')] }]) {
      expect(await readRating(folder.path, 'fit', record(change))).toBeNull();
    }
    expect(outputsDigest(record())).toMatch(/^[0-9a-f]{64}$/);
    expect(await readAnyRating(folder.path, 'fit')).toMatchObject({ rating: 'doubtful' });
  });

  it('may be given again: the last one counts, and the log has all', async () => {
    for (const value of ['good', 'unfit', 'doubtful'] as const) await writeRating(folder.path, said(value));
    expect((await readRating(folder.path, 'fit', record()))?.rating).toBe('doubtful');
    const log = readFileSync(ratingLog(folder.path, 'fit'), 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { rating: string }).rating);
    expect(log).toEqual(['good', 'unfit', 'doubtful']);
    expect(readdirSync(join(folder.path, '.ratings')).sort()).toEqual(['fit.json', 'fit.log.jsonl']);
  });

  it('given many times at once: each is in the log, one counts whole, and nothing is left aside', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => writeRating(folder.path, said(i % 2 === 0 ? 'good' : 'unfit', `number ${i}`))));
    expect(readFileSync(ratingLog(folder.path, 'fit'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as unknown)).toHaveLength(20);
    expect(['good', 'unfit']).toContain((await readRating(folder.path, 'fit', record()))?.rating);
    expect(readdirSync(join(folder.path, '.ratings'))).toHaveLength(2);
  });

  it.each([
    ['cut short', '{"format":"sulcus/rating/1","pipeli'], ['empty', ''], ['of another kind', '[1]'], ['null', 'null'],
    ['of a rating that there is not', JSON.stringify({ ...said('good'), rating: 'splendid' })], ['without a date', JSON.stringify({ ...said('good'), at: 'yesterday' })],
    ['of another format', JSON.stringify({ ...said('good'), format: 'sulcus/rating/9' })], ['of another step', JSON.stringify({ ...said('good'), step: 'mask' })],
  ])('whose file is damaged (%s) is told, and counts as none', async (_, text) => {
    await writeRating(folder.path, said('good'));
    writeFileSync(ratingFile(folder.path, 'fit'), text);
    await expect(readRating(folder.path, 'fit', record())).rejects.toMatchObject({ code: 'RATING_DAMAGED', message: 'step fit: the file of its rating is damaged' });
    expect(await ratingThatCounts(folder.path, 'fit', record())).toBeNull();
    put(record());
    expect(await waitingSteps(folder, ['fit'])).toMatchObject([{ step: 'fit', rating: null, damaged: true }]);
    await writeRating(folder.path, said('good'));
    expect(await waitingSteps(folder, ['fit'])).toEqual([]);
  });

  it('that is a folder is damaged too', async () => {
    mkdirSync(ratingFile(folder.path, 'fit'), { recursive: true });
    await expect(readRating(folder.path, 'fit', record())).rejects.toMatchObject({ code: 'RATING_DAMAGED' });
  });
});

describe('the steps of a participant that are reviewed', () => {
  it('are those that are finished, in the order of the review; those without a rating wait', async () => {
    expect(await reviewedSteps(folder, ['fit', 'mask'])).toEqual([]);
    put(record());
    put(record({ step: 'mask', key: 'k9' }));
    await writeRating(folder.path, said('unfit'));
    expect((await reviewedSteps(folder, ['mask', 'fit', 'later'])).map(({ step, rating }) => [step, rating?.rating ?? null])).toEqual([['mask', null], ['fit', 'unfit']]);
    expect((await waitingSteps(folder, ['mask', 'fit'])).map(({ step }) => step)).toEqual(['mask']);
    expect(existsSync(ratingLog(folder.path, 'mask'))).toBe(false);
  });
});
