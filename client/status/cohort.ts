/** Counts of a cohort from the facts of its workflow. Pure. */
import type { Dataset, FindFitsInput, FindFitsOutput, FitInput, FitOutput, IngestShardOutput, SurveyOutput } from '../../contracts/activities.js';
import { planFitBatches, type FitBatch } from '../../contracts/fit-plan.js';
import { PAUSED } from '../../contracts/operator.js';
import type { CohortInput } from '../../contracts/workflows.js';
import type { Step, WorkflowFacts } from './history.js';

export interface CohortCounts {
  /** Participants listed; null: not known yet. */
  subjects: { total: number | null; done: number; reused: number; excluded: number };
  fits: { total: number | null; done: number; reused: number; notConverged: number };
  /** Ranks whose stability is computed. */
  stability: { total: number; done: number };
  /** Size of the matrix; null: not assembled yet. */
  dataset: Pick<Dataset, 'vertices' | 'subjects' | 'metrics'> | null;
  batches: FitBatchState[];
}

/** An activity of fits, planned or done. */
export interface FitBatchState {
  batch: FitBatch;
  state: 'waiting' | 'open' | 'done';
  /** Of the attempt that computed it; null unless it is done. */
  seconds: number | null;
  /** Ranks that were in the store already. */
  reused: number;
}

export function countCohort(facts: WorkflowFacts): CohortCounts {
  const { spec } = facts.input as CohortInput, [lowest, highest] = spec.factorization.ranks;
  const { steps } = facts;
  const results = <T>(name: string): T[] => steps.filter((s) => s.name === name && s.state === 'done').map((s) => s.result as T);
  const survey = results<SurveyOutput>('surveyCohort')[0], shards = results<IngestShardOutput>('ingestShard'), dataset = results<Dataset>('assembleCohort')[0] ?? null;
  const sum = <T>(rows: T[], of: (row: T) => number): number => rows.reduce((s, row) => s + of(row), 0);
  const fits = results<FitOutput>('factorize').flatMap((f) => f.fits);
  // Fits of earlier runs that were found at once, batch by batch.
  const found = steps.filter((s) => s.name === 'findFits' && s.state === 'done').flatMap((s) =>
    (s.result as FindFitsOutput).found.map(({ batch, notConverged }) => ({ batch: (s.input as FindFitsInput).batches[batch] as FitBatch, notConverged })));
  const foundFits = sum(found, (f) => f.batch.ranks.length);
  return {
    subjects: {
      total: survey?.subjects ?? null, done: sum(shards, (s) => s.read + s.reused + s.excluded), reused: sum(shards, (s) => s.reused),
      excluded: dataset?.excluded ?? sum(shards, (s) => s.excluded),
    },
    fits: {
      total: dataset === null ? null : (highest - lowest + 1) * (2 * spec.stability.splits + 1), done: fits.length + foundFits,
      reused: fits.filter((f) => f.reused).length + foundFits, notConverged: fits.filter((f) => !f.converged).length + sum(found, (f) => f.notConverged),
    },
    stability: { total: highest - lowest + 1, done: results('stabilityOfRank').length },
    dataset, batches: dataset === null ? [] : batchStates(planFitBatches(dataset, spec.factorization.ranks, spec.stability.splits), steps.filter((s) => s.name === 'factorize'), found.map((f) => f.batch)),
  };
}

function batchStates(plan: FitBatch[], steps: Step[], found: FitBatch[]): FitBatchState[] {
  const key = (b: FitBatch): string => `${b.split ?? ''} ${b.half ?? ''} ${b.ranks.join(',')}`;
  const byBatch = new Map<string, Step>();
  for (const step of steps) if (step.failure !== PAUSED) byBatch.set(key((step.input as FitInput).batch), step);
  const there = new Set(found.map(key));
  return plan.map((batch): FitBatchState => {
    if (there.has(key(batch))) return { batch, state: 'done', seconds: null, reused: batch.ranks.length };
    const step = byBatch.get(key(batch));
    if (step?.state !== 'done') return { batch, state: step?.state === 'open' ? 'open' : 'waiting', seconds: null, reused: 0 };
    return {
      batch, state: 'done', reused: (step.result as FitOutput).fits.filter((f) => f.reused).length,
      seconds: step.started === null || step.closed === null ? null : (step.closed - step.started) / 1000,
    };
  });
}
