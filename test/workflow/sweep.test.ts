/** Schedules and sweeps through the command line, on a real server, over real files that arrive, change and stay half-written. */
import { appendFileSync, copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { triggerSweep } from '../../client/schedule/trigger.js';
import { acquireServer, type AcquiredServer } from '../../client/temporal/index.js';
import type { WorkerHost } from '../../client/worker-process.js';
import type { StepRow } from '../../contracts/results.js';
import type { SweepOutput } from '../../contracts/sweep.js';
import { PLAIN, readResults, smallStudy, start, sulcus, until, type Finished, type SmallStudy } from './harness.js';
import { keepWorker } from './operator.js';

const SLOW = 600_000;

interface Triggered {
  joined: boolean;
  sweep: { workflowId: string; runId: string; output: SweepOutput };
}

/** A study with a schedule, its server and worker kept between commands. */
class Scheduled {
  private constructor(readonly study: SmallStudy, private readonly server: AcquiredServer, readonly client: Client, private readonly connection: Connection, private readonly worker: WorkerHost | null) {}

  static async create(options: Parameters<typeof smallStudy>[0] & { worker?: boolean } = {}): Promise<Scheduled> {
    const study = await smallStudy({ ranks: [2, 4], splits: 2, ...PLAIN, ...options });
    const server = await acquireServer(study.state), connection = await Connection.connect({ address: server.address });
    const worker = options.worker === false ? null : await keepWorker(study.state, server.address);
    const scheduled = new Scheduled(study, server, new Client({ connection }), connection, worker);
    try {
      await scheduled.settle('1s');
    } catch (error) {
      await scheduled.close();
      throw error;
    }
    return scheduled;
  }

  async close(): Promise<void> {
    await this.worker?.stop();
    await this.connection.close();
    await this.server.release();
    await this.study.remove();
  }

  private rest = 0;

  /** Creates the schedule, or changes how long files have to rest. */
  async settle(period: '0s' | '1s' | '1h'): Promise<void> {
    this.rest = period === '1s' ? 1_000 : 0;
    const created = await this.run('create', 'study.yaml', '--every', '24h', '--settle', period);
    expect([created.code, created.stderr]).toEqual([0, expect.not.stringMatching(/sulcus:/)]);
  }

  run(...args: string[]): Promise<Finished> {
    return sulcus(['schedule', ...args], this.study.directory);
  }

  /** A sweep, and the study to its end if it was started, as `trigger --follow` does it. */
  async sweep(): Promise<Triggered['sweep']> {
    await pause(this.rest);
    const done = await triggerSweep(this.client, this.client.schedule.getHandle('acc-trs-sweep'), new AbortController().signal);
    const { output, workflowId, runId, status } = done?.sweep ?? {};
    if (!output || workflowId === undefined || runId === undefined) throw new Error(`the sweep ended without a word: ${status ?? 'interrupted'}`);
    if (output.started !== null) await this.client.workflow.getHandle('acc-trs', output.started.runId).result();
    return { workflowId, runId, output };
  }

  async sweepByCommand(): Promise<Triggered['sweep']> {
    await pause(this.rest);
    const done = await this.run('trigger', '--follow', '--json');
    expect([done.code, done.stderr]).toEqual([0, expect.not.stringMatching(/\n\s+at /)]);
    return (JSON.parse(done.stdout) as Triggered).sweep;
  }

  /** A participant like another one, in every file. @returns the paths of the files */
  add(cohort: string, like: string, id: string, leaveOut: (path: string) => boolean = () => false): string[] {
    const folder = join(this.study.directory, cohort);
    const files = (readdirSync(folder, { recursive: true, withFileTypes: true })).filter((e) => e.isFile() && e.name.includes(like)).map((e) => join(e.parentPath, e.name));
    const paths = files.map((from) => ({ from, to: from.replaceAll(like, id) }));
    for (const { from, to } of paths.filter(({ to }) => !leaveOut(to))) { mkdirSync(dirname(to), { recursive: true }); copyFileSync(from, to); }
    for (const name of ['participants.tsv', 'mrs/tissue.tsv']) {
      const file = join(folder, name), row = readFileSync(file, 'utf8').split('\n').find((line) => line.startsWith(`${like}\t`)) as string;
      appendFileSync(file, `${row.replace(like, id)}\n`);
    }
    return paths.map(({ to }) => to);
  }

  /** Runs of the study, newest first. */
  async runs(): Promise<string[]> {
    const runs: { runId: string; startTime: Date }[] = [];
    for await (const run of this.client.workflow.list({ query: 'WorkflowId = "acc-trs"' })) runs.push(run);
    return runs.sort((a, b) => b.startTime.getTime() - a.startTime.getTime()).map((r) => r.runId);
  }

  async history(workflowId: string, runId?: string): Promise<{ events: number; text: string }> {
    const { events } = await this.client.workflow.getHandle(workflowId, runId).fetchHistory();
    const text = JSON.stringify(events).replace(/"data":"([^"]*)"/g, (_, data: string) => Buffer.from(data, 'base64').toString('utf8'));
    return { events: events?.length ?? 0, text };
  }

  get steps(): StepRow[] {
    return readResults(this.study.results).steps;
  }
}

const computedFits = (steps: StepRow[], cohort: string): number => steps.filter((s) => s.step === 'fit' && s.cohort === cohort && s.computed).length;
const findings = ({ output }: Triggered['sweep'], cohort: string): SweepOutput['cohorts'][number] | undefined => output.cohorts.find((c) => c.cohort === cohort);
const NAMED = /TKY\d|TOR\d|NEW\d/;

const standing = async (lab: Scheduled): Promise<Record<string, unknown>> => {
  await until('the schedule to be listed', async () => ((JSON.parse((await lab.run('list', '--json')).stdout) as { schedules: unknown[] }).schedules.length === 1 ? true : null));
  return (JSON.parse((await lab.run('list', '--json')).stdout) as { schedules: Record<string, unknown>[] }).schedules[0] as Record<string, unknown>;
};

/** One study from its schedule's creation to its end; each part goes on from where the one before left it. */
describe('on one study', () => {
  let lab: Scheduled;
  beforeAll(async () => { lab = await Scheduled.create(); }, SLOW);
  afterAll(() => lab?.close(), SLOW);

  describe('a schedule', () => {
    it('catches up an hour and does not overlap', async () => {
      const { policies } = await lab.client.schedule.getHandle('acc-trs-sweep').describe();
      expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 3_600_000, pauseOnFailure: false });
    }, SLOW);

    it('says when it fires, and that it does only while server and worker run', async () => {
      const created = await lab.run('create', 'study.yaml', '--every', '24h', '--at', '02:30', '--settle', '1s');
      expect(created.stdout).toMatch(/every 24 h a sweep of .*study\.yaml, next 20\d\d-\d\d-\d\dT02:30/);
      expect(created.stdout).toContain('It fires only while `sulcus server` and `sulcus worker` run');
      expect(await standing(lab)).toMatchObject({ schedule: 'acc-trs-sweep', study: 'acc-trs', everySeconds: 86_400, settleSeconds: 1, last: null, taken: 0, skipped: 0, missed: 0, running: false, paused: false });
    }, SLOW);

    it('is paused with a note, and goes on', async () => {
      expect((await lab.run('pause', '--note', 'scanner upgrade')).code).toBe(0);
      expect(await standing(lab)).toMatchObject({ paused: true, note: 'scanner upgrade', next: null });
      expect((await lab.run('list')).stdout).toContain('paused (scanner upgrade)');
      expect((await lab.run('unpause', 'acc-trs')).code).toBe(0);
      expect(await standing(lab)).toMatchObject({ paused: false, next: expect.stringMatching(/^20/) });
    }, SLOW);

    it('refuses what is no period, no study and no schedule, with exit code 2', async () => {
      for (const [args, said] of [
        [['create', 'study.yaml', '--every', '36h', '--at', '02:30'], '--at goes with whole days'],
        [['create', 'study.yaml'], "required option '--every <period>' not specified"],
        [['create', 'nothing.yaml', '--every', '24h'], 'there is no such file'],
        [['trigger', 'another'], 'there is no schedule of another here (there are: acc-trs-sweep)'],
      ] as const) {
        const { code, stderr } = await lab.run(...args);
        expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
      }
      copyFileSync(lab.study.file, join(lab.study.directory, 'other.yaml'));
      const other = await lab.run('create', 'other.yaml', '--every', '24h');
      expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('delete it first: sulcus schedule delete acc-trs')]);
    }, SLOW);
  });

  describe('a sweep', () => {
    beforeAll(() => lab.settle('0s'), SLOW);

    it('starts a study that has no results, and then finds nothing new', async () => {
      const first = await lab.sweepByCommand();
      expect(first.output).toMatchObject({ verdict: 'started', words: 'no results yet', started: { workflowId: 'acc-trs' } });
      expect(readResults(lab.study.results).run.runId).toBe(first.output.started?.runId);
      const second = await lab.sweepByCommand();
      expect(second.output).toMatchObject({ verdict: 'nothing-new', started: null, words: expect.stringMatching(/^nothing new since 20/) });
      expect(await lab.runs()).toHaveLength(1);
      const { events, text } = await lab.history(second.workflowId, second.runId);
      expect(events).toBeLessThan(20);
      expect(text).not.toMatch(NAMED);
    }, SLOW);

    it('takes a new participant in: the other cohort costs no fit, statistics and report are new, histories stay small', async () => {
      lab.add('tokyo', 'sub-TKY003', 'sub-NEW001');
      const sweep = await lab.sweep();
      expect(sweep.output).toMatchObject({ verdict: 'started', words: 'new: tokyo: 1 participant added' });
      expect([findings(sweep, 'tokyo'), findings(sweep, 'toronto')]).toMatchObject([{ participants: 25, added: 1, rows: 0, files: 0 }, { participants: 28, added: 0, rows: 0, files: 0 }]);
      const { steps, cohorts } = readResults(lab.study.results);
      expect([cohorts['tokyo']?.subjects, cohorts['toronto']?.subjects]).toEqual([25, 28]);
      expect(computedFits(steps, 'tokyo')).toBeGreaterThan(0);
      expect(computedFits(steps, 'toronto')).toBe(0);
      expect(steps.filter((s) => s.cohort === 'toronto' && s.step === 'ingest').map((s) => s.computed)).toEqual([false]);
      expect(steps.filter((s) => s.step === 'statistics' || s.step === 'report').map((s) => s.computed)).toEqual([true, true]);
      for (const id of [sweep.workflowId, 'acc-trs', 'acc-trs/tokyo', 'acc-trs/toronto']) {
        const { events, text } = await lab.history(id);
        expect([id, events < 400]).toEqual([id, true]);
        expect(text).not.toMatch(NAMED);
      }
    }, SLOW);

    it('starts the run that `sulcus run` would: launched again by hand, it is the same settings and nothing is computed', async () => {
      expect((await sulcus(['run', 'study.yaml'], lab.study.directory)).code).toBe(0);
      expect(lab.steps.filter((s) => s.computed).map((s) => s.step)).toEqual(['report']);
      expect((await lab.sweep()).output.verdict).toBe('nothing-new');
    }, SLOW);

    it('takes other parameters in: statistics and report only', async () => {
      const text = readFileSync(lab.study.file, 'utf8');
      writeFileSync(lab.study.file, text.replace('alpha: 0.05', 'alpha: 0.01').replace('covariates: [age, sex]', 'covariates: [age]'));
      const { output } = await lab.sweep();
      expect(output).toMatchObject({ verdict: 'started', words: expect.stringContaining('statistics.alpha: 0.05 -> 0.01') });
      expect(output.words).toContain('statistics.covariates: [age, sex] -> [age]');
      expect(new Set(lab.steps.filter((s) => s.computed).map((s) => s.step))).toEqual(new Set(['statistics', 'report']));
    }, SLOW);

    it('sees an edited row and a replaced file, and not a file that was only touched', async () => {
      const table = join(lab.study.directory, 'toronto', 'participants.tsv'), rows = readFileSync(table, 'utf8').split('\n');
      const cells = (rows[3] as string).split('\t');
      cells[2] = String(Number(cells[2]) + 1);
      rows[3] = cells.join('\t');
      writeFileSync(table, rows.join('\n'));
      const [file, other, third] = readdirSync(join(lab.study.directory, 'tokyo', 'dwi')).filter((f) => f.includes('MD')).slice(4).map((f) => join(lab.study.directory, 'tokyo', 'dwi', f)) as [string, string, string];
      utimesSync(file, new Date(), new Date());
      copyFileSync(third, other);
      const sweep = await lab.sweep();
      expect(sweep.output.words).toBe('new: tokyo: 1 participant with other files; toronto: 1 participant with another row');
      expect([findings(sweep, 'tokyo'), findings(sweep, 'toronto')]).toMatchObject([{ added: 0, files: 1, rows: 0 }, { added: 0, files: 0, rows: 1 }]);
      utimesSync(file, new Date(), new Date());
      expect((await lab.sweep()).output.verdict).toBe('nothing-new');
    }, SLOW);

    it('sees a spectrum that came later, and a removed row', async () => {
      const spectra = join(lab.study.directory, 'tokyo', 'mrs'), [name] = readdirSync(spectra).filter((f) => f.startsWith('sub-TKY')) as [string];
      writeFileSync(join(spectra, name), readFileSync(join(spectra, name), 'utf8').replace(/S\/N = *\d+/, 'S/N =  3'));
      expect((await lab.sweep()).output.words).toBe('new: tokyo: other spectra');
      expect(computedFits(lab.steps, 'tokyo')).toBe(0);
      const table = join(lab.study.directory, 'tokyo', 'participants.tsv'), rows = readFileSync(table, 'utf8').trimEnd().split('\n');
      writeFileSync(table, `${rows.slice(0, -1).join('\n')}\n`);
      expect((await lab.sweep()).output.words).toBe('new: tokyo: 1 participant removed');
      expect(readResults(lab.study.results).cohorts['tokyo']?.subjects).toBe(24);
    }, SLOW);

    it('fails with the lines of a study file that does not hold together, and goes on once it does', async () => {
      const text = readFileSync(lab.study.file, 'utf8');
      writeFileSync(lab.study.file, text.replace('ranks: [2, 4]', 'ranks: [4, 2]'));
      const failed = await lab.run('trigger');
      writeFileSync(lab.study.file, text);
      expect([failed.code, failed.stderr]).toEqual([1, expect.stringMatching(/the sweep failed: .*study\.yaml:\d+: .*ranks/)]);
      expect((await lab.run('list')).stdout).toMatch(/last .*: failed: .*study\.yaml:\d+/);
      expect((await lab.sweep()).output.verdict).toBe('nothing-new');
    }, SLOW);
  });

  describe('several at once', () => {
    it('triggers, sweeps beside each other and a launch by hand are one run, and a new participant is computed once', async () => {
      lab.add('tokyo', 'sub-TKY004', 'sub-NEW002');
      const before = await lab.runs();
      const commands = [['schedule', 'trigger', '--follow', '--json'], ['schedule', 'trigger', '--follow', '--json'], ['run', 'study.yaml', '--json']].map((args) => start(args, lab.study.directory).finished);
      const beside = lab.client.schedule.getHandle('acc-trs-sweep');
      await Promise.all([beside.trigger('ALLOW_ALL'), beside.trigger('ALLOW_ALL')]);
      const ended = await Promise.all(commands);
      expect(ended.map((e) => [e.code, e.stderr.includes('    at '), e.code === 0 ? '' : e.stderr])).toEqual(ended.map(() => [0, false, '']));
      await until('the study to rest', async () => ((await lab.client.workflow.getHandle('acc-trs').describe()).status.name === 'RUNNING' ? null : true), 120_000);
      const fresh = (await lab.runs()).filter((id) => !before.includes(id));
      // Whoever comes after the first run has ended may start another, in which everything is reused.
      const recorded = fresh.map((id) => JSON.parse(`[${readdirSync(join(lab.study.state, 'store', 'runs', id)).filter((f) => f.endsWith('.json')).map((f) => readFileSync(join(lab.study.state, 'store', 'runs', id, f), 'utf8')).join(',')}]`) as StepRow[][]);
      const fits = recorded.map((lists) => lists.flat().filter((s) => s.step === 'fit' && s.computed).length);
      expect(fits.filter((n) => n > 0)).toHaveLength(1);
      expect(readResults(lab.study.results).cohorts['tokyo']?.subjects).toBe(25);
      expect((await lab.sweep()).output.verdict).toBe('nothing-new');
    }, SLOW);
  });

  describe('with a study that runs', () => {
    it('leaves what is new to the next sweep, which takes it in', async () => {
      writeFileSync(lab.study.file, readFileSync(lab.study.file, 'utf8').replace('rank: auto', 'rank: review'));
      expect((await sulcus(['run', 'study.yaml'], lab.study.directory)).code).toBe(3);
      const before = await lab.runs();
      lab.add('tokyo', 'sub-TKY005', 'sub-NEW003');
      const busy = JSON.parse((await lab.run('trigger', '--json')).stdout) as Triggered;
      expect(busy.sweep.output).toMatchObject({ verdict: 'running', words: expect.stringContaining('left to the next sweep') });
      expect(await lab.runs()).toEqual(before);
      const approved = await sulcus(['approve', 'acc-trs', '--rank', '3', '--by', 'A. Reviewer', '--unstable'], lab.study.directory);
      expect([approved.code, approved.stderr]).toEqual([0, expect.anything()]);
      // Not by `sulcus run`: once this run is over it would begin another, with what is new.
      await lab.client.workflow.getHandle('acc-trs', before[0]).result();
      expect(readResults(lab.study.results).cohorts['tokyo']?.subjects).toBe(25);
      const next = await lab.run('trigger', '--follow', '--json');
      expect(next.code).toBe(3); // other evidence: a person is asked again
      expect((JSON.parse(next.stdout) as Triggered).sweep.output).toMatchObject({ verdict: 'started', words: 'new: tokyo: 1 participant added' });
      expect(await lab.runs()).toHaveLength(before.length + 1);
    }, SLOW);
  });

  it('is deleted; the study and its results stay', async () => {
    expect((await lab.run('delete')).code).toBe(0);
    expect((await lab.run('trigger', 'acc-trs')).code).toBe(2);
    expect(readResults(lab.study.results).study).toBe('acc-trs');
  }, SLOW);
});

describe('a participant who is not all there', () => {
  let lab: Scheduled, missing = '';
  beforeAll(async () => {
    lab = await Scheduled.create({ edit: [['missing: exclude', 'missing: fail']] });
    for (const id of readdirSync(join(lab.study.directory, 'toronto', 'civet'))) {
      const logs = join(lab.study.directory, 'toronto', 'civet', id, 'logs');
      mkdirSync(logs);
      for (const stage of ['nuc_t1_native', 'surface_resample']) { writeFileSync(join(logs, `${id}.${stage}.log`), ''); writeFileSync(join(logs, `${id}.${stage}.finished`), ''); }
    }
  }, SLOW);
  afterAll(() => lab?.close(), SLOW);

  it('is no reason to fail with `missing: fail`, is not in a run that others start with either setting, and is named in the results', async () => {
    [missing] = lab.add('tokyo', 'sub-TKY003', 'sub-NEW001', (path) => path.includes('dwi') && path.includes('left_MD')).filter((p) => p.includes('left_MD')) as [string];
    const leftOut = (code: string): object => ({ subjects: 24, excluded: [{ id: 'sub-NEW001', code }] });
    expect((await lab.sweep()).output).toMatchObject({ verdict: 'started', words: 'no results yet; waiting: 1 participant of tokyo' });
    expect(readResults(lab.study.results).cohorts['tokyo']).toMatchObject(leftOut('WAITING'));
    writeFileSync(lab.study.file, readFileSync(lab.study.file, 'utf8').replace('missing: fail', 'missing: exclude'));
    expect((await lab.sweep()).output).toMatchObject({ verdict: 'started', words: 'new: parameter missing: fail -> exclude; waiting: 1 participant of tokyo' });
    expect(readResults(lab.study.results).cohorts['tokyo']).toMatchObject(leftOut('MISSING_FILE')); // as any run would
  }, SLOW);

  it('waits while a file is missing, and is taken in once complete', async () => {
    const waits = await lab.sweep();
    expect(waits.output).toMatchObject({ verdict: 'nothing-new', words: expect.stringContaining('; waiting: 1 participant of tokyo') });
    expect(findings(waits, 'tokyo')).toMatchObject({ participants: 25, added: 0, waiting: 1 });
    expect((await lab.history(waits.workflowId)).text).not.toMatch(NAMED);
    expect((await lab.run('list')).stdout).not.toMatch(NAMED);
    expect((await lab.run('list', '--waiting')).stdout).toMatch(/waiting: tokyo sub-NEW001: md left does not exist \(.*MD_rsl\.txt\)/);
    copyFileSync(missing.replace('sub-NEW001', 'sub-TKY003'), missing);
    expect((await lab.sweep()).output).toMatchObject({ verdict: 'started', words: 'new: tokyo: 1 participant added' });
    expect(readResults(lab.study.results).cohorts['tokyo']).toMatchObject({ subjects: 25, excluded: [] });
  }, SLOW);

  it('waits while CIVET has not marked its stages as finished; a complete one that came along is taken in', async () => {
    lab.add('toronto', 'sub-TOR003', 'sub-NEW002');
    const [mark] = lab.add('toronto', 'sub-TOR004', 'sub-NEW003').filter((p) => p.endsWith('surface_resample.finished')) as [string];
    rmSync(mark);
    const sweep = await lab.sweep();
    expect(sweep.output).toMatchObject({ verdict: 'started', words: 'new: toronto: 1 participant added; waiting: 1 participant of toronto' });
    expect(readResults(lab.study.results).cohorts['toronto']).toMatchObject({ subjects: 29, excluded: [{ id: 'sub-NEW003', code: 'WAITING', reason: 'CIVET has not marked as finished: surface_resample' }] });
    expect((await lab.sweep()).output).toMatchObject({ verdict: 'nothing-new', words: expect.stringContaining('waiting: 1 participant of toronto') });
    writeFileSync(mark, '');
    const taken = await lab.sweep();
    expect(taken.output).toMatchObject({ verdict: 'started', words: 'new: toronto: 1 participant added' });
    expect(readResults(lab.study.results).cohorts['toronto']).toMatchObject({ subjects: 30, excluded: [] });
    for (const id of ['acc-trs', 'acc-trs/toronto']) expect((await lab.history(id)).text).not.toMatch(NAMED);
  }, SLOW);

  it('waits while files have just changed; one who was analysed holds the study', async () => {
    lab.add('tokyo', 'sub-TKY005', 'sub-NEW004');
    await lab.settle('1h');
    expect((await lab.sweep()).output).toMatchObject({ verdict: 'nothing-new', words: expect.stringContaining('waiting: 1 participant of tokyo') });
    const file = join(lab.study.directory, 'tokyo', 'dwi', 'sub-TKY006_mid_left_MD_rsl.txt'), whole = readFileSync(file, 'utf8');
    writeFileSync(file, whole.slice(0, whole.length / 2)); // being written again
    expect((await lab.sweep()).output).toMatchObject({ verdict: 'held', started: null, words: expect.stringContaining('held until the next sweep: files of 1 participant of tokyo that were analysed are being written') });
    writeFileSync(`${file}.new`, whole);
    renameSync(`${file}.new`, file);
    await lab.settle('1s');
    expect((await lab.sweep()).output).toMatchObject({ verdict: 'started', words: 'new: tokyo: 1 participant added' });
    expect(readResults(lab.study.results).cohorts['tokyo']).toMatchObject({ subjects: 26, excluded: [] });
  }, SLOW);
});

// A schedule's shortest period is a minute: not in every run of the tests.
describe.runIf(process.env['SULCUS_SCALE'] !== undefined)('a schedule that is left alone', () => {
  let lab: Scheduled;
  beforeAll(async () => { lab = await Scheduled.create({ worker: false }); }, SLOW);
  afterAll(() => lab?.close(), SLOW);

  it('fires by itself while server and worker run', async () => {
    expect((await lab.run('create', 'study.yaml', '--every', '1m', '--settle', '1s')).code).toBe(0);
    const worker = start(['worker'], lab.study.directory);
    try {
      await until('results', () => { try { return readResults(lab.study.results); } catch { return null; } }, 180_000);
      await until('a sweep that finds nothing new', async () => ((await standing(lab))['last'] as { output: SweepOutput | null } | null)?.output?.verdict === 'nothing-new' ? true : null, 180_000);
    } finally {
      worker.child.kill('SIGTERM');
      await worker.finished;
    }
    expect(await lab.runs()).toHaveLength(1);
  }, SLOW);
});
