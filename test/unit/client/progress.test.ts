/** The line that a command shows while it follows a study. */
import { describe, expect, it } from 'vitest';
import { progressLine, type Progress } from '../../../client/progress.js';
import type { PipelineProgress } from '../../../contracts/pipeline-workflows.js';
import type { CohortProgress, StudyProgress } from '../../../contracts/workflows.js';

const study: StudyProgress = { study: 'acc', stage: 'fit', cohorts: [], review: null, rank: null };
const cohort = (name: string, stage: CohortProgress['stage'], done = 0): CohortProgress => ({
  cohort: name, stage, subjects: { done: 24, total: 24, excluded: 0 }, fits: { done, total: 21, reused: 0, notConverged: 0 }, stability: { done: 0, total: 3 },
});

const pipelines: Progress['pipelines'] = new Map();
const piped = (name: string, total: number | null, done: number, excluded = 0): [string, PipelineProgress] => [name, { pipeline: 'dti', total, done, excluded, running: 2, ran: 0, reused: 0 }];

describe('the line of progress', () => {
  it('counts who is through a pipeline, and who is left out by it', () => {
    const cohorts = ['tokyo', 'toronto', 'kyoto'].map((name): CohortProgress => { const c = cohort(name, 'pipeline'); return { ...c, pipeline: 'dti', fits: { ...c.fits, total: null } }; });
    expect(progressLine({ study, cohorts, pipelines: new Map([piped('tokyo', 24, 7), piped('toronto', 28, 9, 1)]), cohortCount: 3 }))
      .toBe('tokyo dti 7/24 participants, toronto dti 9/28 participants, 1 left out, kyoto dti 0/? participants');
    expect(progressLine({ study, cohorts, pipelines: new Map([piped('tokyo', 24, 7), piped('toronto', 28, 9, 1)]), cohortCount: 8 }))
      .toBe('0 of 8 cohorts ready; 3 in pipelines (16/52 participants, 1 left out)');
  });

  it('counts who waits for a rating', () => {
    const cohorts = [{ ...cohort('tokyo', 'pipeline'), pipeline: 'dti' }, { ...cohort('toronto', 'pipeline'), pipeline: 'dti' }];
    const some = new Map([piped('tokyo', 24, 7, 1), piped('toronto', 28, 9)].map(([name, p], i) => [name, { ...p, unrated: i === 0 ? { mask: 3, metrics: 2 } : { mask: 1 } }]));
    expect(progressLine({ study, cohorts, pipelines: some, cohortCount: 2 })).toBe('tokyo dti 7/24 participants, 1 left out, 5 wait for a rating, toronto dti 9/28 participants, 1 waits for a rating');
    expect(progressLine({ study, cohorts, pipelines: some, cohortCount: 8 })).toContain('2 in pipelines (16/52 participants, 1 left out, 6 wait for a rating)');
  });

  it('lists few cohorts', () => {
    expect(progressLine({ study, cohorts: [cohort('tokyo', 'fit', 4), cohort('toronto', 'done')], pipelines, cohortCount: 2 })).toBe('tokyo 4/21 fits, toronto ready');
  });

  it('counts many, those too that cannot answer yet', () => {
    const answering = ['a', 'b', 'c'].map((name) => cohort(name, name === 'a' ? 'done' : 'fit', 5));
    expect(progressLine({ study, cohorts: answering, pipelines, cohortCount: 8 })).toBe('1 of 8 cohorts ready; 15/63 fits');
  });

  it('says who paused it and since when', () => {
    expect(progressLine({ study: { ...study, paused: { by: 'A. Reviewer', at: '2026-11-22T10:00:00Z', number: 1, note: null } }, cohorts: [cohort('tokyo', 'fit', 4)], pipelines, cohortCount: 1 }))
      .toBe('paused by A. Reviewer since 2026-11-22T10:00:00Z: tokyo 4/21 fits');
  });
});
