/** An operator looks at studies: while they run, when they fail, when a person is needed, and afterwards; and asks what changed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { StudyStanding } from '../../client/status/standing.js';
import type { RunDifference } from '../../client/diff/index.js';
import type { StepRow } from '../../contracts/results.js';
import { keepServer, type KeptServer } from './operator.js';
import { PLAIN, pidOf, readResults, smallStudy, start, sulcus, until, type SmallStudy, type SmallStudyOptions } from './harness.js';

const LONG = 600_000;

let study: SmallStudy | null = null, server: KeptServer | null = null;
afterEach(async () => { await server?.release(); await study?.remove(); study = server = null; });

interface Answer { studies: StudyStanding[]; listed?: { workflowId: string; status: string }[]; worker: boolean }

async function statusOf(s: SmallStudy, ...args: string[]): Promise<Answer> {
  const { stdout } = await sulcus(['status', ...args, '--json'], s.directory);
  return { ...{ studies: [] }, ...(JSON.parse(stdout) as Answer) }; // before the first launch there is nothing to look at, which is an error
}
const only = ({ studies }: Answer): StudyStanding => { expect(studies).toHaveLength(1); return studies[0] as StudyStanding; };
const edit = (file: string, from: string, to: string): void => {
  const text = readFileSync(file, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} has no "${from}"`);
  writeFileSync(file, text.replace(from, to));
};
const reasons = (steps: StepRow[]): Set<string> => new Set(steps.filter((s) => s.computed && s.step !== 'report').map((s) => `${s.step}${s.cohort === null ? '' : ` ${s.cohort}`}: ${s.why ?? ''}`));

describe('a study that runs', () => {
  /** Fits of a second and more, on one thread: they last while commands come and go, each of which may take seconds on a busy machine. */
  const options: SmallStudyOptions = { meshLevel: 4, ranks: [2, 4], splits: 2, ...PLAIN, edit: [['solver: accelerated, tolerance: 1e-4', 'solver: multiplicative, tolerance: 1e-300, max_iterations: 4500']] }, FITS = 3 * 5;
  let s: SmallStudy, run: ReturnType<typeof start>, worker: ReturnType<typeof start>;
  beforeAll(async () => {
    s = await smallStudy(options);
    worker = start(['worker', '--threads', '1'], s.directory);
    await until('the worker', () => pidOf(join(s.state, 'worker.json')), LONG);
    run = start(['run', 'study.yaml'], s.directory);
  }, LONG);
  afterAll(async () => {
    for (const { child, finished } of [run, worker]) { child.kill('SIGTERM'); await finished; }
    await s.remove();
  }, LONG);

  it('shows its counts and, once a fit has ended, the time left', async () => {
    const half = await until('time left', async () => {
      const one = (await statusOf(s)).studies[0];
      return one?.status === 'running' && one.timeLeft?.seconds != null && one.timeLeft.seconds > 0 ? one : null;
    }, LONG);
    expect(half).toMatchObject({ workflowId: 'acc-trs', stage: 'fit', waitsFor: null, failure: null, ended: null });
    expect(half.cohorts.map((c) => [c.cohort, c.subjects.total, c.fits.total])).toEqual([['tokyo', 24, FITS], ['toronto', 28, FITS]]);
  }, LONG);

  it('is not worked on by looking at it: an open study stays as it was left', async () => {
    run.child.kill('SIGINT');
    expect((await run.finished).code).toBe(130);
    worker.child.kill('SIGTERM');
    await worker.finished;
    const [first, second] = [only(await statusOf(s)), only(await statusOf(s))];
    expect(first).toMatchObject({ status: 'running', waitsFor: 'worker', timeLeft: { seconds: null } });
    expect(second.cohorts.map((c) => c.fits)).toEqual(first.cohorts.map((c) => c.fits));
    expect(second.retries.map((r) => r.attempt)).toEqual(first.retries.map((r) => r.attempt));
    const text = await sulcus(['status'], s.directory);
    expect(text.stdout).toContain('No worker is running');
    expect(text.stderr).toBe('');
  }, LONG);

  it('is watched to its end', async () => {
    const watching = start(['status', '--watch', '--every', '1'], s.directory);
    run = start(['run', 'study.yaml'], s.directory);
    const watched = await watching.finished;
    expect([watched.code, watched.stdout]).toEqual([0, expect.stringContaining('acc-trs: done')]);
    expect(watched.stdout).toContain('acc-trs: running');
    expect((await run.finished).code).toBe(0);
    const done = only(await statusOf(s));
    expect(done).toMatchObject({ status: 'done', timeLeft: null, rank: { policy: 'auto' }, out: s.results });
    expect(done.cohorts.every((c) => c.fits.done === FITS && c.stability.done === 3 && c.status === 'done')).toBe(true);
  }, LONG);
});

describe('a study in trouble', () => {
  it('shows what is tried again, and after that why it failed and what to do', async () => {
    study = await smallStudy({ ranks: [2, 3], splits: 2, ...PLAIN });
    server = await keepServer(study);
    const s = study;
    // Where fits belong is a file: nothing can be looked up or written there.
    await mkdir(join(s.state, 'store', 'artifacts'), { recursive: true });
    await writeFile(join(s.state, 'store', 'artifacts', 'fit'), '');
    const run = start(['run', 'study.yaml'], s.directory);
    const retrying = await until('a retry', async () => (await statusOf(s)).studies.find((one) => one.retries.length > 0) ?? null, LONG);
    expect(retrying.retries[0]).toMatchObject({ maximumAttempts: 10, failure: { code: 'ENOTDIR' } });
    const text = await sulcus(['status', 'acc-trs'], s.directory);
    expect(text.stdout).toMatch(/! \w+ of (tokyo|toronto): ENOTDIR/);
    expect(text.stdout).toMatch(/attempt \d+ of 10/);
    const logs = await sulcus(['logs', 'acc-trs', '--level', 'warn'], s.directory);
    expect([logs.code, logs.stdout]).toEqual([0, expect.stringContaining('ENOTDIR')]);
    run.child.kill('SIGINT');
    await run.finished;
    await rm(join(s.state, 'store', 'artifacts', 'fit'));
    expect((await sulcus(['run', 'study.yaml'], s.directory)).code).toBe(0);          // mended, it goes on by itself
  }, LONG);

  it('that failed says the cause, where, and the remedy', async () => {
    study = await smallStudy({ edit: [['missing: exclude', 'missing: fail']] });
    server = await keepServer(study);
    await rm(join(study.directory, 'tokyo', 'civet'), { recursive: true });
    expect((await sulcus(['run', 'study.yaml'], study.directory)).code).toBe(1);
    const failed = only(await statusOf(study));
    expect(failed).toMatchObject({ status: 'failed', failure: { code: 'SUBJECTS_EXCLUDED', where: ['acc-trs/tokyo/check', 'assembleCohort'] } });
    const text = await sulcus(['status'], study.directory);
    expect(text.stdout.split('\n')[1]).toMatch(/^ {2}! cohort tokyo: 24 subjects cannot be used/);
    expect(text.stdout).toContain('what to do:');
    const unknown = await sulcus(['status', 'nobody'], study.directory);
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('there is no study nobody here')]);
  }, LONG);
});

describe('a study that waits for a person', () => {
  it('says so with the evidence and exit code 3, and the list of studies too', async () => {
    study = await smallStudy({ ranks: [2, 3], splits: 2, ...PLAIN, edit: [['rank: auto', 'rank: review']] });
    server = await keepServer(study, { worker: true });
    expect((await sulcus(['run', 'study.yaml', '--cohort', 'toronto'], study.directory)).code).toBe(0);
    expect((await sulcus(['run', 'study.yaml'], study.directory)).code).toBe(3);
    const one = await sulcus(['status', 'acc-trs'], study.directory);
    expect([one.code, one.stdout]).toEqual([3, expect.stringContaining('A person is needed')]);
    const all = await sulcus(['status', '--json'], study.directory);
    expect(all.code).toBe(3);
    const { listed, studies } = JSON.parse(all.stdout) as Answer;
    expect(listed?.map((l) => [l.workflowId, l.status])).toEqual([['acc-trs', 'running'], ['acc-trs-only-toronto', 'done']]);
    expect(studies.map((s) => [s.workflowId, s.waitsFor])).toEqual([['acc-trs', 'review']]);
    expect(Object.keys(studies[0]?.review?.ranks[0]?.stability ?? {})).toEqual(['tokyo', 'toronto']);
  }, LONG);
});

describe('computed again', () => {
  it('every step says why: nothing, a covariate, a participant less; and diff says what came of it', async () => {
    study = await smallStudy({ ranks: [2, 3], splits: 2, ...PLAIN });
    server = await keepServer(study, { worker: true });
    const s = study, run = async (): Promise<StepRow[]> => { expect((await sulcus(['run', 'study.yaml'], s.directory)).code).toBe(0); return readResults(s.results).steps; };
    expect([...reasons(await run())].every((r) => r.endsWith(': first time'))).toBe(true);
    expect(reasons(await run()).size).toBe(0);
    await cp(s.results, join(s.directory, 'before'), { recursive: true });

    edit(s.file, 'covariates: [age, sex]', 'covariates: [age]');
    const covariate = await run();
    expect([...reasons(covariate)]).toEqual(['statistics: parameter covariates: [age, sex] -> [age]']);

    const table = join(s.directory, 'toronto', 'participants.tsv'), rows = readFileSync(table, 'utf8').split('\n');
    const gone = (rows[1] as string).split('\t')[0] as string;
    writeFileSync(table, rows.filter((_, i) => i !== 1).join('\n'));
    const steps = await run();
    const why = reasons(steps);
    expect(why).toContain('ingest toronto: participants: 1 removed');
    expect(why).toContain('fit toronto: participants: 1 removed');
    expect(why).toContain('statistics: toronto: participants: 1 removed');
    expect(steps.filter((r) => r.step === 'fit' && r.cohort === 'tokyo').every((r) => !r.computed && r.why === null)).toBe(true);
    for (const row of steps.filter((r) => r.computed && r.step === 'fit')) expect(row.comparedWith).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.stringify(steps)).not.toContain(gone);

    const folders = await sulcus(['diff', 'before', 'results', '--json'], s.directory), byFolder = JSON.parse(folders.stdout) as RunDifference;
    expect(folders.code).toBe(0);
    expect(byFolder.inputs.find((i) => i.cohort === 'toronto')).toMatchObject({ participants: [28, 27], removed: { count: 1, ids: [gone] }, files: { count: 0 }, rows: { count: 0 } });
    expect(byFolder.parameters).toEqual([{ name: 'statistics.covariates', before: ['age', 'sex'], now: ['age'] }]);
    // The folder of the second run is overwritten: what the store keeps of it is compared.
    const last = await sulcus(['diff', 'acc-trs'], s.directory);
    expect(last.code).toBe(0);
    expect(last.stdout).toContain('toronto: 28 -> 27 participants: 1 removed');
    expect(last.stdout).not.toContain(gone);
    const document = await sulcus(['diff', 'acc-trs', '--json'], s.directory);
    expect((JSON.parse(document.stdout) as RunDifference).inputs.find((i) => i.cohort === 'toronto')?.removed).toEqual({ count: 1 });
    expect(document.stdout).not.toContain(gone);
    const { runId } = readResults(join(s.directory, 'before')).run;
    const byRun = await sulcus(['diff', runId, 'before', '--json'], s.directory);
    expect(JSON.parse(byRun.stdout)).toMatchObject({ sameInputs: true, sameConclusions: true, a: { folder: null, runId } });
    const text = await sulcus(['status'], s.directory);
    expect(text.stdout).toContain('participants: 1 removed');
  }, LONG);
});
