/** What ends a pipeline's execution and begins another: many participants, persons' ratings, failures that end the study, cancellations. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PARTICIPANTS_PER_EXECUTION } from '../../contracts/limits.js';
import { PARTICIPANT_WORKFLOW, RATED_SIGNAL, type PipelineProgress } from '../../contracts/pipeline-workflows.js';
import { PROGRESS_QUERY } from '../../contracts/workflows.js';
import { readResults, start, sulcus, until, type Finished } from '../workflow/harness.js';
import { keepServer, type KeptServer } from '../workflow/operator.js';
import { reviewStudy, type ReviewStudy } from './review-study.js';
import { REAL } from './scans.js';

const LONG = 1_800_000;
const PIPELINE = 'acc-trs/tokyo/lab-scan';
const done = (study: ReviewStudy, step: string): string[] => study.runs().filter((line) => line.startsWith(`${step} `) && line.includes(' end ')).map((line) => line.split(' ')[1] as string).sort();

describe.skipIf(!REAL)(`a pipeline of more than ${PARTICIPANTS_PER_EXECUTION} participants`, () => {
  const SIZE = PARTICIPANTS_PER_EXECUTION + 5, FIT = 24;
  let study: ReviewStudy, server: KeptServer;
  beforeAll(async () => {
    study = await reviewStudy([{ name: 'tokyo', size: SIZE }], 'window: 500\n    review: [correct]');
    server = await keepServer(study, { worker: true });
  }, LONG);
  afterAll(async () => { await server?.release(); await study?.remove(); }, LONG);
  const run = (): Promise<Finished> => sulcus(['run', 'study.yaml'], study.directory);
  const executions = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { status } of server.client.workflow.list({ query: `WorkflowId = "${PIPELINE}"` })) found.push(status.name);
    return found.sort();
  };

  it('continues as new, does everybody once, hears of ratings that came before, and holds nothing while it waits', async () => {
    const command = start(['run', 'study.yaml'], study.directory);
    // Told while it works in its first execution: it looks again when all are through, and finds nothing.
    await until('somebody who is through', async () => ((await server.client.workflow.getHandle(PIPELINE).query<PipelineProgress>(PROGRESS_QUERY).catch(() => null))?.unrated === undefined ? null : true), LONG);
    await server.client.workflow.getHandle(PIPELINE).signal(RATED_SIGNAL);
    const { code, stdout, stderr } = await command.finished;
    expect([code, code === 3 ? '' : stderr]).toEqual([3, '']);
    expect(stdout).toContain(`tokyo, lab-scan: ${SIZE} at correct.`);
    expect(done(study, 'correct')).toEqual([...study.ids('tokyo')].sort());
    expect(await executions()).toEqual(['CONTINUED_AS_NEW', 'CONTINUED_AS_NEW', 'RUNNING']);
    const { raw } = await server.client.workflow.getHandle(PIPELINE).describe();
    expect([raw.pendingChildren?.length ?? 0, raw.pendingActivities?.length ?? 0]).toEqual([0, 0]);
    const { count } = await server.client.workflow.count(`WorkflowType = "${PARTICIPANT_WORKFLOW}" AND ExecutionStatus = "Running"`);
    expect(Number(count)).toBe(0);
    // What travels stays small however many wait.
    expect(await server.events(PIPELINE)).toBeLessThan(60);
  }, LONG);

  it('takes many ratings at once', async () => {
    const ids = study.ids('tokyo');
    for (const [i, id] of ids.entries()) await study.rate('tokyo', id, i < FIT ? 'good' : 'unfit');
    const { code, stderr } = await run();
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
    expect(done(study, 'sample')).toEqual(ids.slice(0, FIT).sort());
    expect(readResults(study.results).cohorts['tokyo']).toMatchObject({ subjects: FIT });
    expect(readResults(study.results).cohorts['tokyo']?.excluded.map(({ id, code: why }) => [id, why]).sort()).toEqual(ids.slice(FIT).map((id) => [id, 'RATED_UNFIT']).sort());
  }, LONG);
});

describe.skipIf(!REAL)('a study that ends at the first failure', () => {
  let study: ReviewStudy, server: KeptServer, ids: string[];
  beforeAll(async () => {
    study = await reviewStudy([{ name: 'tokyo', size: 6 }], 'on_failure: fail\n    review: [correct]');
    study.edit('rank: auto', 'rank: auto\nreview: { remind: 2s }');
    study.edit('missing: exclude', 'missing: fail');
    server = await keepServer(study, { worker: true });
    ids = study.ids('tokyo');
  }, LONG);
  afterAll(async () => { await server?.release(); await study?.remove(); }, LONG);
  const run = (): Promise<Finished> => sulcus(['run', 'study.yaml'], study.directory);

  it('says how many and why, and names nobody; mended, it goes on', async () => {
    const scan = study.scan('tokyo', ids[2] ?? ''), text = readFileSync(scan, 'utf8');
    writeFileSync(scan, text.slice(0, 20));
    const { code, stderr } = await run();
    expect(code).toBe(1);
    expect(stderr).toContain('cohort tokyo: lab-scan could not be finished for 1 participant (1 STEP_FAILED), and the study says on_failure: fail');
    for (const id of ids) expect(stderr).not.toContain(id);
    writeFileSync(scan, text);
  }, LONG);

  it('waits for ratings where it reads ahead, with reminders; a cancel ends that', async () => {
    const { code, stdout } = await run();
    expect([code, stdout]).toEqual([3, expect.stringContaining('6 participants wait for a rating')]);
    const waiting = server.client.workflow.getHandle('acc-trs/tokyo/check/lab-scan');
    await until('two reminders', async () => (((await waiting.query<PipelineProgress>(PROGRESS_QUERY)).waiting?.reminders ?? 0) >= 2 ? true : null), LONG);
    expect((await run()).stdout).toMatch(/Waiting for \d+ s/);
    expect((await sulcus(['cancel', 'acc-trs'], study.directory)).code).toBe(0);
    expect((await waiting.describe()).status.name).toBe('CANCELLED');
  }, LONG);

  it('is not ended by whoever is unfit; who was rated while nothing ran is not asked', async () => {
    for (const [i, id] of ids.entries()) await study.rate('tokyo', id, i === 0 ? 'unfit' : 'good');
    study.edit('missing: fail', 'missing: exclude');
    const { code, stderr } = await run();
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
    expect(readResults(study.results).cohorts['tokyo']?.excluded.map(({ id, code: why }) => [id, why])).toEqual([[ids[0], 'RATED_UNFIT']]);
    expect(done(study, 'correct')).toEqual([...ids].sort());
  }, LONG);
});
