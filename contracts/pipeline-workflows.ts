/** Workflows of pipelines: one a cohort and pipeline, and one a participant who has something to do. */
import type { RunInfo } from './activities.js';
import type { ParticipantOutcome, PlanPipelineOutput } from './pipeline-activities.js';
import type { PipelineSpec } from './pipelines.js';
import type { ArtifactRef } from './refs.js';
import type { StudySpec } from './study.js';

export const PIPELINE_WORKFLOW = 'pipelineWorkflow';
export const PARTICIPANT_WORKFLOW = 'participantWorkflow';
/** Signal to a pipeline's workflow without arguments: participants were rated, and those who wait are looked at again. */
export const RATED_SIGNAL = 'participantsRated';

export interface PipelineInput {
  run: RunInfo;
  cohort: string;
  directory: string;
  spec: StudySpec;
  pipeline: string;
  /** Exclusions of the pipelines before this one; absent: nobody. */
  left?: ArtifactRef[];
  /** Who is left out because their files are still arriving (a WaitingDocument); absent: nobody. */
  waiting?: ArtifactRef;
  /** What was found before persons rated participants: who is left out, and what was done. Everybody else is looked at again. Absent: nothing. */
  rated?: { exclusions: ArtifactRef | null; counts: PipelineCounts };
  /** Where an earlier execution of the same run stopped to keep its history small. Absent: the beginning. `ratedSince`: persons have rated since its plan was made. */
  from?: { versions: Record<string, string>; images?: Record<string, string>; plan: PlanPipelineOutput; participant: number; exclusions: ArtifactRef | null; counts: PipelineCounts; ratedSince?: true };
}

export interface PipelineCounts {
  /** Participants who are through, those whom earlier runs had finished included. */
  done: number;
  /** Participants left out. */
  excluded: number;
  /** Participants who wait for a person's rating, by step; they are not among those who are through. Absent: nobody. */
  unrated?: Record<string, number>;
  /** Steps. */
  ran: number;
  reused: number;
}

/** What it answers to the query `progress`. */
export interface PipelineProgress extends PipelineCounts {
  pipeline: string;
  /** Participants; null: not known yet. */
  total: number | null;
  running: number;
  /** Set while everybody who is not through waits for a person's rating. Absent, as in runs of earlier versions: it works. */
  waiting?: RatingWait;
}

export interface RatingWait {
  /** ISO time since when it waits. */
  since: string;
  /** How often it has reminded. */
  reminders: number;
}

/** How many wait, all steps together. */
export const unratedOf = ({ unrated = {} }: Pick<PipelineCounts, 'unrated'>): number => Object.values(unrated).reduce((sum, n) => sum + n, 0);

export interface PipelineOutput extends PipelineCounts {
  /** Who is left out and why (a list of Exclusion in the store); null: nobody. */
  exclusions: ArtifactRef | null;
}

export interface ParticipantInput {
  run: RunInfo;
  cohort: string;
  directory: string;
  spec: PipelineSpec;
  versions: Record<string, string>;
  manifest: ArtifactRef;
  participant: number;
}

export type ParticipantOutput = ParticipantOutcome;
