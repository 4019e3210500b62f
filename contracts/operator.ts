/** What operators do to a running study: messages to its workflow, and the steps that serve them. No participant is named in any of it. */
import type { CohortOutcome, RunInfo } from './activities.js';
import type { ArtifactRef } from './refs.js';
import type { RankDecision } from './decisions.js';
import type { StudySpec } from './study.js';

export const APPROVE_RANK_UPDATE = 'approveRank';
export const PAUSE_UPDATE = 'pauseFits';
export const RESUME_UPDATE = 'resumeFits';
export const EXCLUDE_UPDATE = 'excludeSubject';
/** From a study to its cohorts: pauses up to this one are over. */
export const RESUMED_SIGNAL = 'fitsResumed';
/** Type of the failure with which a fit that was not started says that the study is paused; its detail is the pause's number. */
export const PAUSED = 'PAUSED';
/** Code of an exclusion that a person decided. */
export const EXCLUDED_BY_PERSON = 'EXCLUDED_BY_PERSON';

export interface ApproveRankArgs {
  rank: number;
  by: string | null;
  note: string | null;
  /** Approve though the rank is not stable in every cohort. */
  unstable?: boolean;
}

export interface PauseArgs {
  by: string | null;
  note: string | null;
}

/** A pause that holds: no fit starts, those that run end. */
export interface Pause extends PauseArgs {
  /** Pauses of a run are counted from 1. */
  number: number;
  /** ISO time. */
  at: string;
}

export interface ExcludeArgs {
  cohort: string;
  /** The exclusion document in the store: who is left out, why, by whom. */
  exclusion: ArtifactRef;
  by: string | null;
  /** The participant is taken in again. */
  readmit: boolean;
}

/** An exclusion as it lies in the store; the last one of a participant counts. */
export interface ExclusionDocument {
  study: string;
  cohort: string;
  subject: string;
  reason: string;
  by: string | null;
  /** ISO time. */
  at: string;
  readmit: boolean;
  /** Random: without it a participant's id could be guessed from the document's key, which is its digest. */
  salt: string;
}

export interface HoldFitsInput {
  run: RunInfo;
  /** Null: fits may start again. */
  pause: Pause | null;
}

export interface RecordExclusionInput {
  run: RunInfo;
  study: string;
  cohort: string;
  exclusion: ArtifactRef;
}

export interface ReviewInput {
  run: RunInfo;
  spec: StudySpec;
  /** Absolute path of the folder for the report so far. */
  out: string;
  cohorts: CohortOutcome[];
  /** Lists of further cohorts in the store, where there are many. */
  lists?: ArtifactRef[];
  at: string;
}

export interface ReviewOutput {
  out: string;
  /** What the automatic rule would choose. */
  suggested: { rank: number | null; doubt: boolean };
}

export interface ApprovalInput {
  run: RunInfo;
  study: string;
  /** Evidence the approval is about: it holds for the same evidence only. */
  evidence: { cohort: string; evidence: ArtifactRef }[];
}

export interface RecordApprovalInput extends ApprovalInput {
  decision: RankDecision;
}

/** Steps of the control queue that serve operators. */
export interface OperatorActivities {
  /** Lets no fit of the run start, or lets them start again. */
  holdFits(input: HoldFitsInput): Promise<void>;
  /** Puts an exclusion on the study's list, from which every later reading of the cohort takes it. */
  recordExclusion(input: RecordExclusionInput): Promise<void>;
  /** Writes the evidence and the report so far for whoever decides. */
  publishReview(input: ReviewInput): Promise<ReviewOutput>;
  /** What a person decided on the same evidence before; null: nobody did. */
  findApproval(input: ApprovalInput): Promise<RankDecision | null>;
  recordApproval(input: RecordApprovalInput): Promise<void>;
}
