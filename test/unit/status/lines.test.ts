/** What a person reads, at the widths of terminals. */
import { describe, expect, it } from 'vitest';
import { cohortTable, listLines, studyLines } from '../../../client/status/lines.js';
import { createScreen } from '../../../client/status/screen.js';
import type { CohortStanding, StudyStanding } from '../../../client/status/standing.js';

const NOW = Date.parse('2026-01-02T03:14:05Z');
const cohort = (more: Partial<CohortStanding> = {}): CohortStanding => ({
  cohort: 'tokyo', workflowId: 'acc/tokyo', status: 'running', stage: 'fit', running: 0, retrying: 0, subjects: { total: 73, done: 73, reused: 0, excluded: 0 },
  fits: { total: 189, done: 84, reused: 0, notConverged: 0 }, stability: { total: 9, done: 0 }, ...more,
});
const study = (more: Partial<StudyStanding> = {}): StudyStanding => ({
  workflowId: 'acc', runId: '01a204ad-8fe7-7000-8000-000000000000', status: 'running', stage: 'fit', started: '2026-01-02T03:04:05Z', ended: null, waitsFor: null, failure: null, retries: [],
  cohorts: [cohort()], timeLeft: { seconds: 90, reason: null, atATime: 2 }, rank: null, paused: null, review: null, out: '/data/results', replicated: null, work: null, link: null, ...more,
});
const failure = { code: 'MISSING_FILE', message: 'no participants.tsv in tokyo (name it in the study file)', remedy: 'name it in the study file', where: ['acc/tokyo', 'surveyCohort'] };

describe('a study', () => {
  it('that runs: since when, counts, time left', async () => {
    const text = (await studyLines(study(), 100, NOW)).join('\n');
    expect(text).toContain('acc: running for 10 min (since 2026-01-02 03:04 UTC, run 01a204ad-8fe7), stage fit');
    expect(text).toContain('about 2 min, 2 at a time');
    expect(text).toMatch(/tokyo +fit +73\/73 +84\/189 +0\/9/);
  });

  it('that is in a pipeline: how far, and that nobody runs programs', async () => {
    const piped = cohort({ stage: 'pipeline', pipeline: { name: 'dti', workflowId: 'acc/tokyo/dti', total: 73, done: 12, excluded: 1 } });
    const text = (await studyLines(study({ waitsFor: 'tools', cohorts: [piped, cohort({ cohort: 'toronto' })] }), 120, NOW)).join('\n');
    expect(text).toContain('stage pipeline');
    expect(text).toMatch(/tokyo +pipeline +dti 12\/73 \(1 left out\)/);
    expect(text).toContain('sulcus worker --role tools');
  });

  it('that waits for ratings: how many, where, and what to type; and whether others are at work', async () => {
    const waiting = { cohort: 'tokyo', pipeline: 'dti', workflowId: 'acc/tokyo/dti', unrated: { mask: 2, metrics: 1 }, since: '2026-01-02T03:11:05Z' };
    const piped = cohort({ stage: 'pipeline', pipeline: { name: 'dti', workflowId: 'acc/tokyo/dti', total: 73, done: 70, excluded: 1, waiting } });
    const text = (await studyLines(study({ waitsFor: 'rating', cohorts: [piped] }), 120, NOW)).join('\n');
    for (const line of ['A person is needed: 3 participants wait for a rating.', 'tokyo, dti: 2 at mask, 1 at metrics. Waiting for 3 min.', 'sulcus rate STUDY.yaml', 'Then go on with: sulcus run STUDY.yaml']) expect(text).toContain(line);
    expect(text).toMatch(/tokyo +pipeline +dti 70\/73 \(1 left out\), 3 unrated/);
    const others = (await studyLines(study({ cohorts: [piped, cohort({ cohort: 'toronto' })] }), 120, NOW)).join('\n');
    expect(others).toContain('A person is needed, while others are at work: 3 participants');
    expect(others).not.toContain('go on with');
  });

  it('tells failures before anything else, with cause and remedy', async () => {
    const lines = await studyLines(study({ status: 'failed', ended: '2026-01-02T03:05:05Z', failure, timeLeft: null }), 200, NOW);
    expect(lines[1]).toBe('  ! no participants.tsv in tokyo [in acc/tokyo > surveyCohort] (MISSING_FILE)');
    expect(lines[2]).toContain('what to do: name it in the study file; then launch it again');
  });

  it('tells what is tried again: the last failure, the attempt, when the next one is', async () => {
    const retry = { workflowId: 'acc/tokyo', cohort: 'tokyo', activity: 'factorize', running: false, since: null, attempt: 3, maximumAttempts: 10, heartbeat: { rank: 7 }, failure: { code: 'ENOSPC', message: 'no space left', remedy: null }, nextAttempt: '2026-01-02T03:14:17Z' };
    const lines = await studyLines(study({ retries: [retry] }), 200, NOW);
    expect(lines[1]).toBe('  ! factorize of tokyo, rank 7: no space left (ENOSPC); attempt 3 of 10 in 12 s');
    expect(lines[2]).toContain('what to do: free space');
  });

  it('says that the time is not known, and why', async () => {
    expect((await studyLines(study({ timeLeft: { seconds: null, reason: 'no fit has ended yet', atATime: 2 } }), 100, NOW)).join('\n')).toContain('Time left: unknown, no fit has ended yet.');
  });

  it('fits the terminal', async () => {
    const rank = { chosen: 4, policy: 'auto' as const, reason: 'stability at 4 is above 0.8 in every cohort (at least 0.960) and falls most sharply after it (by 0.149 on average to rank 5)', doubt: false, approvedBy: null, approvedAt: null, note: null };
    const work = [{ step: 'fit' as const, cohort: 'tokyo', computed: true, why: 'participants: 2 added', count: 189, seconds: 3 }, { step: 'rank' as const, cohort: null, computed: true, why: 'stability of tokyo: others', count: 1, seconds: 0 }];
    for (const width of [80, 120]) {
      const lines = await studyLines(study({ rank, work, failure, waitsFor: 'worker', cohorts: [cohort({ subjects: { total: 73, done: 73, reused: 71, excluded: 2 }, running: 2, retrying: 1, fits: { total: 189, done: 84, reused: 12, notConverged: 3 } })] }), width, NOW);
      for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(width);
    }
  });

  it('says why steps were computed, together where the reason is one', async () => {
    const row = (cohort_: string, why: string): NonNullable<StudyStanding['work']>[number] => ({ step: 'fit', cohort: cohort_, computed: true, why, count: 189, seconds: 1 });
    expect((await studyLines(study({ work: [row('tokyo', 'first time'), row('toronto', 'first time')] }), 100, NOW)).at(-1)).toBe('  Steps: 378 computed (first time), 0 reused');
    const two = await studyLines(study({ work: [row('tokyo', 'participants: 2 added'), row('toronto', 'code version 1 -> 2')] }), 100, NOW);
    expect(two.slice(-2)).toEqual(['    fit of tokyo (189): participants: 2 added', '    fit of toronto (189): code version 1 -> 2']);
  });
});

describe('tables', () => {
  it('leave out columns with nothing in them', () => {
    expect(cohortTable([cohort()])[0]).toBe('cohort  stage  people    fits  ranks');
    expect(cohortTable([cohort({ subjects: { total: 73, done: 73, reused: 0, excluded: 2 } })])[0]).toContain('excluded');
  });

  it('list studies, a line each', () => {
    const [head, line] = listLines([{ workflowId: 'acc', runId: 'r', status: 'done', stage: 'done', rank: 4, started: '2026-01-02T03:04:05Z', ended: '2026-01-02T03:05:05Z' }], NOW);
    expect(head).toMatch(/^study +state/);
    expect(line).toMatch(/^acc +done +4 +2026-01-02 03:04 +1 min$/);
  });
});

describe('a screen', () => {
  it('is drawn in place on a terminal, and no higher than it', () => {
    let written = '';
    const screen = createScreen({ isTTY: true, rows: 5, write: (text: string) => { written += text; return true; } });
    screen.show(['a', 'b'], '');
    screen.show(['a', 'c'], '');
    expect(written).toContain('\x1b[2A');
    written = '';
    screen.show(['1', '2', '3', '4', '5', '6'], '');
    expect(written.split('\n').length - 1).toBe(4);
    expect(written).toContain('3 more lines');
    screen.leave();
    expect(written).toContain('\x1b[?25h');
  });

  it('elsewhere is printed only when something changed', () => {
    let written = '';
    const screen = createScreen({ write: (text: string) => { written += text; return true; } });
    screen.show(['a 1 s'], 'same');
    screen.show(['a 2 s'], 'same');
    screen.show(['b'], 'other');
    expect(written).toBe('a 1 s\n\nb\n\n');
  });
});
