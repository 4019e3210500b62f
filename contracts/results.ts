/**
 * results.json, schema `sulcus/results/1`. Other programs read it: add fields, never change the meaning of one.
 * A statistic that cannot be computed is null and its row has a `reason`. JSON has no NaN.
 */
import type { CohortStatistics } from './cohort-statistics.js';
import type { OperatorDecision, RankDecision } from './decisions.js';
import type { PipelineResults } from './pipeline-results.js';
import type { StepRow } from './steps.js';
import type { Hemisphere, Solver } from './study.js';
import type { SurrogateNull } from './uncertainty.js';

// Whoever reads the whole document takes all of its vocabulary from here.
export type * from './cohort-statistics.js';
export type * from './decisions.js';
export type * from './glx-rows.js';
export type * from './pipeline-results.js';
export type * from './statistic-rows.js';
export type * from './steps.js';

/** A participant left out, with every reason; `file` and `line` where a file was at fault. */
export interface Exclusion {
  id: string;
  reason: string;
  code?: string;
  file?: string | null;
  line?: number | null;
  remedy?: string | null;
  /** The pipeline that could not be finished for the participant. Absent: it was no pipeline. */
  pipeline?: string;
  /** Who left the participant out and when (ISO time), where a person did: code EXCLUDED_BY_PERSON. */
  by?: string;
  at?: string;
}

export interface RankRow {
  rank: number;
  stability: { mean: number | null; sd: number | null; median: number | null; splits: (number | null)[]; surrogates?: SurrogateNull };
  /** ||X - W H||_F at the projective scale: mean and sd over all halves, and of the whole cohort. */
  error: { mean: number; sd: number; full: number };
  /** error.mean(rank) - error.mean(rank - 1): negative while accuracy still improves. null at the lowest rank. */
  gradient: number | null;
  /** Fits of this rank (halves and whole) and how many of them did not reach the tolerance. */
  fits: number;
  notConverged: number;
  /** And how many of X that does not determine W at this rank; absent in results of earlier versions. */
  flat?: number;
}

export interface ParcellationRow {
  rank: number;
  /** Vertices of each component, in component order. */
  sizes: number[];
  error: number;
  residual: number;
  converged: boolean;
  iterations: number;
  solver: Solver;
  stopped: string;
  /** (worst - best) / best error of the starts that were finished to be compared; null with one start. */
  spread: number | null;
  /** The data do not determine W at this rank; absent in results of earlier versions. */
  flat?: boolean;
}

export interface CohortResults extends CohortStatistics {
  subjects: number;
  excluded: Exclusion[];
  groups: Record<string, number>;
  vertices: number;
  /** Vertices analysed per hemisphere, and how many the midline mask removed (0 when kept). With a mask `counts` has both numbers, whichever is analysed. */
  region: { left?: number; right?: number; midlineDropped: number; counts?: { side: Hemisphere; region: number; cortex: number }[] };
  ranks: RankRow[];
  parcellation: ParcellationRow | null;
}

export interface MatchingRow {
  a: string;
  b: string;
  /** Adjusted Rand index at the chosen rank. */
  ari: number | null;
  byRank: { rank: number; ari: number; surrogates?: SurrogateNull }[];
  /** permutation[i] = component of `b`, as fitted, that became component i + 1. */
  permutation: number[];
  /** overlap[i][j]: vertices in component i + 1 of `a` and component j + 1 of `b`, both renumbered. */
  overlap: number[][];
}

export interface ReplicatedIndex {
  component: number;
  metric: string;
}

export interface StudyResults {
  schema: 'sulcus/results/1';
  study: string;
  /** Versions, parameters, times of the run. */
  run: { workflowId: string; runId: string; version: string; finishedAt: string; partial: boolean };
  parameters: {
    solver: Solver; tolerance: number; maxIterations: number; ranks: [number, number];
    normalization: { zscore: string; shift: string; withinHalves: boolean };
    splits: number; seed: number; threshold: number; alpha: number; covariates: string[]; pairwise: 'subset' | 'pooled'; missing: string;
    /** Bootstrap resamples and spatial surrogates (0: none), confidence of intervals, and their seed; absent in results of earlier versions. */
    resamples?: number; nulls?: number; confidence?: number; statisticsSeed?: number;
    metrics: { name: string; unit: string | null }[];
  };
  rank: RankDecision;
  cohorts: Record<string, CohortResults>;
  matching: MatchingRow[];
  replicated: ReplicatedIndex[];
  /** What a careful reader should doubt, one plain sentence each. */
  doubts: string[];
  /** What persons decided while it ran, in order; absent in results of earlier versions. */
  decisions?: OperatorDecision[];
  /** Programs that ran before vertex files were read, by pipeline and cohort; absent in studies without pipelines. */
  pipelines?: PipelineResults[];
  steps: StepRow[];
}
