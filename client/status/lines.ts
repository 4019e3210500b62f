/** Where studies stand, as lines for a terminal. */
import type { StepName } from '../../contracts/steps.js';
import { causeText } from '../failure.js';
import { rankLine } from '../rank-line.js';
import { countOf, ratingLines } from '../rating-text.js';
import { durationText, reviewLines } from '../review-text.js';
import { wrap } from '../wrap.js';
import type { ListedStudy } from './list.js';
import { remedyFor } from './remedies.js';
import type { CohortStanding, Retry, StudyStanding } from './standing.js';
import type { StepWork } from './work.js';

/** Steps in the order in which they run. */
const ORDER: readonly StepName[] = ['ingest', 'fit', 'stability', 'rank', 'match', 'indices', 'statistics', 'surrogates', 'bootstrap', 'report'];
/** Reasons shown of one run. */
const MOST_REASONS = 12;

/** One study whole: what is wrong first. `now`: milliseconds since 1970. */
export async function studyLines(s: StudyStanding, width: number, now: number): Promise<string[]> {
  const lines = [...wrap(headline(s, now), width)];
  const indented = (text: string): void => { lines.push(...wrap(text, width, 2)); };
  if (s.failure !== null) {
    indented(`! ${causeText(s.failure)}${s.failure.where.length > 0 ? ` [in ${s.failure.where.join(' > ')}]` : ''} (${s.failure.code})`);
    const remedy = remedyFor(s.failure, s.workflowId) ?? 'mend that';
    indented(`  what to do: ${remedy}${remedy.includes('again') ? '' : '; then launch it again: everything finished is reused'}`);
  }
  for (const retry of s.retries) for (const line of retryLines(retry, s.workflowId, now)) indented(line);
  if (s.waitsFor === 'worker') indented('No worker is running: it goes on with `sulcus run STUDY.yaml` (or `sulcus worker`).');
  if (s.waitsFor === 'tools') indented('No worker runs programs: it goes on with `sulcus worker --role tools` where the data and the programs are.');
  if (s.paused !== null) indented(`Paused${s.paused.by === null ? '' : ` by ${s.paused.by}`} since ${instant(s.paused.at)}${s.paused.note === null ? '' : ` (${s.paused.note})`}: no fit starts. Go on with: sulcus resume ${s.workflowId}`);
  if (s.waitsFor === null && s.timeLeft !== null) indented(timeText(s));
  const waiting = s.cohorts.flatMap(({ pipeline, status }) => (status === 'running' && pipeline?.waiting !== undefined ? [{ ...pipeline.waiting, reminders: 0 }] : []));
  for (const line of ratingLines(waiting, { others: s.waitsFor !== 'rating', now })) indented(line);
  if (s.status !== 'done') lines.push(...cohortTable(s.cohorts).flatMap((row) => [`  ${row}`.slice(0, width)]));
  if (s.rank !== null) indented(`${rankLine(s.rank).replace(/^r/, 'R')}.`);
  if (s.replicated !== null) indented(s.replicated.length === 0 ? 'Replicated in every cohort: nothing.' : `Replicated in every cohort: ${s.replicated.map((r) => `${r.metric} of component ${r.component}`).join(', ')}.`);
  if (s.status === 'done') indented(`Results: ${s.out}`);
  if (s.work !== null) lines.push(...workLines(s.work, width));
  if (s.review !== null) lines.push('', ...(await reviewLines(s.workflowId, { study: s.workflowId, stage: 'review', cohorts: [], review: s.review, rank: null }, now)));
  return lines;
}

/** Stages of cohorts, which the study's own stage `fit` stands for. */
const OF_COHORTS = ['pipeline', 'ingest', 'fit', 'stability'];

/** While cohorts are at work: the stage of the one that is furthest behind. */
function stageOf({ stage, cohorts }: StudyStanding): string | null {
  const at = cohorts.filter((c) => c.status === 'running').map((c) => OF_COHORTS.indexOf(c.stage ?? '')).filter((i) => i >= 0);
  return stage !== null && OF_COHORTS.includes(stage) && at.length > 0 ? OF_COHORTS[Math.min(...at)] as string : stage;
}

function headline(standing: StudyStanding, now: number): string {
  const { workflowId, runId, status, stage, started, ended } = standing;
  const seconds = ((ended === null ? now : Date.parse(ended)) - Date.parse(started)) / 1000;
  if (status === 'running') return `${workflowId}: running for ${durationText(seconds)} (since ${instant(started)}, run ${runId.slice(0, 13)}), stage ${stageOf(standing) ?? 'not begun'}`;
  return `${workflowId}: ${status} ${instant(ended ?? started)} after ${durationText(seconds)} (run ${runId.slice(0, 13)})${status === 'done' || stage === null ? '' : `, in stage ${stage}`}`;
}

function retryLines({ cohort, activity, attempt, maximumAttempts, running, failure, nextAttempt, heartbeat }: Retry, id: string, now: number): string[] {
  if (failure === null) return [];
  const remedy = remedyFor(failure, id);
  const what = `${activity}${cohort === null ? '' : ` of ${cohort}`}${heartbeat !== null && 'rank' in heartbeat ? `, rank ${String(heartbeat['rank'])}` : ''}`;
  const of = maximumAttempts > 0 ? ` of ${maximumAttempts}` : '';
  const next = running ? `attempt ${attempt}${of} runs` : nextAttempt === null ? `attempt ${attempt}${of} waits for a worker` : `attempt ${attempt}${of} in ${durationText((Date.parse(nextAttempt) - now) / 1000)}`;
  return [`! ${what}: ${causeText(failure)} (${failure.code}); ${next}`, ...(remedy === null ? [] : [`  what to do: ${remedy}`])];
}

function timeText({ timeLeft, cohorts }: StudyStanding): string {
  if (timeLeft === null) return '';
  if (timeLeft.seconds === null) return `Time left: unknown, ${timeLeft.reason}.`;
  if (cohorts.every((c) => c.fits.total !== null && c.fits.done >= c.fits.total)) return 'Time left: the fits are done; the rest usually takes seconds, surrogates and resamples minutes.';
  return `Time left for the fits: about ${durationText(Math.max(1, timeLeft.seconds))}, ${timeLeft.atATime} at a time.`;
}

/** A row a cohort; columns of which every cell is nothing are left out. */
export function cohortTable(cohorts: readonly CohortStanding[]): string[] {
  const of = (done: number, total: number | null): string => (total === null ? '-' : `${done}/${total}`);
  const some = (n: number): string => (n === 0 ? '' : String(n));
  const columns: { head: string; cell: (c: CohortStanding) => string }[] = [
    { head: 'cohort', cell: (c) => c.cohort },
    { head: 'stage', cell: (c) => (c.status === null ? 'waits' : c.status !== 'running' && c.status !== 'done' ? c.status : c.stage ?? '') },
    { head: 'pipeline', cell: (c) => (c.pipeline === undefined ? '' : `${c.pipeline.name} ${of(c.pipeline.done, c.pipeline.total)}${c.pipeline.excluded > 0 ? ` (${c.pipeline.excluded} left out)` : ''}${c.pipeline.waiting === undefined ? '' : `, ${countOf(c.pipeline.waiting.unrated)} unrated`}`) },
    { head: 'people', cell: (c) => of(c.subjects.done, c.subjects.total) },
    { head: 'excluded', cell: (c) => some(c.subjects.excluded) },
    { head: 'fits', cell: (c) => of(c.fits.done, c.fits.total) },
    { head: 'running', cell: (c) => some(c.running) },
    { head: 'failing', cell: (c) => some(c.retrying) },
    { head: 'reused', cell: (c) => some(c.fits.reused) },
    { head: 'loose', cell: (c) => some(c.fits.notConverged) },
    { head: 'ranks', cell: (c) => (c.stability.total === 0 ? '-' : of(c.stability.done, c.stability.total)) },
  ];
  const shown = columns.map(({ head, cell }) => ({ head, cells: cohorts.map(cell) })).filter(({ cells }) => cells.some((text) => text !== ''));
  const rows = [shown.map((c) => c.head), ...cohorts.map((_, i) => shown.map((c) => c.cells[i] as string))];
  const widths = shown.map((_, j) => Math.max(...rows.map((row) => (row[j] as string).length)));
  return rows.map((row) => row.map((text, j) => (j < 2 ? text.padEnd(widths[j] as number) : text.padStart(widths[j] as number))).join('  ').trimEnd());
}

function workLines(work: readonly StepWork[], width: number): string[] {
  const computed = work.filter((w) => w.computed && w.step !== 'report'), reused = work.filter((w) => !w.computed);
  const count = (rows: readonly StepWork[]): number => rows.reduce((s, w) => s + w.count, 0);
  const reasons = new Map<string, StepWork[]>();
  for (const w of [...computed].sort((a, b) => ORDER.indexOf(a.step) - ORDER.indexOf(b.step))) reasons.set(w.why ?? 'not recorded', [...(reasons.get(w.why ?? 'not recorded') ?? []), w]);
  const [only] = reasons.keys();
  const lines = wrap(`Steps: ${count(computed)} computed${reasons.size === 1 ? ` (${only})` : ''}, ${count(reused)} reused${reasons.size > 1 ? '. Computed, and why:' : ''}`, width, 2);
  if (reasons.size === 1) return lines;
  for (const [why, rows] of [...reasons].slice(0, MOST_REASONS)) lines.push(...wrap(`${rows.map(workText).join(', ')}: ${why}`, width, 4));
  if (reasons.size > MOST_REASONS) lines.push(`    and ${reasons.size - MOST_REASONS} more reasons (--json has them)`);
  return lines;
}

function workText({ step, cohort, count }: StepWork): string {
  return `${step}${cohort === null ? '' : ` of ${cohort}`}${count === 1 ? '' : ` (${count})`}`;
}

/** All studies, a line each. */
export function listLines(studies: readonly ListedStudy[], now: number): string[] {
  const rows = [['study', 'state', 'stage', 'rank', 'started (UTC)', 'took'], ...studies.map((s) => [
    s.workflowId, s.status, s.status === 'done' ? '' : s.stage ?? '', s.rank === null ? '' : String(s.rank), s.started.slice(0, 16).replace('T', ' '),
    durationText(((s.ended === null ? now : Date.parse(s.ended)) - Date.parse(s.started)) / 1000),
  ])];
  const widths = (rows[0] as string[]).map((_, j) => Math.max(...rows.map((row) => (row[j] as string).length)));
  return rows.map((row) => row.map((text, j) => text.padEnd(widths[j] as number)).join('  ').trimEnd());
}

/** `2026-11-22 18:10 UTC` */
function instant(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}
