/** Workflow types, their arguments, and the messages they answer. */
import type { CohortOutcome, RunInfo } from './activities.js';
import type { Again } from './again.js';
import type { Pause } from './operator.js';
import type { ArtifactRef } from './refs.js';
import type { RankDecision } from './decisions.js';
import type { ReplicatedIndex } from './results.js';
import type { StudySpec } from './study.js';

export const STUDY_WORKFLOW = 'studyWorkflow';
export const PROGRESS_QUERY = 'progress';

/** What a study is, in a line of Temporal's UI: as many cohorts as a summary may hold (400 bytes), then how many more. */
export function studySummary(study: string, cohorts: readonly string[]): string {
  const shown = cohorts.filter((_, i) => cohorts.slice(0, i + 1).join(', ').length <= 200);
  return `study ${study}: ${shown.join(', ')}${shown.length < cohorts.length ? ` and ${cohorts.length - shown.length} more` : ''}`;
}

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
  /** Who is left out because their files are still arriving (a WaitingDocument in the store); absent: nobody. */
  waiting?: ArtifactRef;
  /** Steps to do again though their artifacts exist. */
  again?: Again;
}

export interface CohortInput {
  spec: StudySpec;
  directory: string;
  cohort: string;
  run: RunInfo;
  waiting?: ArtifactRef;
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

export type Stage = 'pipeline' | 'rating' | 'ingest' | 'fit' | 'stability' | 'rank' | 'review' | 'match' | 'indices' | 'statistics' | 'report' | 'done';

export interface CohortProgress {
  cohort: string;
  stage: Stage;
  subjects: { done: number; total: number | null; excluded: number };
  fits: { done: number; total: number | null; reused: number; notConverged: number };
  stability: { done: number; total: number };
  /** The pipeline that runs, while `stage` is `pipeline`; its own workflow, COHORT_ID/NAME, knows how far it is. Absent in runs of earlier versions. */
  pipeline?: string | null;
}

export interface ReviewProgress {
  ranks: { rank: number; stability: Record<string, number | null> }[];
  /** ISO time since when it waits. Absent, as what follows, in runs of earlier versions. */
  since?: string;
  /** How often it has reminded. */
  reminders?: number;
  /** Folder with the report so far; null until it is written. */
  folder?: string | null;
  /** What the automatic rule would choose; null until it is known. */
  suggested?: { rank: number | null; doubt: boolean } | null;
}

/** A pipeline of a cohort in which whoever is not through waits for a person's rating. */
export interface RatingsAwaited {
  cohort: string;
  pipeline: string;
  /** Of the pipeline. */
  workflowId: string;
  /** Participants by step. */
  unrated: Record<string, number>;
  /** ISO time since when it waits. */
  since: string;
}

/** Signal by which a pipeline's workflow tells the study that it waits for ratings, or (null) that it goes on. `cohortId`: the cohort's workflow. */
export const RATINGS_AWAITED_SIGNAL = 'ratingsAwaited';
export interface RatingsAwaitedArgs {
  cohortId: string;
  awaited: RatingsAwaited | null;
}

export interface StudyProgress {
  study: string;
  stage: Stage;
  cohorts: CohortProgress[];
  /** Set while a person is asked for the rank. */
  review: ReviewProgress | null;
  rank: RankDecision | null;
  /** Set while no fit may start. Absent in runs of earlier versions. */
  paused?: Pause | null;
  /** Set while pipelines wait for ratings; `all`: nobody else is at work. Absent otherwise. */
  ratings?: { awaited: RatingsAwaited[]; all: boolean };
}
