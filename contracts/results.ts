/**
 * results.json, schema `sulcus/results/1`. Other programs read it: add fields, never change the meaning of one.
 * A statistic that cannot be computed is null and its row has a `reason`. JSON has no NaN.
 */
import type { Hemisphere, Solver } from './study.js';
import type { AssumptionRow, BootstrapInterval, Interval, StandardisedDifference, SurrogateNull } from './uncertainty.js';

/** One analysis row that may be impossible; `reason` says why when its numbers are null. */
interface Reasoned {
  reason?: string;
}

/** A participant left out, with every reason; `file` and `line` where a file was at fault. */
export interface Exclusion {
  id: string;
  reason: string;
  code?: string;
  file?: string | null;
  line?: number | null;
  remedy?: string | null;
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
}

export interface GroupSummary {
  n: number;
  mean?: number | null;
  sd?: number | null;
  /** Counts by level of a categorical variable. */
  counts?: Record<string, number>;
}

export interface DemographicsRow extends Reasoned {
  variable: string;
  test: 'anova' | 'chi-square';
  groups: Record<string, GroupSummary>;
  n: number;
  /** F or chi-square. */
  statistic: number | null;
  df1: number | null;
  df2: number | null;
  p: number | null;
  /** Fisher's exact p, given when an expected count is below 5. */
  fisherP?: number | null;
}

export interface CovariateRow extends Reasoned {
  component: number;
  metric: string;
  term: string;
  F: number | null;
  df1: number | null;
  df2: number | null;
  p: number | null;
}

interface Adjusted {
  pAdjusted: number | null;
  familySize: number;
  /** The family's name, e.g. `ancova/tokyo`. */
  family: string;
}

export interface AncovaRow extends Reasoned, Adjusted {
  component: number;
  metric: string;
  n: number;
  F: number | null;
  df1: number | null;
  df2: number | null;
  p: number | null;
  partialEtaSquared: number | null;
  partialEtaSquaredInterval?: Interval;
  significant: boolean;
  /** Estimated marginal means by group, with standard errors (covariates at the mean of the analysed rows). */
  marginalMeans: { group: string; n: number; mean: number; se: number }[] | null;
}

/** A post hoc pair: `estimate` is the adjusted mean of `a` minus that of `b`. */
export interface PairRow extends Reasoned, Adjusted {
  component: number | null;
  metric: string;
  a: string;
  b: string;
  n: number;
  estimate: number | null;
  se: number | null;
  t: number | null;
  df: number | null;
  p: number | null;
  method: 'subset' | 'pooled';
  hedgesG?: StandardisedDifference;
  /** Interval of `estimate`. */
  bootstrap?: BootstrapInterval;
}

export interface TermResult {
  F: number | null;
  df1: number | null;
  df2: number | null;
  p: number | null;
  pAdjusted: number | null;
  familySize: number;
  family: string;
}

export interface GlxModelRow extends Reasoned {
  component: number;
  metric: string;
  n: number;
  type: 'II' | 'III';
  glx: TermResult;
  interaction: TermResult;
}

export interface PartialRow extends Reasoned, Adjusted {
  component: number;
  metric: string;
  n: number;
  r: number | null;
  df: number | null;
  t: number | null;
  p: number | null;
  /** Whether the Glx term of this index's model was significant: the paper's condition for the follow-up. */
  glxTermSignificant: boolean;
  /** Interval of `r`. */
  bootstrap?: BootstrapInterval;
}

export interface SpectrumExclusion {
  id: string;
  group: string;
  /** snr, fwhm, sd, missing, unreadable, diagnostic, tissue */
  reasons: string[];
  snr: number | null;
  fwhmHz: number | null;
  sdPercent: number | null;
}

/** A spectrum of which one step of a printed figure (S/N 1, %SD 1, FWHM one point of the spectrum) would change the verdict. */
export interface NearLimit {
  id: string;
  group: string;
  /** snr, fwhm, sd */
  measures: string[];
  used: boolean;
  snr: number | null;
  fwhmHz: number | null;
  sdPercent: number | null;
}

/** How concentrations were corrected for the tissue in the voxel. */
export interface TissueCorrection {
  method: 'none' | 'csf' | 'gasparovic';
  formula: string;
  /** Unit of the corrected concentrations. */
  unit: string;
  reference: string | null;
  /** By name with their unit, e.g. `water T1 grey matter (ms)`. */
  constants: Record<string, number>;
}

/** A quality figure of the spectra between groups, before (`read`) or after (`used`) exclusions. p is not adjusted: it asks whether data quality itself differs. */
export interface SpectralQualityRow extends Omit<DemographicsRow, 'variable'> {
  /** snr, fwhm (Hz), sd (%), csf (fraction); excluded: how many spectra of each group are not used. */
  measure: 'snr' | 'fwhm' | 'sd' | 'csf' | 'excluded';
  spectra: 'read' | 'used';
}

export interface ClinicalRow extends Reasoned, Adjusted {
  /** null for the relation with Glx itself (metric `glx`). */
  component: number | null;
  metric: string;
  measure: string;
  groups: string[];
  n: number;
  beta: number | null;
  se: number | null;
  t: number | null;
  df: number | null;
  p: number | null;
}

export interface GlxResults {
  metabolite: string;
  correction: string;
  /** Formula, constants and source of the correction; absent in results of earlier versions. */
  tissue?: TissueCorrection;
  n: number;
  excluded: SpectrumExclusion[];
  nearLimit?: NearLimit[];
  /** Quality figures between groups. */
  quality?: SpectralQualityRow[];
  /** Overall group effect on Glx. */
  group: (TermResult & Reasoned) | null;
  groupPairs: PairRow[];
  models: GlxModelRow[];
  partial: PartialRow[];
  clinical: ClinicalRow[];
}

export interface CohortStatistics {
  demographics: DemographicsRow[];
  covariates: CovariateRow[];
  ancova: AncovaRow[];
  /** Post hoc pairs of the gated indices, by the method of the study file. */
  pairs: PairRow[];
  /** The other method's pairs, for comparison, labelled by `method`. */
  pairsAlternative: PairRow[];
  glx: GlxResults | null;
  clinical: ClinicalRow[];
  /** Checks of the models behind `ancova`. */
  assumptions?: AssumptionRow[];
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

export interface RankDecision {
  chosen: number | null;
  policy: 'auto' | 'review' | 'number';
  reason: string;
  /** True when no rank was stable in every cohort and the best of the unstable ones was taken. */
  doubt: boolean;
  approvedBy: string | null;
  approvedAt: string | null;
  note: string | null;
}

/** What a person decided about a run. Never names a participant. */
export interface OperatorDecision {
  /** ISO time. */
  at: string;
  by: string | null;
  what: 'approve' | 'pause' | 'resume' | 'exclude' | 'readmit' | 'rerun';
  /** e.g. `rank 4`, `a participant of tokyo`, `statistics and what follows`. */
  about: string;
  note: string | null;
}

export type StepName = 'ingest' | 'fit' | 'stability' | 'rank' | 'match' | 'indices' | 'statistics' | 'surrogates' | 'bootstrap' | 'report';

export interface StepRow {
  step: StepName;
  cohort: string | null;
  rank: number | null;
  split: number | null;
  half: 'A' | 'B' | null;
  /** Content key of the artifact the step made or found. */
  key: string | null;
  computed: boolean;
  /** Workflow run id that computed it, when it was reused. */
  reusedFrom: string | null;
  seconds: number;
  /** Why it was computed: `first time`, or what differs from the last time it was done; null when it was reused. Absent, as what follows, in results of earlier versions. */
  why?: string | null;
  /** Workflow run id that did the step last, which `why` compares with. */
  comparedWith?: string | null;
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
  steps: StepRow[];
}
