/** Progress of a study and its cohorts, from their workflows' queries. */
import { QueryNotRegisteredError, QueryRejectedError, ServiceError, type Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { unratedOf, type PipelineProgress } from '../contracts/pipeline-workflows.js';
import { PROGRESS_QUERY, type CohortProgress, type StudyProgress } from '../contracts/workflows.js';
import type { RatingsWaiting } from './rating-text.js';

export interface Progress {
  study: StudyProgress;
  /** Cohorts that could answer; one that has not begun, or whose worker has just died, cannot. */
  cohorts: CohortProgress[];
  /** Of cohorts that are in a pipeline, by cohort; one whose pipeline cannot answer yet is missing. */
  pipelines: Map<string, PipelineProgress>;
  /** How many the study has. */
  cohortCount: number;
}

/** Null while the study cannot answer yet (no worker has taken it up). */
export async function readProgress(client: Client, workflowId: string, cohorts: string[]): Promise<Progress | null> {
  const study = await ask<StudyProgress>(client, workflowId);
  if (study === null) return null;
  const rows = await Promise.all(cohorts.map((c) => ask<CohortProgress>(client, `${workflowId}/${c}`)));
  const answered = rows.filter((r): r is CohortProgress => r !== null), pipelines = new Map<string, PipelineProgress>();
  await Promise.all(answered.map(async ({ cohort, pipeline }) => {
    const found = pipeline == null ? null : await ask<PipelineProgress>(client, `${workflowId}/${cohort}/${pipeline}`);
    if (found !== null) pipelines.set(cohort, found);
  }));
  return { study, cohorts: answered, pipelines, cohortCount: cohorts.length };
}

/**
 * The pipelines that wait for ratings, where nobody else is at work; null: somebody is. The pipelines themselves are asked: they may have heard of ratings of which
 * the study does not know yet.
 */
export async function ratingsWaiting(client: Client, { ratings }: StudyProgress): Promise<RatingsWaiting[] | null> {
  if (ratings?.all !== true) return null;
  const found = await Promise.all(ratings.awaited.map(async (one) => {
    const pipeline = await ask<PipelineProgress>(client, one.workflowId);
    return pipeline?.waiting === undefined ? [] : [{ ...one, ...pipeline.waiting, unrated: pipeline.unrated ?? {} }];
  }));
  return found.every((one) => one.length > 0) ? found.flat() : null;
}

async function ask<T>(client: Client, workflowId: string): Promise<T | null> {
  try {
    return await client.withDeadline(Date.now() + 5_000, () => client.workflow.getHandle(workflowId).query<T>(PROGRESS_QUERY));
  } catch (error) {
    // No worker at the moment, one that died with the question, a busy server: progress is only shown, the study's end is told elsewhere.
    if (error instanceof WorkflowNotFoundError || error instanceof QueryNotRegisteredError || error instanceof QueryRejectedError || error instanceof ServiceError) return null;
    throw error;
  }
}

/** More cohorts than this are counted on the line, not listed. */
const LISTED = 6;

/** `tokyo 84/189 fits, toronto mrtrix3-dti 12/28 participants` on one line. */
export function progressLine({ study, cohorts, pipelines, cohortCount }: Progress): string {
  const parts = cohortCount > LISTED ? [together(cohorts, pipelines, cohortCount)] : cohorts.map((c) => {
    if (c.stage === 'pipeline') return `${c.cohort} ${c.pipeline ?? 'pipeline'} ${throughText(pipelines.get(c.cohort))}`;
    if (c.stage === 'ingest') return `${c.cohort} ${c.subjects.done}/${c.subjects.total ?? '?'} subjects`;
    if (c.stage === 'done') return `${c.cohort} ready`;
    if (c.stage === 'stability') return `${c.cohort} stability ${c.stability.done}/${c.stability.total}`;
    return `${c.cohort} ${c.fits.done}/${c.fits.total ?? '?'} fits`;
  });
  const early = ['ingest', 'fit'].includes(study.stage);
  const where = early && parts.length > 0 ? parts.join(', ') : `${study.stage}`;
  return study.paused == null ? where : `paused${study.paused.by === null ? '' : ` by ${study.paused.by}`} since ${study.paused.at}: ${where}`;
}

/** `12/28 participants, 1 left out, 5 wait for a rating` */
function throughText({ done = 0, total = null, excluded = 0, unrated = {} }: Partial<PipelineProgress> = {}): string {
  const asked = unratedOf({ unrated });
  return `${done}/${total ?? '?'} participants${excluded > 0 ? `, ${excluded} left out` : ''}${asked > 0 ? `, ${asked} wait${asked === 1 ? 's' : ''} for a rating` : ''}`;
}

/** `3 of 20 cohorts ready; 2 in pipelines (30/112 participants); 12 read participants; 410/3024 fits`. Fits are those of the cohorts that know theirs. */
function together(cohorts: readonly CohortProgress[], pipelines: ReadonlyMap<string, PipelineProgress>, cohortCount: number): string {
  const piped = cohorts.filter((c) => c.stage === 'pipeline').length, sum = (of: (p: PipelineProgress) => number): number => [...pipelines.values()].reduce((s, p) => s + of(p), 0);
  const through = throughText({ done: sum((p) => p.done), total: sum((p) => p.total ?? 0), excluded: sum((p) => p.excluded), unrated: { all: sum(unratedOf) } });
  const ready = cohorts.filter((c) => c.stage === 'done').length, reading = cohorts.filter((c) => c.stage === 'ingest').length;
  const done = cohorts.reduce((s, c) => s + c.fits.done, 0), total = cohorts.reduce((s, c) => s + (c.fits.total ?? 0), 0);
  return [`${ready} of ${cohortCount} cohorts ready`, ...(piped > 0 ? [`${piped} in pipelines (${through})`] : []), ...(reading > 0 ? [`${reading} read participants`] : []), ...(total > 0 ? [`${done}/${total} fits`] : [])].join('; ');
}

/** The evidence a reviewer needs, as text. */
export function reviewTable(study: StudyProgress): string[] {
  if (study.review === null) return [];
  const cohorts = Object.keys(study.review.ranks[0]?.stability ?? {});
  const bar = (s: number | null): string => (s === null ? '' : '#'.repeat(Math.max(0, Math.round(s * 20))));
  return [
    `rank  ${cohorts.map((c) => c.padEnd(28)).join('')}`.trimEnd(),
    ...study.review.ranks.map(({ rank, stability }) => `${String(rank).padStart(4)}  ${cohorts.map((c) => {
      const s = stability[c] ?? null;
      return `${s === null ? ' none' : s.toFixed(3)} ${bar(s)}`.padEnd(28);
    }).join('')}`.trimEnd()),
  ];
}
