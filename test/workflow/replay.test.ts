/**
 * Histories that this and earlier versions recorded replay on today's workflow code, and code that was changed carelessly does not: every kind of
 * change has a broken twin. record-histories.ts records what a version does.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as operator from '../../contracts/operator.js';
import * as pipelines from '../../contracts/pipeline-workflows.js';
import * as workflows from '../../contracts/workflows.js';
import { recordedHistories } from './recorded.js';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
const VERSION = (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;

beforeAll(() => { Runtime.install({ logger: new DefaultLogger('ERROR') }); });

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

interface Event {
  eventType: string;
  workflowExecutionStartedEventAttributes?: { workflowType: { name: string } };
  workflowExecutionUpdateAcceptedEventAttributes?: { acceptedRequest: { input: { name: string } } };
  workflowExecutionSignaledEventAttributes?: { signalName: string };
  activityTaskScheduledEventAttributes?: { activityType: { name: string } };
  markerRecordedEventAttributes?: { details?: Record<string, { payloads: { data: string }[] }> };
}

describe('what was recorded', () => {
  const events = recordedHistories().flatMap((r) => (r.history as { events: Event[] }).events);
  const seen = (name: (event: Event) => string | undefined): string[] => [...new Set(events.flatMap((e) => name(e) ?? []))].sort();
  const inSources = (pattern: RegExp): string[] => [...new Set(readdirSync(new URL('../../workflows', import.meta.url)).flatMap((file) =>
    [...readFileSync(new URL(`../../workflows/${file}`, import.meta.url), 'utf8').matchAll(pattern)].map((m) => m[1] as string)))].sort();

  it('has every workflow', () => {
    expect(seen((e) => e.workflowExecutionStartedEventAttributes?.workflowType.name)).toEqual(inSources(/export async function (\w+Workflow)\(/g));
  });

  it('has every update and signal', () => {
    const names = Object.entries({ ...operator, ...pipelines, ...workflows }).flatMap(([name, value]) => (/_(UPDATE|SIGNAL)$/.test(name) ? [value as string] : [])).sort();
    expect([...seen((e) => e.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest.input.name), ...seen((e) => e.workflowExecutionSignaledEventAttributes?.signalName)].sort()).toEqual(names);
  });

  it('has every patch; each is named where it is asked for', () => {
    const patch = (e: Event): string | undefined => {
      const data = e.markerRecordedEventAttributes?.details?.['patch-data']?.payloads[0]?.data;
      return data === undefined ? undefined : (JSON.parse(Buffer.from(data, 'base64').toString('utf8')) as { id: string }).id;
    };
    expect(seen(patch)).toEqual(expect.arrayContaining(inSources(/patched\('([\w-]+)'\)/g)));
    expect(inSources(/(patched\((?!'[\w-]+'\)).*)/g)).toEqual([]);
  });

  it('has every activity', () => {
    const called = inSources(/(?:Steps\.|[{ ])(\w+)\.executeWithOptions/g), scheduled = seen((e) => e.activityTaskScheduledEventAttributes?.activityType.name);
    expect(called.length).toBeGreaterThan(20);
    expect(scheduled).toEqual(called);
  });

  it('has cancellations and steps that failed', () => {
    expect(seen((e) => e.eventType)).toEqual(expect.arrayContaining(['EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED', 'EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED', 'EVENT_TYPE_ACTIVITY_TASK_CANCELED', 'EVENT_TYPE_ACTIVITY_TASK_FAILED', 'EVENT_TYPE_TIMER_FIRED']));
  });
});

/** A change to the compiled workflow, and the recorded history that must refuse it. */
const TWINS: { change: string; file: string; from: string; to: string; history: string }[] = [
  { change: 'an activity renamed', file: 'cohort.js', from: 'lightSteps.assembleCohort', to: 'lightSteps.packCohort', history: 'cohort-whole' },
  { change: 'an activity inserted', file: 'cohort.js', from: "enter('fit');", to: "await lightSteps.chooseRank({}); enter('fit');", history: 'cohort-whole' },
  { change: 'an activity removed', file: 'cohort.js', from: 'readSpectra(input, data), runFits', to: 'Promise.resolve(null), runFits', history: 'cohort-whole' },
  { change: 'a patch forgotten', file: 'cohort.js', from: "patched('find-fits')", to: 'false', history: 'cohort-whole' },
  { change: 'two stages in another order', file: 'study.js', from: "enter('rank');", to: "await lightSteps.matchCohorts({}); enter('rank');", history: 'study-whole' },
  { change: 'a child renamed', file: 'study.js', from: 'executeChild(cohortWorkflow', to: "executeChild('siteWorkflow'", history: 'study-whole' },
  { change: 'a child less', file: 'study.js', from: "if (spec.missing === 'fail')", to: 'if (false)', history: 'study-fail' },
  { change: 'a cohort that nobody waits for', file: 'together.js', from: "patched('ends-together')", to: 'false', history: 'study-cancelled-together' },
  { change: 'an approval not kept', file: 'review.js', from: 'await lightSteps.recordApproval', to: 'void 0 && await lightSteps.recordApproval', history: 'study-operated' },
  { change: 'a pause that nobody is told of', file: 'pause.js', from: 'getExternalWorkflowHandle(id).signal(fitsResumed, pause.number)', to: 'Promise.resolve()', history: 'study-operated' },
  { change: 'a participant left out without the cohort', file: 'exclusions.js', from: 'count.set(cohort, at(cohort) + 1);', to: '', history: 'study-operated' },
  { change: 'the evidence of many cohorts in one argument', file: 'review.js', from: "patched('review-by-list')", to: 'false', history: 'study-many-review' },
  { change: 'a decision by the rule instead of a person', file: 'study.js', from: "policy === 'review' &&", to: 'false &&', history: 'study-operated' },
  { change: 'a pipeline that nobody begins', file: 'cohort.js', from: "(spec.pipelines ?? []).length > 0", to: 'false', history: 'cohort-pipeline' },
  { change: 'a participant less', file: 'pipeline.js', from: 'next < end &&', to: 'next < end - 1 &&', history: 'pipeline-paused' },
  { change: 'somebody left out of whom nobody hears', file: 'pipeline.js', from: 'failures.push(outcome)', to: 'void 0', history: 'pipeline-paused' },
  { change: 'a program that has one attempt', file: 'participant.js', from: 'attempt > step.retries', to: 'true', history: 'participant-tried-again' },
  { change: 'a rating that nobody waits for', file: 'pipeline.js', from: 'unratedOf(counts) > 0', to: 'false', history: 'pipeline-waiting' },
  { change: 'a pipeline that does not hear of a cancellation', file: 'pipelines.js', from: "patched('cancel-continued')", to: 'false', history: 'cohort-cancelled-rating' },
  { change: 'a step that nobody looks at', file: 'participant.js', from: 'spec.review?.includes(step.name) === true', to: 'false', history: 'participant-rated' },
  { change: 'a study that is not told who waits', file: 'rating.js', from: 'await tell({', to: 'void ({', history: 'pipeline-rated-continued' },
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
    const recorded = recordedHistories().find((r) => r.name === `${VERSION}/${history}`);
    if (recorded === undefined) throw new Error(`no recorded history ${history}`);
    await expect(Worker.runReplayHistory({ workflowBundle }, recorded.history, recorded.workflowId)).rejects.toMatchObject({ name: 'DeterminismViolationError' });
  }, 60_000);
});
