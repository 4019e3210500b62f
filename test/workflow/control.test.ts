/** Control on a real server: pause and resume, cancel, rerun, a participant left out while fits run, one cohort alone, and whose fits come first. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchStudy } from '../../client/launch.js';
import { loadStudy } from '../../config/index.js';
import { PAUSE_UPDATE, RESUME_UPDATE } from '../../contracts/operator.js';
import type { StepRow, StudyResults } from '../../contracts/results.js';
import { keepServer, storedFits, workerSeconds, type KeptServer } from './operator.js';
import { pidOf, readResults, smallStudy, start, sulcus, until, type Finished, type SmallStudy, type SmallStudyOptions } from './harness.js';

/** Against hanging only. */
const SLOW = 600_000;

let study: SmallStudy;
let server: KeptServer;
const command = (...args: string[]): Promise<Finished> => sulcus(args, study.directory);
const begin = async (options: SmallStudyOptions, kept: { worker?: boolean } = {}): Promise<void> => { study = await smallStudy(options); server = await keepServer(study, kept); };
let worker: ReturnType<typeof start> | null = null;
const end = async (): Promise<void> => {
  worker?.child.kill('SIGTERM');
  await worker?.finished;
  worker = null;
  await server.release();
  await study.remove();
};

/** What of the results must not depend on pauses, reruns and cancels. */
const science = (folder: string): unknown => {
  const { run: _run, steps: _steps, decisions: _decisions, ...rest } = readResults(folder);
  const weights = Object.keys(rest.cohorts).map((c) => createHash('sha256').update(readFileSync(join(folder, 'parcellation', `${c}_W.npy`))).digest('hex'));
  return { rest, weights };
};
const computed = (results: StudyResults, step: StepRow['step'], cohort?: string): StepRow[] => results.steps.filter((s) => s.step === step && s.computed && (cohort === undefined || s.cohort === cohort));

/** Fits of about half a second: iterations that do not stop by themselves, at low ranks. On one thread, they leave commands the time to come in between. */
const SLOW_FITS: [string, string] = ['solver: accelerated, tolerance: 1e-4', 'solver: multiplicative, tolerance: 1e-300, max_iterations: 1500'];
async function workOnOneThread(): Promise<void> {
  worker = start(['worker', '--threads', '1'], study.directory);
  await until('the worker', () => pidOf(join(study.state, 'worker.json')), 120_000); // commands use it then
}

/** Pauses the study and lets it go on, without the time that a command takes to start. */
const hold = (): Promise<unknown> => server.client.workflow.getHandle('acc-trs').executeUpdate(PAUSE_UPDATE, { args: [{ by: 'An Operator', note: 'noon' }] });
const goOn = (): Promise<unknown> => server.client.workflow.getHandle('acc-trs').executeUpdate(RESUME_UPDATE, { args: [{ by: 'An Operator', note: null }] });

describe('pause and resume', () => {
  const options: SmallStudyOptions = { meshLevel: 4, ranks: [2, 3], splits: 2, edit: [SLOW_FITS] }, FITS = 2 * 2 * 5;
  beforeAll(() => begin(options), SLOW);
  afterAll(end, SLOW);

  it('no fit starts while it is paused, those that run end; then it goes on to the same numbers', async () => {
    const quiet = await smallStudy(options);
    await workOnOneThread();
    try {
      const run = start(['run', 'study.yaml', '--json'], study.directory);
      await until('some fits', () => (storedFits(study).size >= 3 ? true : null), 120_000);
      await hold(); // at once; the command takes a second to start
      const again = await command('pause', 'acc-trs');
      expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('already paused by An Operator')]);
      // Those that run end: the store is then still, and so is the worker.
      const still = await until('a still store', async () => { const n = storedFits(study).size; await pause(4_000); return storedFits(study).size === n ? n : null; }, 120_000);
      expect(still).toBeLessThan(FITS);
      // What is refused leaves no event.
      const events = await server.events('acc-trs'), refused: [string[], RegExp][] = [
        [['pause', 'acc-trs'], /already paused/], [['approve', 'acc-trs', '--rank', '3'], /does not wait for a review/],
        [['exclude', 'acc-trs', '--cohort', 'tokyo', '--subject', 'nobody', '--reason', 'x'], /has no participant nobody/],
      ];
      for (const [args, words] of refused) expect((await command(...args)).stderr).toMatch(words);
      const handle = server.client.workflow.getHandle('acc-trs'), exclusion = { kind: 'exclusion', key: 'no key' };
      await expect(handle.executeUpdate('excludeSubject', { args: [{ cohort: 'kyoto', exclusion, by: null, readmit: false }] })).rejects.toMatchObject({ cause: { type: 'UNKNOWN_COHORT' } });
      await expect(handle.executeUpdate('excludeSubject', { args: [{ cohort: 'tokyo', exclusion, by: null, readmit: false }] })).rejects.toMatchObject({ cause: { type: 'BAD_EXCLUSION' } });
      expect(await server.events('acc-trs')).toBe(events);
      const [before, at] = [workerSeconds(study), performance.now()];
      await pause(4_000);
      expect(storedFits(study).size).toBe(still);
      expect((workerSeconds(study) - before) / ((performance.now() - at) / 1000)).toBeLessThan(0.5);
      expect((await command('status', 'acc-trs')).stdout).toMatch(/paused by An Operator/i);

      const resumed = await command('resume', 'acc-trs', '--by', 'Another', '--json');
      expect([resumed.code, JSON.parse(resumed.stdout)]).toEqual([0, { workflowId: 'acc-trs', paused: null, was: expect.objectContaining({ by: 'An Operator' }) }]);
      const ended = await run.finished;
      expect([ended.code, JSON.parse(ended.stdout)]).toEqual([0, expect.objectContaining({ status: 'done', reused: 0 })]);
      const results = readResults(study.results);
      expect(results.decisions?.map((d) => [d.what, d.by, d.note])).toEqual([['pause', 'An Operator', 'noon'], ['resume', 'Another', null]]);
      expect(computed(results, 'fit')).toHaveLength(FITS);
      expect((await sulcus(['run', 'study.yaml'], quiet.directory)).code).toBe(0);
      expect(science(study.results)).toEqual(science(quiet.results));
    } finally {
      await quiet.remove();
    }
  }, SLOW);
});

describe('cancel', () => {
  /** Fits of minutes. */
  beforeAll(() => begin({ meshLevel: 4, ranks: [6, 6], splits: 2, cohorts: [{ name: 'tokyo', size: 24 }], edit: [['solver: accelerated, tolerance: 1e-4', 'solver: multiplicative, tolerance: 1e-300, max_iterations: 2000000']] }), SLOW);
  afterAll(end, SLOW);

  it('leaves the processor idle within five seconds, keeps checkpoints, and can be launched again', async () => {
    // Four of the five fits at a time: whichever four each launch takes, at least one of two checkpoints is then gone on from.
    const worker = start(['worker', '--threads', '4'], study.directory, { SULCUS_CHECKPOINT_SECONDS: '1' });
    await until('the worker', () => pidOf(join(study.state, 'worker.json')), 120_000); // commands use it then
    const run = start(['run', 'study.yaml', '--json'], study.directory);
    try {
      await until('two fits under way', () => (drafts(study).length > 1 ? true : null), 120_000);
      const asked = performance.now(), used = workerSeconds(study), handle = server.client.workflow.getHandle('acc-trs');
      await handle.cancel();
      // The study ends only when its fits have stopped; the worker stays.
      await until('its end', async () => ((await handle.describe()).status.name === 'CANCELLED' ? true : null), 60_000);
      const stopped = workerSeconds(study);
      console.log(`ended ${((performance.now() - asked) / 1000).toFixed(1)} s after the cancel, with ${(stopped - used).toFixed(1)} s of processor time`);
      await pause(3_000);
      expect(workerSeconds(study) - stopped).toBeLessThan(1);
      // Two fits for five seconds: processor time, so that it holds on a busy machine too.
      expect(stopped - used).toBeLessThan(2 * 5);
      const ended = await run.finished;
      expect([ended.code, JSON.parse(ended.stdout)]).toEqual([1, expect.objectContaining({ status: 'cancelled' })]);
      const kept = drafts(study);
      expect(kept.length).toBeGreaterThan(0);
      const newest = (): number => Math.max(...drafts(study).map((name) => statSync(join(study.state, 'store', 'drafts', 'fit', name)).mtimeMs));
      const before = newest();

      const again = start(['run', 'study.yaml'], study.directory);
      await until('the fits to go on', () => (newest() > before ? true : null), 120_000);
      const paused = await command('pause', 'acc-trs', '--by', 'An Operator', '--note', 'noon', '--json');
      expect([paused.code, JSON.parse(paused.stdout)]).toEqual([0, { workflowId: 'acc-trs', paused: expect.objectContaining({ number: 1, by: 'An Operator', note: 'noon' }) }]);
      await goOn();
      const cancelled = await command('cancel', 'acc-trs', '--json');
      expect([cancelled.code, JSON.parse(cancelled.stdout)]).toEqual([0, { workflowId: 'acc-trs', status: 'cancelled' }]);
      await again.finished;
      const twice = await command('cancel', 'acc-trs');
      expect([twice.code, twice.stderr]).toEqual([1, expect.stringContaining('does not run: it was cancelled')]);
    } finally {
      run.child.kill('SIGTERM');
      worker.child.kill('SIGTERM');
      await Promise.all([run.finished, worker.finished]);
    }
    const words = await worker.finished;
    expect(words.stdout + words.stderr).toContain('a fit goes on from its checkpoint');
  }, SLOW);
});

describe('rerun, and one cohort alone', () => {
  const FITS = 3 * 5;
  beforeAll(() => begin({ ranks: [2, 4], splits: 2 }, { worker: true }), SLOW);
  afterAll(end, SLOW);
  let before: unknown;

  it('a cohort alone goes up to its parcellation, and the study reuses all of it', async () => {
    expect((await command('run', 'study.yaml', '--cohort', 'toronto', '--json')).code).toBe(0);
    const alone = readResults(join(study.directory, 'results-toronto'));
    expect(alone.run.partial).toBe(true);
    expect(Object.keys(alone.cohorts)).toEqual(['toronto']);
    expect(alone.cohorts['toronto']?.parcellation?.sizes.reduce((a, b) => a + b)).toBe(96);
    expect((await command('run', 'study.yaml')).code).toBe(0);
    const results = readResults(study.results);
    expect(results.steps.filter((s) => s.step === 'fit' && s.cohort === 'toronto').every((s) => s.reusedFrom === alone.run.runId)).toBe(true);
    expect([computed(results, 'fit', 'toronto').length, computed(results, 'fit', 'tokyo').length]).toEqual([0, FITS]);
    before = science(study.results);
  }, SLOW);

  it('computes statistics again, and says that it was asked for', async () => {
    const { code, stdout } = await command('rerun', 'acc-trs', '--stage', 'statistics', '--by', 'A. Doubter', '--json');
    expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ status: 'done', out: study.results })]);
    const results = readResults(study.results), done = results.steps.filter((s) => s.computed && s.step !== 'report');
    expect(new Set(done.map((s) => s.step))).toEqual(new Set(results.replicated.length > 0 ? ['statistics', 'bootstrap'] : ['statistics']));
    expect(done.every((s) => s.why === 'asked for by rerun')).toBe(true);
    expect(results.decisions).toEqual([expect.objectContaining({ what: 'rerun', by: 'A. Doubter', about: 'statistics and what follows' })]);
    expect(science(study.results)).toEqual(before);
  }, SLOW);

  it('fits one cohort again, to the same bits, and leaves the other alone', async () => {
    const times = storedFits(study);
    expect((await command('rerun', 'acc-trs', '--stage', 'fit', '--cohort', 'tokyo')).code).toBe(0);
    const results = readResults(study.results);
    expect([computed(results, 'fit', 'tokyo').length, computed(results, 'fit', 'toronto').length, computed(results, 'stability', 'toronto').length]).toEqual([FITS, 0, 0]);
    expect(computed(results, 'match')).toHaveLength(1);
    expect(science(study.results)).toEqual(before);
    const now = storedFits(study);
    expect([...now.keys()].sort()).toEqual([...times.keys()].sort());
    expect([...now].filter(([key, time]) => time !== times.get(key))).toHaveLength(FITS);
    expect(readFileSync(join(study.state, 'logs', 'worker.log'), 'utf8')).not.toContain('the bytes are others');
    // And a run that asks for nothing finds all of it.
    const after = await command('run', 'study.yaml', '--json');
    expect(JSON.parse(after.stdout)).toMatchObject({ computed: 0 });
  }, SLOW);

  it('refuses what there is not', async () => {
    const refused: [string[], number, RegExp][] = [
      [['acc-trs', '--stage', 'everything'], 2, /the stages are ingest, fit/], [['acc-trs', '--stage', 'fit', '--cohort', 'kyoto'], 2, /no cohort "kyoto"/], [['none', '--stage', 'fit'], 1, /there is no study none/],
    ];
    for (const [args, code, words] of refused) {
      const { code: got, stderr } = await command('rerun', ...args);
      expect([args, got, stderr]).toEqual([args, code, expect.stringMatching(words)]);
    }
  }, SLOW);
});

describe('leaving somebody out while fits run', () => {
  afterEach(end, SLOW);

  it('does a cohort again without them, whether it is done or under way, and tells who, when and why', async () => {
    await begin({ meshLevel: 4, ranks: [2, 3], splits: 2, edit: [SLOW_FITS] });
    await workOnOneThread();
    const third = (cohort: string): string => readFileSync(join(study.directory, cohort, 'participants.tsv'), 'utf8').split('\n')[3]?.split('\t')[0] as string;
    const someone = third('tokyo'), other = third('toronto');
    // Tokyo is done when the study begins, Toronto is being fitted.
    expect((await command('run', 'study.yaml', '--cohort', 'tokyo')).code).toBe(0);
    const there = storedFits(study).size;
    const run = start(['run', 'study.yaml', '--json'], study.directory);
    await until('a fit of the other cohort', () => (storedFits(study).size > there ? true : null), 120_000);
    await hold(); // so that it is under way however long the commands take
    const both = [['tokyo', someone], ['toronto', other]] as const;
    const told = await Promise.all(both.map(([cohort, subject]) => command('exclude', 'acc-trs', '--cohort', cohort, '--subject', subject, '--reason', 'consent withdrawn', '--by', 'The Office')));
    for (const [i, done] of told.entries()) {
      const subject = both[i]?.[1] ?? '';
      expect([done.code, done.stderr, done.stdout]).toEqual([0, expect.any(String), expect.stringContaining(`${subject} is left out`)]);
    }
    await goOn();
    expect((await run.finished).code).toBe(0);
    const results = readResults(study.results);
    for (const [cohort, subject] of both) expect(results.cohorts[cohort]?.excluded).toEqual([expect.objectContaining({ id: subject, reason: 'consent withdrawn', by: 'The Office' })]);
    expect([results.cohorts['tokyo']?.subjects, results.cohorts['toronto']?.subjects]).toEqual([23, 27]);
    for (const cohort of ['tokyo', 'toronto']) expect(results.steps.filter((s) => s.step === 'fit' && s.cohort === cohort)).toHaveLength(2 * 5);
    expect(readFileSync(join(study.results, 'tables', 'exclusions.tsv'), 'utf8')).toContain('consent withdrawn');
    expect(readFileSync(join(study.results, 'tables', 'participants.tsv'), 'utf8')).not.toContain(someone);
    for (const id of ['acc-trs', 'acc-trs/tokyo']) expect(await server.history(id)).not.toContain(someone);
  }, SLOW);
});

describe('priority', () => {
  it('hands out the fits of what a person launched before those of what a schedule started', async () => {
    // One thread; the first study has many fits, the second comes when they wait.
    await begin({ meshLevel: 4, ranks: [2, 5], splits: 6, edit: [SLOW_FITS, ['study: acc-trs', 'study: scheduled']] });
    const urgent = await smallStudy({ ranks: [2, 3], splits: 2, cohorts: [{ name: 'tokyo', size: 24 }], edit: [['study: acc-trs', 'study: urgent']] });
    await workOnOneThread();
    try {
      const { spec, directory } = await loadStudy(study.file);
      const { handle } = await launchStudy(server.client, { spec, directory, out: study.results, cohorts: spec.cohorts.map((c) => c.name), priority: 4 });
      await until('fits of the scheduled study', () => (storedFits(study).size >= 2 ? true : null), 120_000);
      const run = await start(['run', urgent.file], study.directory, { SULCUS_STATE: study.state }).finished;
      expect([run.code, run.stderr]).toEqual([0, expect.any(String)]);
      const own = new Set(readResults(urgent.results).steps.filter((s) => s.step === 'fit').map((s) => s.key));
      const all = [...storedFits(study)].sort((a, b) => a[1] - b[1]).map(([key]) => own.has(key));
      const between = all.slice(all.indexOf(true), all.lastIndexOf(true)).filter((mine) => !mine).length;
      console.log(`${all.filter((mine) => !mine).length} fits of the scheduled study, ${between} of them between the ${own.size} of the urgent one`);
      // What was handed out already: a batch of four.
      expect(between).toBeLessThanOrEqual(4);
      expect((await handle.describe()).status.name).toBe('RUNNING');
      await handle.cancel();
    } finally {
      await urgent.remove();
      await end();
    }
  }, SLOW);
});

function drafts(of: SmallStudy): string[] {
  try { return readdirSync(join(of.state, 'store', 'drafts', 'fit')).filter((name) => /^[0-9a-f]{64}$/.test(name)); } catch { return []; } // none yet
}
