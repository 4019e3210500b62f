/** Persons rate participants between steps: a study waits for them without holding anything, takes what they said, and asks nobody twice. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PipelineProgress } from '../../contracts/pipeline-workflows.js';
import { PROGRESS_QUERY } from '../../contracts/workflows.js';
import { isAlive, pidOf, readResults, sulcus, until, type Finished } from '../workflow/harness.js';
import { keepServer, type KeptServer } from '../workflow/operator.js';
import { reviewStudy, type ReviewStudy } from './review-study.js';
import { REAL } from './scans.js';

const LONG = 900_000;
const COHORTS = [{ name: 'tokyo', size: 6 }, { name: 'toronto', size: 6 }];
const NAMES = COHORTS.map(({ name }) => name);

describe.skipIf(!REAL)('a study whose participants are rated after a step', () => {
  let study: ReviewStudy, server: KeptServer, tokyo: string[], toronto: string[];
  beforeAll(async () => {
    study = await reviewStudy(COHORTS);
    server = await keepServer(study, { worker: true });
    [tokyo, toronto] = [study.ids('tokyo'), study.ids('toronto')];
  }, LONG);
  afterAll(async () => { await server?.release(); await study?.remove(); }, LONG);

  const run = (...more: string[]): Promise<Finished> => sulcus(['run', 'study.yaml', ...more], study.directory);
  const pipeline = (cohort: string): Promise<PipelineProgress> => server.client.workflow.getHandle(`acc-trs/${cohort}/lab-scan`).query<PipelineProgress>(PROGRESS_QUERY);
  const excluded = (): [string, string | undefined][] => NAMES.flatMap((name) => (readResults(study.results).cohorts[name]?.excluded ?? []).map(({ id, code }): [string, string | undefined] => [id, code]));
  /** Steps that were done in `work`. */
  async function stepsOf<T>(work: () => Promise<T>): Promise<{ result: T; steps: string[] }> {
    const before = study.runs().length, result = await work();
    return { result, steps: study.runs().slice(before).filter((line) => line.includes(' end ')).map((line) => line.replace(/ end \d+$/, '')).sort() };
  }
  const everybody = (step: string, ids: string[]): string[] => ids.map((id) => `${step} ${id}`).sort();

  it('waits after it: who follows and who asks is told how many, where, and what to type', async () => {
    const { result, steps } = await stepsOf(() => run());
    expect([result.code, result.code === 3 ? '' : result.stderr]).toEqual([3, '']);
    expect(steps).toEqual(everybody('correct', [...tokyo, ...toronto]));
    expect(result.stdout).toContain('A person is needed: 12 participants wait for a rating.');
    for (const name of NAMES) expect(result.stdout).toMatch(new RegExp(`  ${name}, lab-scan: 6 at correct\\. Waiting for \\d+ s\\.`));
    expect(result.stdout).toContain('Look at them and rate: sulcus rate study.yaml\nThen go on with: sulcus run study.yaml');
    for (const [name, ids] of [['tokyo', tokyo], ['toronto', toronto]] as const) for (const id of ids) expect(readFileSync(study.of(name, id, '.sheets', 'correct.png')).equals(readFileSync(study.of(name, id, 'correct', 'look.png')))).toBe(true);
    const { code, stdout } = await sulcus(['status', '--json'], study.directory);
    const { studies: [standing] } = JSON.parse(stdout) as { studies: { waitsFor: string; cohorts: { pipeline: object }[] }[] };
    expect([code, standing?.waitsFor, standing?.cohorts.map((c) => c.pipeline)]).toEqual([3, 'rating', NAMES.map(() => expect.objectContaining({ total: 6, done: 0, excluded: 0, waiting: expect.objectContaining({ unrated: { correct: 6 } }) as unknown }) as unknown)]);
    expect((await sulcus(['status'], study.directory)).stdout).toMatch(/stage rating[^]*A person is needed: 12 participants wait[^]*tokyo +pipeline +lab-scan 0\/6, 6 unrated/);
    const described = await server.client.workflow.getHandle('acc-trs').describe();
    expect(described.typedSearchAttributes.getAll().find(({ key }) => key.name === 'SulcusStage')?.value).toBe('rating');
    for (const id of ['acc-trs', 'acc-trs/tokyo', 'acc-trs/tokyo/lab-scan', 'acc-trs/tokyo/lab-scan/0001']) for (const who of tokyo) expect(await server.history(id)).not.toContain(who);
  }, LONG);

  it('goes on cohort by cohort with those who are rated; the worker may die meanwhile, and a pause holds', async () => {
    const [unfit = '', ...fit] = tokyo;
    await study.rate('tokyo', unfit, 'unfit');
    for (const id of fit.slice(1)) await study.rate('tokyo', id, 'good');
    const worker = pidOf(join(study.state, 'worker.json')) as number;
    process.kill(worker, 'SIGKILL');
    await until('another worker', () => { const pid = pidOf(join(study.state, 'worker.json')); return pid === null || pid === worker || !isAlive(pid) ? null : pid; }, LONG);
    // One of tokyo is left: the others are taken through, and it waits on.
    const { result, steps } = await stepsOf(() => run());
    expect([result.code, steps]).toEqual([3, everybody('sample', fit.slice(1))]);
    expect(result.stdout).toContain('7 participants wait for a rating');
    expect(await pipeline('tokyo')).toMatchObject({ total: 6, done: 5, excluded: 1, unrated: { correct: 1 }, waiting: { reminders: 0 } });

    await study.rate('tokyo', fit[0] ?? '', 'doubtful');
    expect((await sulcus(['pause', 'acc-trs', '--by', 'somebody'], study.directory)).code).toBe(0);
    const going = await stepsOf(async () => {
      const command = run();
      await until('the step that waits for the end of the pause', async () => (/PAUSED/.test(await server.history('acc-trs/tokyo/lab-scan')) || /PAUSED/.test(await server.history('acc-trs/tokyo/lab-scan/0001')) ? true : null), LONG);
      expect((await sulcus(['resume', 'acc-trs', '--by', 'somebody'], study.directory)).code).toBe(0);
      return command;
    });
    expect([going.result.code, going.steps]).toEqual([3, everybody('sample', fit.slice(0, 1))]);
    // Whoever follows is told of the cohort that waits when the other is through.
    expect(going.result.stdout).toContain('toronto, lab-scan: 6 at correct');
    expect(going.result.stdout).not.toContain('tokyo');
  }, LONG);

  it('ends when everybody is rated; whoever is unfit is left out, with the file that says so', async () => {
    for (const id of toronto) await study.rate('toronto', id, 'good');
    const { result, steps } = await stepsOf(() => run('--json'));
    expect([result.code, steps]).toEqual([0, everybody('sample', toronto)]);
    expect(readResults(study.results).pipelines?.map(({ cohort, excluded: out, steps: [first] }) => [cohort, out, first?.ratings])).toEqual([['tokyo', 1, { good: 4, doubtful: 1, unfit: 1, by: ['A. Reviewer'] }], ['toronto', 0, { good: 6, doubtful: 0, unfit: 0, by: ['A. Reviewer'] }]]);
    expect(readFileSync(join(study.results, 'tables', 'pipeline_ratings.tsv'), 'utf8').split('\n')).toHaveLength(14);
    const report = readFileSync(join(study.results, 'report.html'), 'utf8');
    expect(report).toContain('they rated 10 good, 1 doubtful (kept) and 1 unfit (left out) (A. Reviewer)');
    expect(report).not.toContain(tokyo[0]);
    expect(excluded()).toEqual([[tokyo[0], 'RATED_UNFIT']]);
    const [out] = readResults(study.results).cohorts['tokyo']?.excluded ?? [];
    expect(out).toMatchObject({ reason: 'lab-scan, correct: a person rated it unfit', pipeline: 'lab-scan' });
    expect(existsSync(join(study.directory, out?.file ?? 'none'))).toBe(true);
  }, LONG);

  it('sees a rating that was changed at the next run, and asks nobody again', async () => {
    await study.rate('tokyo', tokyo[0] ?? '', 'good');
    await study.rate('toronto', toronto[2] ?? '', 'unfit');
    const { result, steps } = await stepsOf(() => run());
    expect([result.code, steps, excluded()]).toEqual([0, everybody('sample', tokyo.slice(0, 1)), [[toronto[2], 'RATED_UNFIT']]]);
    expect((await stepsOf(() => run())).steps).toEqual([]);
  }, LONG);

  it('asks again for outputs that are others now, of those participants alone; nothing that was done is done again for a review that is added', async () => {
    const one = tokyo[1] ?? '', scan = study.scan('tokyo', one);
    writeFileSync(scan, readFileSync(scan, 'utf8').replace(/"offset":\d+/, '"offset":0.25'));
    const changed = await stepsOf(() => run());
    expect([changed.result.code, changed.steps]).toEqual([3, [`correct ${one}`]]);
    expect(changed.result.stdout).toContain('1 participant waits for a rating');
    expect((await sulcus(['cancel', 'acc-trs'], study.directory)).code).toBe(0);
    await study.rate('tokyo', one, 'good');
    // The last step is looked at too: nothing is run for that but what follows the rating.
    study.edit('review: [correct]', 'review: [correct, sample]');
    const added = await stepsOf(() => run());
    expect([added.result.code, added.steps]).toEqual([3, [`sample ${one}`]]);
    expect(added.result.stdout).toMatch(/11 participants wait[^]*tokyo, lab-scan: 6 at sample[^]*toronto, lab-scan: 5 at sample/);
    for (const [name, ids] of [['tokyo', tokyo], ['toronto', toronto]] as const) for (const id of ids) if (id !== toronto[2]) await study.rate(name, id, 'good', 'sample');
    const last = await stepsOf(() => run());
    expect([last.result.code, last.steps, excluded()]).toEqual([0, [], [[toronto[2], 'RATED_UNFIT']]]);
  }, LONG);
});
