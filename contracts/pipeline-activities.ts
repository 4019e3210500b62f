/** Inputs and outputs of the steps of pipelines. Participants are numbers in a manifest: no identifier travels through Temporal. */
import type { RunInfo } from './activities.js';
import type { PipelineSpec, RatingValue } from './pipelines.js';
import type { ArtifactRef } from './refs.js';
import type { StudySpec } from './study.js';

interface PipelineStepInput {
  run: RunInfo;
  cohort: string;
  /** Absolute path of the study file's folder, as workers see it. */
  directory: string;
  /** Name of the pipeline in the study. */
  pipeline: string;
}

export interface FindProgramsInput extends PipelineStepInput {
  spec: PipelineSpec;
}

/** Version by program. A missing or unaccepted one fails the activity at once: PROGRAM_MISSING, PROGRAM_VERSION; so does an image that is not there: IMAGE_MISSING. */
export interface FindProgramsOutput {
  versions: Record<string, string>;
  /** What a program's image is known by, for those that run in one. Absent: none does. */
  images?: Record<string, string>;
}

export interface PlanPipelineInput extends PipelineStepInput {
  spec: StudySpec;
  versions: Record<string, string>;
  images?: Record<string, string>;
  /** Exclusions of the pipelines before this one, and of this one before a review: whoever is in them has nothing to do here. Absent: nobody. */
  exclusions?: ArtifactRef[];
  /** Who is left out because their files are still arriving (a WaitingDocument); absent: nobody. */
  waiting?: ArtifactRef;
}

export interface PlanPipelineOutput {
  /** A PipelineManifest in the store: those with something to do come first. */
  manifest: ArtifactRef;
  participants: number;
  /** How many have something to do: the first of the manifest. */
  pending: number;
  /** How many lack an input, or are beyond a limit of quality of a finished step: told in the manifest, left out like those of whom a step fails. */
  lacking: number;
  /** How many can only go on when a person has rated them, by step: they have nothing to do now. Absent: nobody. */
  unrated?: Record<string, number>;
}

/** One step of one participant. Types of its failures: pipeline-failures.ts. */
export interface RunCommandInput extends PipelineStepInput {
  /** Only what this step needs: the pipeline with its one step. */
  spec: Omit<PipelineSpec, 'window' | 'onFailure'>;
  step: string;
  manifest: ArtifactRef;
  /** Number of the participant in the manifest, from 0. */
  participant: number;
}

/**
 * Failures of runCommand that another attempt may not have: an exit code that the step does not name, a signal, a limit, an output that is not there.
 * The participant's workflow tries them `retries` times more; Temporal does not, so that a worker or a store that is lost costs none of these attempts.
 */
export const TRIED_AGAIN = ['STEP_FAILED', 'STEP_TIME', 'STEP_MEMORY', 'STEP_SILENT', 'STEP_OUTPUT', 'INPUT_CHANGED'];

export interface RunCommandOutput {
  reused: boolean;
  seconds: number;
}

/** What a person said of a finished step. */
export interface ReviewStepInput extends PipelineStepInput {
  /** The pipeline with its one step, as for runCommand. */
  spec: RunCommandInput['spec'];
  step: string;
  manifest: ArtifactRef;
  participant: number;
}

/** The rating that counts; null: there is none yet, and the contact sheet lies ready. `unfit` fails as RATED_UNFIT instead. */
export interface ReviewStepOutput {
  rating: RatingValue | null;
}

/** How a participant's pipeline ended. */
export interface ParticipantOutcome {
  participant: number;
  steps: { ran: number; reused: number };
  /** The step that waits for a person's rating: the participant goes on when it is given. Absent: none. */
  unrated?: string;
  /** The step that failed for good; the reason without identifiers. Null: all done. */
  failure: { step: string; code: string; message: string } | null;
}

/** Those who lack an input are in it, whoever failed: the first call is made though nobody did. Throws PARTICIPANTS_FAILED where `onFailure` is `fail`. */
export interface CollectPipelineInput extends PipelineStepInput {
  spec: PipelineSpec;
  manifest: ArtifactRef;
  /** Of this page of participants. */
  failures: ParticipantOutcome[];
  /** What the pages before found; null: this is the first. */
  previous: ArtifactRef | null;
  /** `previous` is of before persons rated: those who were left out for their rating are in it no more unless the manifest says so too. Absent: it is of this manifest. */
  ratedSince?: true;
}

export interface CollectPipelineOutput {
  /** Exclusions (contracts/results.ts) of this and all pages before; null: nobody. */
  exclusions: ArtifactRef | null;
  excluded: number;
}

export interface ToolsActivities {
  findPrograms(input: FindProgramsInput): Promise<FindProgramsOutput>;
  runCommand(input: RunCommandInput): Promise<RunCommandOutput>;
  reviewStep(input: ReviewStepInput): Promise<ReviewStepOutput>;
}

export interface PipelineControlActivities {
  planPipeline(input: PlanPipelineInput): Promise<PlanPipelineOutput>;
  collectPipeline(input: CollectPipelineInput): Promise<CollectPipelineOutput>;
}
