/** Inputs and outputs of the steps beyond the tests: spatial surrogates and the bootstrap. Refs and small rows only. */
import type { RunInfo } from './activities.js';
import type { ArtifactRef } from './refs.js';
import type { ReplicatedIndex } from './results.js';
import type { StudySpec } from './study.js';

interface StepInput {
  run: RunInfo;
}

export interface ReadSurfaceInput extends StepInput {
  spec: StudySpec;
  /** Absolute path of the study file's folder, as workers see it. */
  directory: string;
}

export interface ReadSurfaceOutput {
  /** The region's part of the study's surfaces; null when there can be no surrogates. */
  surface: ArtifactRef | null;
  /** Why not. */
  reason: string | null;
}

export interface SurfaceModesInput extends StepInput {
  surface: ArtifactRef;
}

export interface SurfaceModesOutput {
  /** What surrogates are made with. */
  modes: ArtifactRef;
}

interface NullInput extends StepInput {
  modes: ArtifactRef;
  ranks: number[];
  nulls: number;
  seed: number;
}

export interface StabilityNullInput extends NullInput {
  cohort: string;
  evidence: ArtifactRef;
}

export interface RandNullInput extends NullInput {
  a: { cohort: string; evidence: ArtifactRef };
  b: { cohort: string; evidence: ArtifactRef };
}

/** Several pairs of cohorts in one step: what their number would otherwise add to the history. */
export interface RandNullsInput extends NullInput {
  pairs: { a: RandNullInput['a']; b: RandNullInput['b'] }[];
}

export interface RandNullsOutput {
  /** A RandNullsDocument: the nulls of every pair. */
  nulls: ArtifactRef;
}

export interface NullOutput {
  /** The nulls of the ranks asked for, together. */
  nulls: ArtifactRef;
}

export interface BootstrapInput extends StepInput {
  cohort: string;
  spec: StudySpec;
  dataset: ArtifactRef;
  indices: ArtifactRef;
  spectra: ArtifactRef | null;
  replicated: ReplicatedIndex[];
}

export interface BootstrapOutput {
  bootstrap: ArtifactRef;
}

/** What the report is given of all this. */
export interface ResamplingOutcome {
  stability: { cohort: string; nulls: ArtifactRef }[];
  rand: { a: string; b: string; nulls: ArtifactRef }[];
  /** The same for many pairs at a time; absent with few cohorts. */
  randMany?: ArtifactRef[];
  bootstrap: { cohort: string; ref: ArtifactRef }[];
  /** Why there are no surrogates though they were asked for; null when there are, or when none were asked for. */
  noSurrogates: string | null;
}

export interface ResamplingControlActivities {
  readSurface(input: ReadSurfaceInput): Promise<ReadSurfaceOutput>;
}

export interface ResamplingComputeActivities {
  surfaceModes(input: SurfaceModesInput): Promise<SurfaceModesOutput>;
  stabilityNull(input: StabilityNullInput): Promise<NullOutput>;
  randNull(input: RandNullInput): Promise<NullOutput>;
  randNulls(input: RandNullsInput): Promise<RandNullsOutput>;
  bootstrapCohort(input: BootstrapInput): Promise<BootstrapOutput>;
}
