/** Many participants (5,000 in `npm run test:scale`), many cohorts (there only: minutes), and a small study beside a big one. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_PAYLOAD_BYTES, MOST_SHARDS } from '../../contracts/limits.js';
import { readTsv } from '../../formats/index.js';
import { PLAIN, pidOf, readResults, smallStudy, start, sulcus, until, type Finished, type SmallStudy } from './harness.js';
import { historyFigures, type HistoryFigures } from './history-figures.js';

const SCALE = process.env['SULCUS_SCALE'] !== undefined, PARTICIPANTS = SCALE ? 5_000 : 900;
const LONG = 1_800_000;

describe.runIf(SCALE)('twenty cohorts in one study', () => {
  const names = Array.from({ length: 20 }, (_, i) => `site${String(i + 1).padStart(2, '0')}`);
  let study: SmallStudy, run: Finished, histories: HistoryFigures[];
  beforeAll(async () => {
    study = await smallStudy({ ranks: [2, 5], splits: 2, cohorts: names.map((name) => ({ name, size: 12 })), resampling: { resamples: 0, nulls: 99 } });
    run = await sulcus(['run', 'study.yaml', '--json'], study.directory);
    histories = await historyFigures(study.state);
  }, LONG);
  afterAll(() => study.remove());

  it('run to the end, with every cohort and every pair of them in the results', () => {
    expect([run.code, run.stderr]).toEqual([0, expect.not.stringMatching(/\n\s+at /)]);
    const results = readResults(study.results);
    expect(Object.keys(results.cohorts)).toEqual(names);
    expect(results.matching).toHaveLength(190);
    for (const pair of results.matching) expect(pair.byRank.map((r) => typeof r.surrogates?.p)).toEqual(pair.byRank.map(() => 'number'));
    expect(readdirSync(join(study.results, 'parcellation')).filter((n) => n.endsWith('_W.npy'))).toHaveLength(20);
  });

  it('keep histories and payloads small', () => {
    const ofStudy = histories.find((h) => h.type === 'studyWorkflow');
    expect(ofStudy?.events).toBeLessThan(700);
    expect(Math.max(...histories.filter((h) => h.type === 'cohortWorkflow').map((h) => h.events))).toBeLessThan(200);
    expect(Math.max(...histories.map((h) => h.largestPayload))).toBeLessThan(MAX_PAYLOAD_BYTES);
  });

  it('are told in lines that fit a terminal, and in a report of a few megabytes', () => {
    for (const line of run.stderr.split('\n')) expect(line.length).toBeLessThan(200);
    expect(statSync(join(study.results, 'report.html')).size).toBeLessThan(16e6);
  });
});

describe(`a cohort of ${PARTICIPANTS}`, () => {
  let study: SmallStudy;
  beforeAll(async () => { study = await smallStudy({ ranks: [2, 4], splits: 2, cohorts: [{ name: 'big', size: PARTICIPANTS }], ...PLAIN }); }, LONG);
  afterAll(() => study.remove());

  /** Time of writing of every participant who was read, by key. */
  const read = (): Map<string, number> => {
    const root = join(study.state, 'store', 'artifacts', 'subject'), found = new Map<string, number>();
    let folders: string[] = [];
    try { folders = readdirSync(root); } catch { return found; } // nobody yet
    for (const folder of folders) for (const name of readdirSync(join(root, folder))) if (/^[0-9a-f]{64}$/.test(name)) found.set(name, statSync(join(root, folder, name)).mtimeMs);
    return found;
  };

  it('is read in shards; a worker killed in the middle of them repeats nobody', async () => {
    const run = start(['run', 'study.yaml', '--json'], study.directory);
    await until('some participants', () => (read().size >= PARTICIPANTS / 9 ? true : null), LONG);
    process.kill(pidOf(join(study.state, 'worker.json')) as number, 'SIGKILL');
    const kept = read();
    const { code, stderr } = await run.finished;
    expect([code, stderr]).toEqual([0, expect.stringContaining('worker ended unexpectedly')]);
    expect(kept.size).toBeLessThan(PARTICIPANTS);
    const all = read();
    expect(all.size).toBe(PARTICIPANTS);
    for (const [key, time] of kept) expect(all.get(key)).toBe(time);
  }, LONG);

  it('leaves a history below 500 events, and small payloads', async () => {
    const histories = await historyFigures(study.state), cohort = histories.find((h) => h.type === 'cohortWorkflow');
    expect(cohort?.activities.filter((a) => a.type === 'ingestShard').length).toBeLessThanOrEqual(MOST_SHARDS);
    expect(cohort?.events).toBeLessThan(500);
    expect(Math.max(...histories.map((h) => h.largestPayload))).toBeLessThan(MAX_PAYLOAD_BYTES);
  }, LONG);

  it('is complete in the tables', () => {
    const rows = (name: string): number => readTsv(readFileSync(join(study.results, 'tables', `${name}.tsv`)), { file: name }).rows.length;
    const { rank, cohorts } = readResults(study.results);
    expect(cohorts['big']?.subjects).toBe(PARTICIPANTS);
    expect([rows('participants'), rows('spectra'), rows('splits'), rows('indices')]).toEqual([PARTICIPANTS, PARTICIPANTS, 2 * PARTICIPANTS, 4 * (rank.chosen as number) * PARTICIPANTS]);
    expect(cohorts['big']?.ancova.every((row) => row.p !== null)).toBe(true);
  });
});

describe('a study of few fits beside one of many', () => {
  const MANY = 150, FEW = 2;
  let big: SmallStudy, small: SmallStudy;
  beforeAll(async () => {
    big = await smallStudy({ ranks: [2, 6], splits: MANY, cohorts: [{ name: 'big', size: 60 }], edit: [['study: acc-trs', 'study: many-fits']], ...PLAIN });
    small = await smallStudy({ ranks: [2, 6], splits: FEW, cohorts: [{ name: 'small', size: 12 }], edit: [['study: acc-trs', 'study: few-fits']], ...PLAIN });
  }, LONG);
  afterAll(async () => { await big.remove(); await small.remove(); });

  it('has its share of the workers, however many fits wait before its own', async () => {
    const shared = { SULCUS_STATE: big.state };
    const many = start(['run', 'study.yaml'], big.directory, shared);
    await until('the first fit', () => { try { return readdirSync(join(big.state, 'store', 'artifacts', 'fit')).length > 0 ? true : null; } catch { return null; } }, LONG);
    const few = await start(['run', 'study.yaml', '--json'], small.directory, shared).finished;
    expect(few.code).toBe(0);
    many.child.kill('SIGINT');
    await many.finished;
    const fits = (study: string): { scheduled: number; started: number }[] => (histories.find((h) => h.workflowId.startsWith(`${study}/`))?.activities ?? [])
      .filter((a) => a.type === 'factorize').map(({ scheduled, started }) => ({ scheduled, started: started ?? Infinity }));
    const histories = await historyFigures(big.state), mine = fits('few-fits'), theirs = fits('many-fits');
    expect([mine.length, theirs.length]).toEqual([2 * FEW + 1, 2 * MANY + 1]);
    const from = Math.min(...mine.map((f) => f.scheduled)), to = Math.max(...mine.map((f) => f.started));
    const waiting = theirs.filter((f) => f.scheduled < from && f.started > from), before = waiting.filter((f) => f.started < to);
    expect(waiting.length).toBeGreaterThan(10 * mine.length);
    // In turn: about one of theirs for each of its own, and those that workers had already asked for. First come, first served would be all that waited.
    expect(before.length).toBeLessThan(5 * mine.length);
  }, LONG);
});
