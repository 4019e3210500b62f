/** Fifty commands on one study at the same time, as real processes: `npm run test:scale`. `npm test` launches a few at once in end-to-end.test.ts. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLAIN, isAlive, pidOf, readResults, smallStudy, start, sulcus, until, type Finished, type SmallStudy } from './harness.js';
import { historyFigures } from './history-figures.js';

const LAUNCHES = 50;
const LONG = 900_000;

/** Launches at once; at no moment may there be more than one worker. */
async function launchTogether(study: SmallStudy, args: string[]): Promise<Finished[]> {
  let most = 0;
  const timer = setInterval(() => { most = Math.max(most, workersOf(study)); }, 250);
  try {
    return await Promise.all(Array.from({ length: LAUNCHES }, () => start(['run', 'study.yaml', '--json', ...args], study.directory).finished));
  } finally {
    clearInterval(timer);
    expect(most).toBeLessThanOrEqual(1);
  }
}

function workersOf({ state }: SmallStudy): number {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return command.includes(join('workers', 'main.js')) && command.includes(state);
    } catch {
      return false; // it has ended meanwhile
    }
  }).length;
}

interface Answer {
  status: string;
  runId: string;
  out: string;
  computed: number;
  reused: number;
}

function expectOneRun(ended: Finished[]): Answer {
  expect(ended.map((e) => e.code)).toEqual(ended.map(() => 0));
  for (const { stderr } of ended) expect(stderr).not.toMatch(/\n\s+at |cannot|unexpectedly/);
  const answers = ended.map((e) => JSON.parse(e.stdout) as Answer);
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  return answers[0] as Answer;
}

describe.runIf(process.env['SULCUS_SCALE'] !== undefined)(`${LAUNCHES} launches of one study at once`, () => {
  let study: SmallStudy;
  beforeAll(async () => { study = await smallStudy({ ranks: [2, 3], splits: 2, ...PLAIN }); }, LONG);
  afterAll(() => study.remove());

  it('are one execution when nothing runs yet: all end with 0 and the same results, and leave nothing behind', async () => {
    const answer = expectOneRun(await launchTogether(study, []));
    expect(answer).toMatchObject({ status: 'done', reused: 0, out: study.results });
    expect(readResults(study.results).run.runId).toBe(answer.runId);
    for (const record of ['server.json', 'worker.json']) expect(isAlive(pidOf(join(study.state, record)) as number)).toBe(false);
    expect((await historyFigures(study.state)).filter((h) => h.type === 'studyWorkflow')).toMatchObject([{ status: 'COMPLETED' }]);
  }, LONG);

  it('are one execution on a server and a worker that run already, which stay', async () => {
    const server = start(['server'], study.directory);
    const serverPid = await until('the server', () => { const pid = pidOf(join(study.state, 'server.json')); return pid !== null && isAlive(pid) ? pid : null; });
    const worker = start(['worker'], study.directory);
    const workerPid = await until('the worker', () => { const pid = pidOf(join(study.state, 'worker.json')); return pid !== null && isAlive(pid) ? pid : null; });
    try {
      const answer = expectOneRun(await launchTogether(study, ['--out', 'again']));
      expect(answer).toMatchObject({ status: 'done', computed: 0 });
      expect([pidOf(join(study.state, 'server.json')), pidOf(join(study.state, 'worker.json'))]).toEqual([serverPid, workerPid]);
      expect([isAlive(serverPid), isAlive(workerPid)]).toEqual([true, true]);
    } finally {
      worker.child.kill('SIGINT');
      await worker.finished;
      server.child.kill('SIGINT');
      await server.finished;
    }
    expect([isAlive(serverPid), isAlive(workerPid)]).toEqual([false, false]);
    expect((await historyFigures(study.state)).filter((h) => h.type === 'studyWorkflow')).toHaveLength(2);
  }, LONG);
});

describe.runIf(process.env['SULCUS_SCALE'] !== undefined)('a launch', () => {
  /** Fits of about half a second: enough is left of them when the second command is there. */
  let study: SmallStudy;
  beforeAll(async () => { study = await smallStudy({ meshLevel: 4, ranks: [2, 3], splits: 2, ...PLAIN, edit: [['solver: accelerated, tolerance: 1e-4', 'solver: multiplicative, tolerance: 1e-300, max_iterations: 1500']] }); }, LONG);
  afterAll(() => study.remove());

  it('goes on when the command whose worker it used is interrupted', async () => {
    const owner = start(['run', 'study.yaml'], study.directory);
    const first = await until('a worker', () => pidOf(join(study.state, 'worker.json')), LONG);
    const other = start(['run', 'study.yaml', '--json'], study.directory);
    await until('the second command to follow', () => (readdirSync(join(study.state, 'users')).length === 2 ? true : null), LONG);
    owner.child.kill('SIGINT');
    expect((await owner.finished).code).toBe(130);
    expect(isAlive(first)).toBe(false);
    const { code, stdout, stderr } = await other.finished;
    expect([code, stderr]).toEqual([0, expect.not.stringMatching(/\n\s+at |cannot/)]);
    expect(pidOf(join(study.state, 'worker.json'))).not.toBe(first);
    expect((await historyFigures(study.state)).filter((h) => h.type === 'studyWorkflow')).toHaveLength(1);
    // What was typed after the end is a run of its own, in which everything is reused.
    const later = await sulcus(['run', 'study.yaml', '--json'], study.directory);
    expect([later.code, (JSON.parse(later.stdout) as Answer).computed]).toEqual([0, 0]);
    expect((JSON.parse(later.stdout) as Answer).runId).not.toBe((JSON.parse(stdout) as Answer).runId);
  }, LONG);
});
