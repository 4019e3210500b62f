/** Reviews on a real server: the evidence, refusals that leave no history, reminders, approvals that hold, and participants left out. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepServer, storedFits, type KeptServer } from './operator.js';
import { identifiersIn, readResults, smallStudy, sulcus, until, type Finished, type SmallStudy } from './harness.js';

/** Against hanging only. */
const SLOW = 600_000;

let study: SmallStudy;
let server: KeptServer;
let first: Finished;
const command = (...args: string[]): Promise<Finished> => sulcus(args, study.directory);
const firstOf = (cohort: string): string => readFileSync(join(study.directory, cohort, 'participants.tsv'), 'utf8').split('\n')[1]?.split('\t')[0] as string;

const reviewIn = ({ stdout }: Finished): { folder: string; since: string; reminders: number } =>
  (JSON.parse(stdout) as { studies: { review: { folder: string; since: string; reminders: number } }[] }).studies[0]?.review ?? { folder: '', since: '', reminders: 0 };

/** The threshold lies between the stabilities of rank 5 in the two cohorts and those of ranks 3 and 4. */
beforeAll(async () => {
  study = await smallStudy({ edit: [['rank: auto', 'rank: review\nreview: { remind: 2s }'], ['threshold: 0.8', 'threshold: 0.9']] });
  server = await keepServer(study, { worker: true });
  first = await command('run', 'study.yaml');
}, SLOW);
afterAll(async () => { await server.release(); await study.remove(); }, SLOW);

describe('a study that waits for a person', () => {
  it('says so with exit code 3 and shows the evidence: curves, numbers, agreement, and the report so far', async () => {
    expect(first.code).toBe(3);
    for (const text of [/which rank\?/, /^rank +stability +sd +stable +error/m, /tokyo \/ toronto: 2: 0\.\d\d/, /rank +tokyo +toronto\n +2 +[\d.]+ #/, /automatic rule would choose rank \d/, /sulcus approve acc-trs --rank K/]) expect(first.stdout).toMatch(text);
    expect(first.stdout.match(/ \|[ .]*[*o]/g)?.length).toBeGreaterThanOrEqual(4);
    const status = await command('status', 'acc-trs', '--json');
    expect(status.code).toBe(3);
    const { folder, since } = reviewIn(status);
    expect(folder).toBe(`${study.results}-review`);
    expect(Date.parse(since)).toBeGreaterThan(0);
    const soFar = readResults(`${study.results}-review`);
    expect(soFar.rank).toMatchObject({ chosen: null, policy: 'review', approvedBy: null });
    expect(Object.values(soFar.cohorts).map((c) => c.ranks.length)).toEqual([4, 4]);
    expect(soFar.matching[0]?.byRank.map((r) => r.rank)).toEqual([2, 3, 4, 5]);
    const validate = new Ajv2020({ strict: false, allErrors: true }).compile(JSON.parse(readFileSync(new URL('../../docs/results.schema.json', import.meta.url), 'utf8')) as object);
    validate(soFar);
    expect(validate.errors ?? []).toEqual([]);
    const report = readFileSync(join(`${study.results}-review`, 'report.html'), 'utf8');
    expect(report).toContain('No rank has been chosen');
    expect(identifiersIn(study.directory).filter((id) => (first.stdout + first.stderr + status.stdout + report).includes(id))).toEqual([]);
    expect(existsSync(study.results)).toBe(false);
  }, SLOW);

  it('refuses what cannot be, with the reason; nothing of it is in the history', async () => {
    // No timer may fire between the two looks: the reminders are counted and taken off.
    const remindersFired = async (): Promise<number> => ((await server.history('acc-trs')).match(/"timerFiredEventAttributes":/g) ?? []).length;
    const updates = async (): Promise<number> => ((await server.history('acc-trs')).match(/workflowExecutionUpdate/g) ?? []).length;
    const before = await updates();
    const refused: [string[], number, RegExp][] = [
      [['--rank', '9'], 1, /rank 9 was not computed; ranks 2 to 5 were/],
      [['--rank', '5'], 1, /rank 5 is not stable in every cohort: 0\.\d{3} in tokyo, 0\.\d{3} in toronto, and the threshold is 0\.9; .*--unstable/],
      [['--rank', 'four'], 2, /not a whole number/],
    ];
    for (const [args, code, words] of refused) {
      const { code: got, stderr } = await command('approve', 'acc-trs', ...args);
      expect([args, got, stderr]).toEqual([args, code, expect.stringMatching(words)]);
      expect(stderr).not.toMatch(/\n\s+at /);
    }
    const unknown = await command('approve', 'another', '--rank', '2');
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('there is no study another here')]);
    const someone = firstOf('tokyo');
    const excluded: [string[], number, RegExp][] = [
      [['--cohort', 'kyoto', '--subject', someone, '--reason', 'x'], 2, /no cohort kyoto/],
      [['--cohort', 'tokyo', '--subject', 'nobody', '--reason', 'x'], 2, /has no participant nobody/],
      [['--cohort', 'tokyo', '--subject', someone, '--reason', ' '], 2, /the reason is empty/],
      [['--cohort', 'tokyo', '--subject', someone, '--reason', 'x', '--readmit'], 1, /was not left out by anybody/],
    ];
    for (const [args, code, words] of excluded) {
      const { code: got, stderr } = await command('exclude', 'acc-trs', ...args);
      expect([args, got, stderr]).toEqual([args, code, expect.stringMatching(words)]);
    }
    const resume = await command('resume', 'acc-trs');
    expect([resume.code, resume.stderr]).toEqual([1, expect.stringContaining('not paused')]);
    expect(await updates()).toBe(before);
    // Whatever was added is the reminders' own: a timer, its end, the attribute, and the tasks between.
    expect(await server.events('acc-trs')).toBeLessThan(120 + 8 * (await remindersFired()));
  }, SLOW);

  it('reminds, where everybody can see it', async () => {
    await until('a reminder', async () => (reviewIn(await command('status', 'acc-trs', '--json')).reminders > 0 ? true : null), SLOW);
    await until('the search attribute', async () => {
      for await (const w of server.client.workflow.list({ query: 'WorkflowType = "studyWorkflow" AND SulcusStage = "review" AND SulcusReminders > 0' })) if (w.workflowId === 'acc-trs') return true;
      return null;
    }, SLOW);
    expect(readFileSync(join(study.state, 'logs', 'worker.log'), 'utf8')).toContain('the study waits for a person');
  }, SLOW);

  it('takes somebody out with a reason: only that cohort is fitted again, the review asks anew, and no id is in Temporal', async () => {
    const someone = firstOf('toronto'), before = storedFits(study);
    const done = await command('exclude', 'acc-trs', '--cohort', 'toronto', '--subject', someone, '--reason', 'moved in the scanner', '--by', 'C. Reader', '--json');
    expect([done.code, JSON.parse(done.stdout)]).toEqual([0, expect.objectContaining({ cohort: 'toronto', subject: someone, excluded: true, by: 'C. Reader', applies: 'now' })]);
    const twice = await command('exclude', 'acc-trs', '--cohort', 'toronto', '--subject', someone, '--reason', 'again');
    expect([twice.code, twice.stderr]).toEqual([1, expect.stringContaining('was already left out by C. Reader')]);
    expect((await command('run', 'study.yaml')).code).toBe(3);
    const soFar = readResults(`${study.results}-review`);
    expect([soFar.cohorts['tokyo']?.subjects, soFar.cohorts['toronto']?.subjects]).toEqual([24, 27]);
    expect(soFar.cohorts['toronto']?.excluded).toEqual([expect.objectContaining({ id: someone, code: 'EXCLUDED_BY_PERSON', reason: 'moved in the scanner', by: 'C. Reader', at: expect.any(String) })]);
    const fresh = [...storedFits(study).keys()].filter((key) => !before.has(key));
    expect(fresh).toHaveLength(4 * 7);                                           // toronto's, and none of tokyo
    for (const id of ['acc-trs', 'acc-trs/toronto', 'acc-trs/tokyo']) expect(await server.history(id)).not.toContain(someone);
  }, SLOW);

  it('goes on with an approval, which is told in results and report', async () => {
    const approved = await command('approve', 'acc-trs', '--rank', '5', '--unstable', '--by', 'A. Reviewer', '--note', 'as planned', '--json');
    expect([approved.code, JSON.parse(approved.stdout)]).toEqual([0, expect.objectContaining({ decision: expect.objectContaining({ chosen: 5, doubt: true }) })]);
    const late = await command('approve', 'acc-trs', '--rank', '3');
    expect([late.code, late.stderr]).toEqual([1, expect.stringMatching(/rank 5 was already approved by A. Reviewer|does not run/)]);
    await server.client.workflow.getHandle('acc-trs').result();
    const results = readResults(study.results);
    expect(results.rank).toMatchObject({ chosen: 5, policy: 'review', doubt: true, approvedBy: 'A. Reviewer', note: 'as planned', approvedAt: expect.any(String) });
    expect(results.decisions?.map((d) => [d.what, d.by, d.about])).toEqual([['exclude', 'C. Reader', 'a participant of toronto'], ['approve', 'A. Reviewer', 'rank 5, though it is not stable in every cohort']]);
    const fits = results.steps.filter((s) => s.step === 'fit');
    expect(fits).toHaveLength(2 * 4 * 7);
    const report = readFileSync(join(study.results, 'report.html'), 'utf8');
    for (const words of ['Decisions of persons', 'A. Reviewer', 'C. Reader', 'as planned', 'moved in the scanner']) expect(report).toContain(words);
    expect(report).not.toContain(firstOf('toronto'));
    const ended = await command('approve', 'acc-trs', '--rank', '3');
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining('study acc-trs does not run: it was done at')]);
  }, SLOW);

  it('does not ask again for the same evidence, and does for other', async () => {
    const again = await command('run', 'study.yaml', '--json');
    expect([again.code, JSON.parse(again.stdout)]).toEqual([0, expect.objectContaining({ computed: 0, rank: expect.objectContaining({ chosen: 5, approvedBy: 'A. Reviewer' }) })]);
    const back = await command('exclude', 'acc-trs', '--cohort', 'toronto', '--subject', firstOf('toronto'), '--reason', 'a mistake', '--readmit', '--json');
    expect([back.code, JSON.parse(back.stdout)]).toEqual([0, expect.objectContaining({ excluded: false, applies: 'next run' })]);
    const other = await command('run', 'study.yaml');
    expect(other.code).toBe(3);
    expect(readResults(`${study.results}-review`).cohorts['toronto']).toMatchObject({ subjects: 28, excluded: [] });
  }, SLOW);
});
