/** Workflow types, their arguments, and the messages they answer. */
import type { CohortOutcome, RunInfo } from './activities.js';
import type { RankDecision, ReplicatedIndex } from './results.js';
import type { StudySpec } from './study.js';

export const STUDY_WORKFLOW = 'studyWorkflow';
export const COHORT_WORKFLOW = 'cohortWorkflow';
export const PROGRESS_QUERY = 'progress';
export const APPROVE_RANK_UPDATE = 'approveRank';

export interface StudyInput {
  spec: StudySpec;
  /** Absolute path of the study file's folder, as workers see it. */
  directory: string;
  /** Absolute path of the results folder. */
  out: string;
  /** Cohorts to work on; fewer than all of the study's: up to their rank evidence and parcellations. */
  cohorts: string[];
  /** Digest of spec, cohorts and out: a launch that meets a running one with another digest is refused. */
  digest: string;
}

export interface CohortInput {
  spec: StudySpec;
  directory: string;
  cohort: string;
  run: RunInfo;
  /** Stop once every subject has been read and checked (`missing: fail` reads all cohorts before anything is computed). */
  ingestOnly: boolean;
}

export interface StudyOutput {
  out: string;
  rank: RankDecision;
  replicated: ReplicatedIndex[];
  computed: number;
  reused: number;
}

export type CohortOutput = CohortOutcome | null;

export type Stage = 'ingest' | 'fit' | 'stability' | 'rank' | 'review' | 'match' | 'indices' | 'statistics' | 'report' | 'done';

export interface CohortProgress {
  cohort: string;
  stage: Stage;
  subjects: { done: number; total: number | null; excluded: number };
  fits: { done: number; total: number | null; reused: number; notConverged: number };
  stability: { done: number; total: number };
}

export interface StudyProgress {
  study: string;
  stage: Stage;
  cohorts: CohortProgress[];
  /** Set while a person is asked for the rank. */
  review: { ranks: { rank: number; stability: Record<string, number | null> }[] } | null;
  rank: RankDecision | null;
}

export interface ApproveRankArgs {
  rank: number;
  by: string | null;
  note: string | null;
}
