/** Inputs and outputs of the durable steps. One object in, one object out; refs and small rows only. */
import type { Again } from './again.js';
import type { OperatorActivities } from './operator.js';
import type { PipelineControlActivities } from './pipeline-activities.js';
import type { FitBatch } from './fit-plan.js';
import type { ArtifactRef } from './refs.js';
import type { ResamplingComputeActivities, ResamplingControlActivities, ResamplingOutcome } from './resampling.js';
import type { OperatorDecision, RankDecision } from './decisions.js';
import type { ReplicatedIndex } from './results.js';
import type { StudySpec } from './study.js';
import type { SweepActivities } from './sweep.js';

/** Which run asks: recorded with everything it computes. */
export interface RunInfo {
  workflowId: string;
  runId: string;
  /** Steps to do again though their artifacts exist; absent: none. */
  again?: Again;
}

interface StepInput {
  run: RunInfo;
}

interface CohortStep extends StepInput {
  cohort: string;
}

export interface SurveyInput extends CohortStep {
  spec: StudySpec;
  /** Absolute path of the study file's folder, as workers see it. */
  directory: string;
  /** Who is left out because their files are still arriving (a WaitingDocument); absent: nobody. */
  waiting?: ArtifactRef;
  /** Who is left out because of a pipeline: lists of Exclusion, one a pipeline that left somebody out; absent: nobody. */
  left?: ArtifactRef[];
}

export interface SurveyOutput {
  manifest: ArtifactRef;
  region: ArtifactRef;
  subjects: number;
  shards: number;
}

export interface IngestShardInput extends CohortStep {
  manifest: ArtifactRef;
  region: ArtifactRef;
  shard: number;
}

export interface IngestShardOutput {
  shard: ArtifactRef;
  read: number;
  reused: number;
  excluded: number;
}

export interface AssembleInput extends CohortStep {
  spec: StudySpec;
  manifest: ArtifactRef;
  region: ArtifactRef;
  shards: ArtifactRef[];
}

/** A cohort ready to be factorized. */
export interface Dataset {
  /** Participants, exclusions, region, splits. */
  dataset: ArtifactRef;
  /** Raw values, vertices x (metrics * subjects). */
  matrix: ArtifactRef;
  vertices: number;
  subjects: number;
  metrics: number;
  excluded: number;
}

export interface SpectraInput extends CohortStep {
  spec: StudySpec;
  directory: string;
  dataset: ArtifactRef;
}

export interface SpectraOutput {
  spectra: ArtifactRef;
}

export interface FitInput extends CohortStep {
  spec: Pick<StudySpec, 'factorization' | 'stability'>;
  dataset: Dataset;
  batch: FitBatch;
}

export interface FitSummary {
  ref: ArtifactRef;
  rank: number;
  residual: number;
  converged: boolean;
  reused: boolean;
}

export interface FitOutput {
  fits: FitSummary[];
}

export interface FindFitsInput extends Omit<FitInput, 'batch'> {
  batches: FitBatch[];
}

export interface FindFitsOutput {
  /** The batches, by their place in the question, of which every fit is in the store; keys in the order of the batch's ranks. */
  found: { batch: number; keys: string[]; notConverged: number }[];
}

export interface StabilityInput extends CohortStep {
  rank: number;
  vertices: number;
  /** Fits of the halves: [A, B] of each split, and of the whole cohort. */
  halves: [string, string][];
  whole: string;
}

export interface StabilityOutput {
  rank: number;
  stability: ArtifactRef;
}

export interface EvidenceInput extends CohortStep {
  stability: ArtifactRef[];
  /** Fits of the whole cohort, one a rank. */
  whole: { rank: number; key: string }[];
}

/** Enough of a cohort's evidence for a person to see where the ranks stand. */
export interface EvidenceOutput {
  evidence: ArtifactRef;
  /** Mean stability by rank. */
  summary: { rank: number; stability: number | null }[];
}

/** What the study needs of a cohort once its own work is done. The rows of every rank are behind `evidence`. */
export interface CohortOutcome {
  cohort: string;
  data: Dataset;
  spectra: ArtifactRef | null;
  evidence: ArtifactRef;
  summary: { rank: number; stability: number | null }[];
  notConverged: number;
}

export interface ChooseRankInput extends StepInput {
  policy: number | 'auto';
  threshold: number;
  evidence: { cohort: string; evidence: ArtifactRef }[];
}

export interface MatchInput extends StepInput {
  rank: number;
  cohorts: { cohort: string; vertices: number; evidence: ArtifactRef }[];
}

export interface MatchOutput {
  match: ArtifactRef;
  /** Per cohort at the chosen rank: labels and W in the reference's component order. */
  parcellations: { cohort: string; ref: ArtifactRef }[];
}

export interface IndicesInput extends CohortStep {
  data: Dataset;
  parcellation: ArtifactRef;
  metricNames: string[];
}

export interface IndicesOutput {
  indices: ArtifactRef;
}

export interface StatisticsInput extends StepInput {
  spec: StudySpec;
  cohorts: { cohort: string; dataset: ArtifactRef; indices: ArtifactRef; spectra: ArtifactRef | null }[];
}

export interface StatisticsOutput {
  statistics: ArtifactRef;
  replicated: ReplicatedIndex[];
}

/** A cohort and what was made of it after its own work. */
export interface PublishedCohort {
  outcome: CohortOutcome;
  parcellation: ArtifactRef | null;
  indices: ArtifactRef | null;
}

export interface ListCohortsInput extends StepInput {
  cohorts: PublishedCohort[];
}

export interface ListCohortsOutput {
  /** The list itself, in the store. */
  list: ArtifactRef;
}

export interface PublishInput extends StepInput {
  spec: StudySpec;
  /** Absolute path of the study file's folder, where the surface lies that the report draws. Absent in runs of earlier versions: no surface is drawn. */
  directory?: string;
  /** Absolute path of the results folder. */
  out: string;
  partial: boolean;
  decision: RankDecision;
  cohorts: PublishedCohort[];
  /** Lists of further cohorts, from listCohorts: many would not fit into an argument. */
  lists?: ArtifactRef[];
  match: ArtifactRef | null;
  statistics: ArtifactRef | null;
  /** Absent in runs of earlier versions. */
  resampling?: ResamplingOutcome;
  /** What persons decided while it ran. Absent in runs of earlier versions. */
  decisions?: OperatorDecision[];
  finishedAt: string;
}

export interface PublishOutput {
  out: string;
  computed: number;
  reused: number;
}

/** Activities of the control queue. */
export interface ControlActivities extends ResamplingControlActivities, OperatorActivities, SweepActivities, PipelineControlActivities {
  surveyCohort(input: SurveyInput): Promise<SurveyOutput>;
  ingestShard(input: IngestShardInput): Promise<IngestShardOutput>;
  assembleCohort(input: AssembleInput): Promise<Dataset>;
  readSpectra(input: SpectraInput): Promise<SpectraOutput>;
  findFits(input: FindFitsInput): Promise<FindFitsOutput>;
  stabilityOfRank(input: StabilityInput): Promise<StabilityOutput>;
  collectEvidence(input: EvidenceInput): Promise<EvidenceOutput>;
  chooseRank(input: ChooseRankInput): Promise<RankDecision>;
  matchCohorts(input: MatchInput): Promise<MatchOutput>;
  computeIndices(input: IndicesInput): Promise<IndicesOutput>;
  computeStatistics(input: StatisticsInput): Promise<StatisticsOutput>;
  listCohorts(input: ListCohortsInput): Promise<ListCohortsOutput>;
  publishResults(input: PublishInput): Promise<PublishOutput>;
}

/** Activities of the compute queue. */
export interface ComputeActivities extends ResamplingComputeActivities {
  factorize(input: FitInput): Promise<FitOutput>;
}
