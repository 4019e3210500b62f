/**
 * Old histories replay on today's workflow code, and code that was changed carelessly does not: every kind of change has a broken twin.
 * `RECORD_HISTORIES=1 npx vitest run test/workflow/replay.test.ts` records the corpus again (once a release, or when a change is meant).
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acquireServer } from '../../client/temporal/index.js';
import { smallStudy, start, sulcus, until } from './harness.js';
import { record, recordedHistories } from './recorded.js';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

beforeAll(() => { Runtime.install({ logger: new DefaultLogger('ERROR') }); });

describe.runIf(process.env['RECORD_HISTORIES'] === '1')('recording', () => {
  it('fetches histories of real runs', async () => {
    for (const [name, edit] of [['auto', []], ['review', [['rank: auto', 'rank: review']]], ['fail', [['missing: exclude', 'missing: fail']]]] as const) {
      const study = await smallStudy({ ranks: [2, 4], splits: 2, edit: edit.map(([a, b]) => [a, b]) });
      const server = await acquireServer(study.state);
      await sulcus(['run', 'study.yaml'], study.directory);
      if (name === 'review') {
        await sulcus(['approve', 'acc-trs', '--rank', '3', '--by', 'somebody'], study.directory);
        await sulcus(['run', 'study.yaml'], study.directory);
      }
      await record(server.address, 'acc-trs', `study-${name}`, study.directory);
      await record(server.address, 'acc-trs/tokyo', `cohort-${name}`, study.directory);
      if (name === 'fail') await record(server.address, 'acc-trs/tokyo/check', 'cohort-check', study.directory);
      if (name === 'auto') {
        writeFileSync(study.file, readFileSync(study.file, 'utf8').replace('alpha: 0.05', 'alpha: 0.01'));
        await sulcus(['schedule', 'create', 'study.yaml', '--every', '24h', '--settle', '0s'], study.directory);
        for (const sweep of ['sweep-started', 'sweep-nothing-new']) {
          const { stdout } = await sulcus(['schedule', 'trigger', '--follow', '--json'], study.directory);
          await record(server.address, (JSON.parse(stdout) as { sweep: { workflowId: string } }).sweep.workflowId, sweep, study.directory);
        }
      }
      await server.release();
      await study.remove();
    }
  }, 300_000);
});

describe.runIf(process.env['RECORD_HISTORIES'] === '1' || process.env['RECORD_HISTORIES'] === 'operator')('recording operators', () => {
  it('fetches histories of a study that was paused, lost a participant and was reviewed', async () => {
    const study = await smallStudy({ meshLevel: 4, ranks: [2, 4], splits: 2, edit: [['rank: auto', 'rank: review\nreview: { remind: 3s }']] });
    const server = await acquireServer(study.state);
    const run = start(['run', 'study.yaml'], study.directory), command = (...args: string[]): Promise<unknown> => sulcus(args, study.directory);
    await until('a fit', () => (existsSync(join(study.state, 'store', 'artifacts', 'fit')) ? true : null), 120_000);
    await command('pause', 'acc-trs', '--by', 'somebody');
    const someone = readFileSync(join(study.directory, 'tokyo', 'participants.tsv'), 'utf8').split('\n')[1]?.split('\t')[0] as string;
    await command('exclude', 'acc-trs', '--cohort', 'tokyo', '--subject', someone, '--reason', 'moved', '--by', 'somebody');
    await command('resume', 'acc-trs', '--by', 'somebody');
    await run.finished;
    await command('approve', 'acc-trs', '--rank', '3', '--by', 'somebody');
    await command('run', 'study.yaml');
    for (const [id, name] of [['acc-trs', 'study'], ['acc-trs/tokyo', 'cohort'], ['acc-trs/toronto', 'cohort-paused']] as const) await record(server.address, id, `${name}-operated`, study.directory);
    await server.release();
    await study.remove();
  }, 600_000);
});

describe('recorded histories', () => {
  const workflowBundle: WorkflowBundleOption = { codePath: join(DIST, 'workflow-bundle.js') };
  it.each(recordedHistories())('$name replays', async ({ workflowId, history }) => {
    await Worker.runReplayHistory({ workflowBundle }, history, workflowId);
  });

  it('are small: events and the largest payload', () => {
    for (const { history } of recordedHistories()) {
      const payloads = [...JSON.stringify(history).matchAll(/"data":"([^"]*)"/g)].map((m) => Buffer.from(m[1] as string, 'base64').length);
      expect(Math.max(...payloads)).toBeLessThan(16 * 1024);
      expect((history as { events: unknown[] }).events.length).toBeLessThan(400);
    }
  });
});

/** A change to the compiled workflow, and the recorded history that must refuse it. */
const TWINS: { change: string; file: string; from: string; to: string; history: string }[] = [
  { change: 'an activity renamed', file: 'cohort.js', from: 'lightSteps.assembleCohort', to: 'lightSteps.packCohort', history: 'cohort-auto' },
  { change: 'an activity inserted', file: 'cohort.js', from: "enter('fit');", to: "await lightSteps.chooseRank({}); enter('fit');", history: 'cohort-auto' },
  { change: 'an activity removed', file: 'cohort.js', from: 'readSpectra(input, data), runFits', to: 'Promise.resolve(null), runFits', history: 'cohort-auto' },
  { change: 'two stages in another order', file: 'study.js', from: "enter('rank');", to: "await lightSteps.matchCohorts({}); enter('rank');", history: 'study-auto' },
  { change: 'a child renamed', file: 'study.js', from: 'executeChild(cohortWorkflow', to: "executeChild('siteWorkflow'", history: 'study-auto' },
  { change: 'a child less', file: 'study.js', from: "if (spec.missing === 'fail')", to: 'if (false)', history: 'study-fail' },
  { change: 'an approval not kept', file: 'review.js', from: 'await lightSteps.recordApproval', to: 'void 0 && await lightSteps.recordApproval', history: 'study-operated' },
  { change: 'a pause that nobody is told of', file: 'pause.js', from: 'getExternalWorkflowHandle(id).signal(fitsResumed, pause.number)', to: 'Promise.resolve()', history: 'study-operated' },
  { change: 'a participant left out without the cohort', file: 'exclusions.js', from: 'count.set(cohort, at(cohort) + 1);', to: '', history: 'study-operated' },
  { change: 'a decision by the rule instead of a person', file: 'study.js', from: "policy === 'review' &&", to: 'false &&', history: 'study-review' },
  { change: 'a study that a sweep does not start', file: 'sweep.js', from: "if (study === null || verdict !== 'new')", to: 'if (true)', history: 'sweep-started' },
  { change: 'a sweep that looks otherwise', file: 'sweep.js', from: 'const { lookAtStudy }', to: 'const { lookAtFolders: lookAtStudy }', history: 'sweep-nothing-new' },
];

describe('broken twins', () => {
  const folder = mkdtempSync(join(DIST, '.twin-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(TWINS)('$change does not replay', async ({ file, from, to, history }) => {
    for (const room of ['workflows', 'contracts']) cpSync(join(DIST, room), join(folder, room), { recursive: true });
    const path = join(folder, 'workflows', file);
    const code = readFileSync(path, 'utf8');
    expect(code).toContain(from);
    writeFileSync(path, code.replace(from, to));
    const workflowBundle = await bundleWorkflowCode({ workflowsPath: join(folder, 'workflows', 'index.js'), logger: new DefaultLogger('ERROR') });
    const recorded = recordedHistories().find((r) => r.name === history);
    if (recorded === undefined) throw new Error(`no recorded history ${history}`);
    await expect(Worker.runReplayHistory({ workflowBundle }, recorded.history, recorded.workflowId)).rejects.toMatchObject({ name: 'DeterminismViolationError' });
  }, 60_000);
});
