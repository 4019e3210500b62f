/** A person's way through a review: the study waits, the page is written, opened, rated by keys and saved, the table is taken in, and the study goes on. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, open } from '../browser/page.js';
import { readResults, sulcus, type Finished } from '../workflow/harness.js';
import { keepServer, type KeptServer } from '../workflow/operator.js';
import { reviewStudy, type ReviewStudy } from './review-study.js';
import { REAL } from './scans.js';

const LONG = 900_000, COHORTS = [{ name: 'tokyo', size: 6 }, { name: 'toronto', size: 6 }];

describe.skipIf(!REAL)('a review from the page to the results', () => {
  let study: ReviewStudy, server: KeptServer, people: [cohort: string, id: string][];
  beforeAll(async () => {
    study = await reviewStudy(COHORTS);
    server = await keepServer(study, { worker: true });
    people = COHORTS.flatMap(({ name }) => study.ids(name).map((id): [string, string] => [name, id]));
  }, LONG);
  afterAll(async () => { await server?.release(); await study?.remove(); }, LONG);

  const rate = (...more: string[]): Promise<Finished> => sulcus(['rate', 'study.yaml', ...more], study.directory);
  const ratings = (): (string | null)[] => people.map(([cohort, id]) => {
    const file = study.of(cohort, id, '.ratings', 'correct.json');
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { rating: string }).rating : null;
  });
  const excluded = (): [string, string | undefined][] => COHORTS.flatMap(({ name }) => (readResults(study.results).cohorts[name]?.excluded ?? []).map(({ id, code }): [string, string | undefined] => [id, code]));

  it('is listed, and its page shows everybody who waits', async () => {
    expect((await rate()).stdout).toContain('tokyo, correct of lab-scan: 0 participants wait for a rating\n');
    expect((await sulcus(['run', 'study.yaml'], study.directory)).code).toBe(3);
    const { code, stdout } = await rate('--json'), page = join(study.directory, 'rating', 'lab-scan.correct.html');
    expect([code, JSON.parse(stdout)]).toEqual([0, {
      reviews: COHORTS.map(({ name }) => ({ cohort: name, pipeline: 'lab-scan', step: 'correct', waiting: 6, undrawn: 0, rated: { good: 0, doubtful: 0, unfit: 0 } })),
      pages: [{ pipeline: 'lab-scan', step: 'correct', file: page, participants: 12 }],
    }]);
  }, LONG);

  it('is rated by keys; a table with one row that does not hold is refused whole; the whole one lets the study go on', async () => {
    const browser = await launch(), table = join(study.directory, 'ratings.tsv');
    try {
      const { page, complaints } = await open(browser, join(study.directory, 'rating', 'lab-scan.correct.html'));
      await page.keyboard.press('n');
      await page.keyboard.type('half of the head');
      await page.keyboard.press('Escape');
      await page.keyboard.press('u');
      await page.keyboard.press('d');
      for (let n = 2; n < 12; n++) await page.keyboard.press('g');
      expect(await page.locator('#rated').textContent()).toBe('12 of 12 rated');
      const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Control+s')]);
      writeFileSync(table, readFileSync(await download.path()));
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
    const text = readFileSync(table, 'utf8'), digest = /[0-9a-f]{64}/.exec(text)?.[0] ?? '';
    writeFileSync(join(study.directory, 'other.tsv'), text.replace(digest, 'f'.repeat(64)));
    const refused = await rate('--from', 'other.tsv');
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(`other.tsv:2: the outputs of ${people[0]?.[1]} have changed since they were looked at: look again\n`)]);
    expect(ratings()).toEqual(people.map(() => null));

    const taken = await rate('--from', 'ratings.tsv', '--by', 'A. Reviewer', '--json');
    expect([taken.code, JSON.parse(taken.stdout)]).toEqual([0, { written: 12, same: 0, empty: 0, by: 'A. Reviewer', told: 2 }]);
    expect(ratings()).toEqual(['unfit', 'doubtful', ...people.slice(2).map(() => 'good')]);
    expect((await sulcus(['run', 'study.yaml'], study.directory)).code).toBe(0);
    expect(excluded()).toEqual([[people[0]?.[1], 'RATED_UNFIT']]);
    for (const id of ['acc-trs', 'acc-trs/tokyo', 'acc-trs/tokyo/lab-scan']) expect(await server.history(id)).not.toContain('half of the head');
  }, LONG);

  it('is over: its page goes; a rating that is changed later counts at the next run', async () => {
    const over = await rate();
    expect(over.stdout).toContain('tokyo, correct of lab-scan: 0 participants wait for a rating; 6 rated: 4 good, 1 doubtful, 1 unfit\n');
    expect(existsSync(join(study.directory, 'rating', 'lab-scan.correct.html'))).toBe(false);
    const [cohort, id] = people[0] as [string, string], changed = await rate('--participant', id, '--cohort', cohort, '--rating', 'good', '--note', 'it is only dark');
    expect([changed.code, changed.stdout]).toEqual([0, '1 rating taken in\nthey count at the next run: sulcus run STUDY.yaml\n']);
    expect(readFileSync(study.of(cohort, id, '.ratings', 'correct.log.jsonl'), 'utf8').trim().split('\n')).toHaveLength(2);
    expect((await sulcus(['run', 'study.yaml'], study.directory)).code).toBe(0);
    expect(excluded()).toEqual([]);
  }, LONG);
});
