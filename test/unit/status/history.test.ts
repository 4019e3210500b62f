/** Where workflows stand, read from histories that were recorded on a real server. */
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { countCohort } from '../../../client/status/cohort.js';
import { countPipeline } from '../../../client/status/pipeline.js';
import { secondsLeft } from '../../../client/status/costs.js';
import { readFacts, type HistoryEvent, type WorkflowFacts } from '../../../client/status/history.js';
import { studyState } from '../../../client/status/study.js';
import { recordedHistories } from '../../workflow/recorded.js';

const events = (name: string): readonly HistoryEvent[] => historyFromJSON(recordedHistories().find((h) => h.name === name)?.history).events ?? [];
const facts = (name: string, until = Infinity): Promise<WorkflowFacts> => readFacts(events(name).slice(0, until), loadDataConverter());

describe('a cohort that is done', () => {
  let done: WorkflowFacts;
  beforeAll(async () => { done = await facts('0.1.0-alpha/cohort-auto'); });

  it('has every count', () => {
    const { subjects, fits, stability, dataset } = countCohort(done);
    expect(subjects).toMatchObject({ total: 24, done: 24, excluded: 0 });
    expect(fits.done).toBe(fits.total);
    expect(fits.total).toBeGreaterThan(0);
    expect(stability.done).toBe(stability.total);
    expect(dataset).toMatchObject({ subjects: 24 });
  });

  it('knows how long each batch took, from its start and not from when it began to wait', () => {
    const batches = countCohort(done).batches;
    expect(batches.length).toBeGreaterThan(0);
    for (const b of batches) {
      expect(b.state).toBe('done');
      expect(b.seconds).toBeGreaterThan(0);
    }
    const steps = done.steps.filter((s) => s.name === 'factorize');
    expect(steps.every((s) => (s.started as number) >= s.scheduled && (s.closed as number) >= (s.started as number))).toBe(true);
  });

  it('has nothing left to do', () => {
    const { dataset, batches } = countCohort(done);
    expect(secondsLeft([{ size: dataset!, batches, running: [] }], 2)).toBe(0);
  });
});

describe('a cohort in the middle', () => {
  it('counts what has ended, at every point of its history, and never backwards', async () => {
    const all = events('0.1.0-alpha/cohort-auto').length;
    let before = -1, unknown = 0;
    for (let until = 1; until <= all; until += 3) {
      const { fits, subjects } = countCohort(await facts('0.1.0-alpha/cohort-auto', until));
      expect(fits.done + subjects.done).toBeGreaterThanOrEqual(before);
      before = fits.done + subjects.done;
      if (fits.total === null) unknown++;
    }
    expect(unknown).toBeGreaterThan(0);                       // before the cohort is assembled the number of fits is not told
    expect(before).toBeGreaterThan(24);
  });

  it('shows less time left, the more has ended', async () => {
    const all = events('0.1.0-alpha/cohort-auto').length, left: number[] = [];
    for (let until = 1; until <= all; until++) {
      const { dataset, batches } = countCohort(await facts('0.1.0-alpha/cohort-auto', until));
      const seconds = dataset === null ? null : secondsLeft([{ size: dataset, batches, running: [] }], 1);
      if (seconds !== null) left.push(seconds);
    }
    expect(left[0]).toBeGreaterThan(0);
    expect(left.at(-1)).toBe(0);
  });
});

describe('a study', () => {
  it('that is done has its rank and its results folder', async () => {
    const { rank, output, review, paused, input } = studyState(await facts('0.1.0-alpha/study-auto'), 'done', 0);
    expect(rank).toMatchObject({ policy: 'auto' });
    expect(output?.out).toMatch(/results$/);
    expect([review, paused]).toEqual([null, null]);
    expect(input.cohorts).toEqual(['tokyo', 'toronto']);
  });

  it('that waits for a person has the stabilities of every cohort, until the rank is approved', async () => {
    const approval = events('0.1.0-alpha/study-review').findIndex((e) => e.workflowExecutionUpdateAcceptedEventAttributes != null);
    expect(approval).toBeGreaterThan(0);
    const waiting = studyState(await facts('0.1.0-alpha/study-review', approval), 'review', 0);
    expect(waiting.rank).toBeNull();
    expect(waiting.review?.ranks.length).toBeGreaterThan(1);
    for (const { stability } of waiting.review?.ranks ?? []) expect(Object.keys(stability)).toEqual(['tokyo', 'toronto']);
    const after = studyState(await facts('0.1.0-alpha/study-review'), 'done', 0);
    expect(after.rank).toMatchObject({ policy: 'review', chosen: expect.any(Number) as number });
  });
});

describe('a pipeline whose participants are rated', () => {
  it('tells who waits and since when, until it is told of ratings', async () => {
    const waiting = countPipeline(await facts('0.1.0/pipeline-waiting'));
    expect(waiting).toMatchObject({ total: 6, done: 5, excluded: 1, waiting: { cohort: 'tokyo', pipeline: 'lab-scan', workflowId: 'acc-trs/tokyo/lab-scan', unrated: { correct: 1 } } });
    expect(Date.parse(waiting.waiting?.since ?? '')).toBeGreaterThan(0);
    const rated = countPipeline(await facts('0.1.0/pipeline-rated'));
    expect(rated).toEqual({ total: 6, done: 6, excluded: 1 });
    expect(countPipeline(await facts('0.1.0/pipeline-rated-continued'))).not.toHaveProperty('waiting');
  });
});
