/** Who is to be looked at, the pages that are written, and ratings held row by row against the study. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRating } from '../../../activities/imaging/ratings.js';
import type { PipelineStep, StepRecord } from '../../../contracts/pipelines.js';
import type { StudySpec } from '../../../contracts/study.js';
import { gather, type Review, type Reviewed } from '../../../client/rate/gather.js';
import { RatingsRefused, readRatings, type RowProblem } from '../../../client/rate/ratings-file.js';
import { takeIn } from '../../../client/rate/take-in.js';
import { openRatingFolder, removeRatingPage, writeRatingPage } from '../../../client/rate/write-page.js';

const root = mkdtempSync(join(tmpdir(), 'sulcus-rate-unit-')), study = join(root, 'study');
afterAll(() => rmSync(root, { recursive: true }));

const step = (name: string, more: Partial<PipelineStep> = {}): PipelineStep => ({
  name, program: 'tool', command: ['tool'], outputs: { look: 'look.png' }, needs: { threads: 1, memory: 100, seconds: 10, silence: null }, progress: null, exits: { refuse: [], exclude: [] },
  retries: 0, environment: { pass: [], set: {} }, quality: [], sheet: { picture: '{output:look}' }, ...more,
});
const cohort = (name: string): object => ({ name, directory: name, prefix: '', participants: 'participants.tsv', groups: ['HC'] });
const spec = {
  study: 's', surface: { vertices: 3, hemispheres: ['left'] }, metrics: [], cohorts: [cohort('tokyo'), cohort('toronto')], columns: { id: 'participant_id', group: 'group', age: null, sex: null },
  pipelines: [{
    name: 'dti', programs: {}, steps: [step('denoise'), step('mask', { quality: [{ name: 'volume', output: null, pattern: 'volume: (\\d+)', minimum: 10, maximum: null }] }), step('fit')], inputs: { dwi: '{id}.txt' }, parameters: {},
    outputs: 'derivatives/dti', onFailure: 'exclude', window: 4, review: ['mask', 'fit'],
  }],
} as unknown as StudySpec;
const IDS = { tokyo: ['T1', 'T2', 'T3', 'T4', 'T5', 'same'], toronto: ['O1', 'same'] };
const none = (): Promise<ReadonlySet<string>> => Promise.resolve(new Set<string>());
const known = new Map(Object.entries(IDS).map(([name, ids]) => [name, new Set(ids)]));

/** A step as a run leaves it. */
function finish(name: string, id: string, of: string, change: Partial<StepRecord> = {}, printed = 'volume: 20\n'): void {
  const folder = join(study, name, 'derivatives/dti', id, of);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'look.png'), 'picture');
  writeFileSync(join(folder, 'stdout.txt'), printed);
  const record: StepRecord = {
    format: 'sulcus/step/1', pipeline: 'dti', step: of, key: 'a'.repeat(64), program: { name: 'tool', version: '1' }, command: [], inputs: [], outputs: [{ name: 'look', path: 'look.png', bytes: 7, sha256: `${id}${of}` }],
    quality: of === 'mask' ? [{ name: 'volume', value: 20, minimum: 10, maximum: null }] : [], machine: { system: 'x', cores: 1, node: 'x' }, startedAt: '', seconds: 1, exit: 0, by: { workflowId: 'w', runId: 'r' }, ...change,
  };
  writeFileSync(join(folder, 'step.json'), JSON.stringify(record));
}
const found = async (choice: Parameters<typeof gather>[2] = {}): Promise<Review[]> => gather(spec, study, choice, none);
const who = (reviews: Review[], of: string): string[] => reviews.filter((one) => one.step === of).flatMap((one) => one.reviewed.map(({ participant, rating }) => `${participant} ${rating?.rating ?? '-'}`));
const table = (...rows: string[]): Buffer => Buffer.from(['participant\tcohort\tstep\trating\tnote\toutputs', ...rows].join('\n'));
const refusals = (bytes: Uint8Array, reviews: Review[]): RowProblem[] => {
  try {
    readRatings(bytes, 'ratings.tsv', reviews, known);
  } catch (error) {
    if (error instanceof RatingsRefused) return error.problems;
    throw error;
  }
  throw new Error('nothing was refused');
};

beforeAll(() => {
  for (const [name, ids] of Object.entries(IDS)) {
    mkdirSync(join(study, name), { recursive: true });
    writeFileSync(join(study, name, 'participants.tsv'), `participant_id\tgroup\n${ids.map((id) => `${id}\tHC\n`).join('')}`);
    for (const id of ids) writeFileSync(join(study, name, `${id}.txt`), `scan of ${id}`);
  }
  for (const id of ['T1', 'T2', 'T3', 'same']) for (const of of ['denoise', 'mask']) finish('tokyo', id, of);
  for (const of of ['denoise', 'mask']) finish('tokyo', 'T4', of, {}, of === 'mask' ? 'volume: 3\n' : ''); // beyond a limit
  finish('tokyo', 'T5', 'denoise');
  for (const of of ['denoise', 'mask']) for (const id of IDS.toronto) finish('toronto', id, of);
});

describe('who is looked at', () => {
  it('has finished a step that is reviewed, within its limits; whoever is rated good goes on to the next', async () => {
    const before = await found();
    expect(before.map(({ cohort: name, step: of, reviewed }) => [name, of, reviewed.length])).toEqual([['tokyo', 'mask', 4], ['tokyo', 'fit', 0], ['toronto', 'mask', 2], ['toronto', 'fit', 0]]);
    expect(before[0]?.reviewed[0]).toMatchObject({ participant: 'T1', rating: null, sheet: null, quality: [['volume', '20 (from 10)']] });
    for (const id of ['T1', 'T2', 'T3']) finish('tokyo', id, 'fit');
    // Not rated, nobody comes to the step after it, though there is one of an earlier run.
    expect(who(await found({ cohort: 'tokyo' }), 'fit')).toEqual([]);
    const { said } = readRatings(table('T1\ttokyo\tmask\tgood\tn/a\tn/a', 'T2\ttokyo\tmask\tUNFIT\tcut off\tn/a', 'T3\ttokyo\tmask\tn/a\tn/a\tn/a'), 'ratings.tsv', before, known);
    expect(await takeIn(said, 'A. Reviewer', '2026-01-02T03:04:05.000Z')).toEqual({ written: 2, same: 0 });
    const after = await found({ cohort: 'tokyo' });
    expect([who(after, 'mask'), who(after, 'fit')]).toEqual([['T1 good', 'T2 unfit', 'T3 -', 'same -'], ['T1 -']]);
    expect(await readRating(after[0]!.reviewed[1]!.folder, 'mask', after[0]!.reviewed[1]!.record)).toMatchObject({ rating: 'unfit', note: 'cut off', by: 'A. Reviewer', at: '2026-01-02T03:04:05.000Z' });
    // The same table again says nothing new; another word does, and both stay in the log.
    const again = readRatings(table('T1\ttokyo\tmask\tgood\tn/a\tn/a', 'T2\ttokyo\tmask\tdoubtful\tn/a\tn/a'), 'ratings.tsv', after, known).said;
    expect(await takeIn(again, 'B', '2026-01-03T03:04:05.000Z')).toEqual({ written: 1, same: 1 });
    expect(readFileSync(join(after[0]!.reviewed[1]!.folder, '.ratings', 'mask.log.jsonl'), 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { rating: string }).rating)).toEqual(['unfit', 'doubtful']);
    // Other outputs wait again.
    finish('tokyo', 'T1', 'mask', { outputs: [{ name: 'look', path: 'look.png', bytes: 7, sha256: 'other' }] });
    expect(who(await found({ cohort: 'tokyo' }), 'mask')).toEqual(['T1 -', 'T2 doubtful', 'T3 -', 'same -']);
  });

  it('is not who was left out by a person, or has no input', async () => {
    expect(who(await gather(spec, study, { cohort: 'tokyo' }, () => Promise.resolve(new Set(['T3']))), 'mask')).not.toContain('T3 -');
    rmSync(join(study, 'toronto', 'O1.txt'));
    expect(who(await found({ cohort: 'toronto' }), 'mask')).toEqual(['same -']);
    writeFileSync(join(study, 'toronto', 'O1.txt'), 'scan of O1');
  });

  it.each([
    [{ cohort: 'osaka' }, 'UNKNOWN_COHORT', 'cohorts: tokyo, toronto'], [{ step: 'denoise' }, 'NOT_REVIEWED', 'those that are: --pipeline dti --step mask, --pipeline dti --step fit'], [{ pipeline: 'x' }, 'NOT_REVIEWED', 'those that are: --pipeline dti --step mask, --pipeline dti --step fit'],
  ])('of %j: refused', async (choice, code, remedy) => {
    await expect(found(choice)).rejects.toMatchObject({ code, remedy });
  });
});

describe('a table of ratings', () => {
  it('is refused whole, with every row that is wrong and its line', async () => {
    const reviews = await found(), { outputs } = reviews[2]!.reviewed[0]!;
    expect(refusals(table(
      `O1\ttoronto\tmask\tgood\t\t${outputs}`, `O1\ttoronto\tmask\tgood\t\t${outputs}`, `O1\ttoronto\tmask\tgood\t\t${'0'.repeat(64)}`, 'O9\ttoronto\tmask\tgood\t\t', 'O1\tosaka\tmask\tgood\t\t', 'O1\ttokyo\tmask\tgood\t\t',
      'same\t\tmask\tgood\t\t', 'O1\ttoronto\tdenoise\tgood\t\t', 'O1\ttoronto\t\tgood\t\t', 'T5\ttokyo\tmask\tgood\t\t', 'T4\ttokyo\tmask\tgood\t\t', 'O1\ttoronto\tmask\tsplendid\t\t', '\ttoronto\tmask\tgood\t\t',
    ), reviews)).toEqual([
      { line: 3, code: 'RATED_TWICE', message: 'O1 is rated in line 2 already' },
      { line: 4, code: 'OUTPUTS_CHANGED', message: 'the outputs of O1 have changed since they were looked at: look again' },
      { line: 5, code: 'UNKNOWN_PARTICIPANT', message: 'no participant O9 in toronto' },
      { line: 6, code: 'UNKNOWN_COHORT', message: 'no cohort osaka' },
      { line: 7, code: 'UNKNOWN_PARTICIPANT', message: 'no participant O1 in tokyo' },
      { line: 8, code: 'SEVERAL_COHORTS', message: 'a participant same is in tokyo and toronto: name the cohort' },
      { line: 9, code: 'NOT_REVIEWED', message: 'step denoise is not looked at by persons; those that are: mask of dti, fit of dti' },
      { line: 10, code: 'SEVERAL_STEPS', message: 'several steps are looked at: name one of mask of dti, fit of dti' },
      { line: 11, code: 'NOT_DONE', message: 'T5 has no finished step mask to be rated, or is left out before it' },
      { line: 12, code: 'NOT_DONE', message: 'T4 has no finished step mask to be rated, or is left out before it' },
      { line: 13, code: 'UNKNOWN_RATING', message: 'the rating "splendid", expected good, doubtful, unfit' },
      { line: 14, code: 'UNKNOWN_PARTICIPANT', message: 'no participant' },
    ]);
  });

  it('may come from a spreadsheet: semicolons, a mark of byte order, a column more, rows that are not rated', async () => {
    const { said, empty } = readRatings(Buffer.from('\ufeffstep;participant;rating;mood;note\r\nmask;O1;Good;fine;"a; ""b"""\r\nmask;T3;;;\r\n'), 'ratings.csv', await found(), known);
    expect([said.map(({ reviewed, rating, note }) => [reviewed.participant, rating, note]), empty]).toEqual([[['O1', 'good', 'a; "b"']], 1]);
  });

  it('that is none says so', async () => {
    const reviews = await found(), told = (text: string): string => {
      try { readRatings(Buffer.from(text), 'r.tsv', reviews, known); } catch (error) { return `${(error as { code: string }).code} ${(error as Error).message}`; }
      return 'read';
    };
    expect(told('')).toBe('RATINGS_REFUSED r.tsv: the file is empty');
    expect(told('participant\tnote\nO1\tx\n')).toBe('RATINGS_REFUSED r.tsv: no column rating');
    expect(told('participant\trating\nO1\tgood\tmore\n')).toMatch(/^RATINGS_REFUSED r\.tsv.*3 cells/);
  });
});

describe('the pages', () => {
  const out = join(root, 'pages'), sheet = join(root, 'sheet.png');
  const person = (participant: string, of = 'mask'): Reviewed => ({ cohort: 'tokyo', participant, pipeline: 'dti', step: of, folder: '', record: {} as StepRecord, outputs: participant, rating: null, sheet, quality: [] });

  it('lie in a folder for its owner alone, sheets under numbers, and go when nobody waits', async () => {
    writeFileSync(sheet, Buffer.from('\xff\xd8\xff\xe0 a picture', 'latin1'));
    await openRatingFolder(out);
    const people = Array.from({ length: 12 }, (_, n) => person(`T${n}`)), page = await writeRatingPage(out, 's', people);
    await writeRatingPage(out, 's', [person('T1', 'fit')]);
    expect(page).toEqual({ pipeline: 'dti', step: 'mask', file: join(out, 'dti.mask.html'), participants: 12 });
    expect(readdirSync(out).sort()).toEqual(['.sulcus-rate', 'dti.fit', 'dti.fit.html', 'dti.mask', 'dti.mask.html']);
    expect(readdirSync(join(out, 'dti.mask'))).toContain('01.jpg');
    expect([out, join(out, 'dti.mask')].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700]);
    expect(statSync(page.file).mode & 0o777).toBe(0o600);
    expect(readFileSync(page.file, 'utf8')).toContain('"image":"dti.mask/12.jpg"');
    await writeRatingPage(out, 's', people.slice(0, 2));
    expect(readdirSync(join(out, 'dti.mask'))).toEqual(['1.jpg', '2.jpg']);
    await removeRatingPage(out, person('T1', 'fit'));
    expect(readdirSync(out).sort()).toEqual(['.sulcus-rate', 'dti.mask', 'dti.mask.html']);
    expect(existsSync(sheet)).toBe(true);
  });

  it('are not written where something else lies, and nothing is removed there', async () => {
    const other = join(root, 'other');
    mkdirSync(join(other, 'dti.mask'), { recursive: true });
    await expect(openRatingFolder(other)).rejects.toMatchObject({ code: 'OUT_NOT_EMPTY' });
    await removeRatingPage(other, person('T1'));
    expect(readdirSync(other)).toEqual(['dti.mask']);
  });
});
