/**
 * The study as every part of the system sees it: the study file after validation, with every default filled in.
 * JSON-safe and small (it travels in workflow arguments). Field names are the study file's, in camel case.
 */

import type { PipelineSpec } from './pipelines.js';

export type Hemisphere = 'left' | 'right';

/** One vertex-wise measure. `file` is a template under the cohort's directory; {id}, {label}, {prefix}, {side}, {hemi} and {h} are filled in. */
export interface MetricSpec {
  name: string;
  file: string;
  unit: string | null;
  /** One file holds both hemispheres, left then right. */
  together?: true;
  /** `file` is a volume (NIfTI), whose values are taken at the vertices of the surface. */
  sampling?: SamplingSpec;
  /** Mesh of the subject, a template as `file` is, for sampling and smoothing; absent: the study's, `surface.mesh`. */
  surface?: string;
  /** Heat-kernel smoothing along the surface: full width at half maximum in mm. Absent: none. */
  smooth?: number;
}

export interface SamplingSpec {
  /** Linear transforms that lead from the surface's coordinates to the volume's world coordinates, in the order in which they are applied; templates. */
  transforms: { file: string; /** Apply the inverse. */ invert: boolean }[];
  /** Which volume of a series, from 0; null: there is only one. */
  frame: number | null;
  /** Voxels of this value have no data; null: all have. */
  background: number | null;
}

export interface CohortSpec {
  name: string;
  /** Folder of the cohort, relative to the study file's folder. */
  directory: string;
  prefix: string;
  /** participants.tsv (or .csv), relative to `directory`. */
  participants: string;
  /** Groups in the order of presentation; the first is the control group unless `control` names another. */
  groups: string[];
}

/** A path by hemisphere; the same path twice is one file for both, of both hemispheres or of their common mesh. */
export type SidePaths = Partial<Record<Hemisphere, string>>;

/** Vertices outside the cortex: kept, or dropped by the mask. Absent in specifications of earlier versions: kept. */
interface MidlineSpec {
  midline?: 'keep' | 'drop';
  /** 0/1 cortex masks (1 = cortex), needed when midline is `drop`; otherwise only counted. */
  midlineMask?: SidePaths | null;
}

/** Which vertices are analysed: named regions of a label file, a 0/1 mask, or a list. Paths are relative to the study file. */
export type RegionSpec = MidlineSpec &
  (
    | { kind: 'labels'; labels: SidePaths; /** null: the label files hold their own table (GIFTI, annot). */ table: string | null; include: string[] }
    | { kind: 'mask'; mask: SidePaths }
    /** A file of vertex indices (from 0), the indices themselves, or `all`. */
    | { kind: 'vertices'; vertices: Partial<Record<Hemisphere, string | number[]>> }
  );

export interface SpectroscopySpec {
  /** LCModel .table template under the cohort's directory. */
  table: string;
  /** Metabolite as LCModel names it; the paper's Glx is `Glu+Gln`. */
  metabolite: string;
  /** Scanner frequency in Hz per ppm for tables that do not state it; null: the table must. */
  hzpppm: number | null;
  /** Excluded when S/N <= snr, FWHM (Hz) >= fwhm or %SD >= sd. */
  quality: { snr: number; fwhm: number; sd: number };
  /** Tissue fractions, from a table or a segmentation (relative to the cohort's directory); null: no correction. */
  tissue: TissueTable | TissueSegmentation | null;
  /** Use spectra whose LCModel diagnostics hold an ERROR: any, or those of the routines named (WSCALE). */
  waiveErrors: boolean | string[];
  /** Absent in specifications of earlier versions: csf with tissue, else none. */
  correction?: 'none' | 'csf' | 'gasparovic';
  /** Echo and repetition times in ms, and field strength in T; needed by `gasparovic`. */
  acquisition?: { te: number; tr: number; waterTe: number; waterTr: number; field: number } | null;
  /** Relaxation times in ms that replace the tabulated ones of 3 T. */
  relaxation?: { gm: RelaxationSpec | null; wm: RelaxationSpec | null; csf: RelaxationSpec | null; metabolite: RelaxationSpec | null } | null;
}

/** Fractions of each participant's voxel, from 0 to 1. */
export interface TissueTable {
  file: string;
  columns: { gm: string; wm: string; csf: string };
}

/** NIfTI volumes on one grid, templates: the voxel's mask, and a segmentation in labels or a map of each tissue. */
export interface TissueSegmentation {
  voxel: string;
  segmentation: string | { gm: string; wm: string; csf: string };
  /** Labels of the tissues. */
  classes: { gm: number; wm: number; csf: number };
}

export interface RelaxationSpec {
  t1: number;
  t2: number;
}

/** A clinical measure: a column of participants.tsv and the groups it is tested in (`patients`: every group but the control). */
export interface ClinicalSpec {
  measure: string;
  groups: 'patients' | string[];
}

export interface NormalizationSpec {
  /** z-score each metric over all its values, per vertex (across subjects) or per subject (across vertices); ddof 0. */
  zscore: 'all' | 'vertex' | 'subject' | 'none';
  /** Subtract the minimum of the whole matrix, or of each metric. */
  shift: 'global' | 'per-metric';
  /** Normalise again within each half. */
  withinHalves: boolean;
}

export type Solver = 'accelerated' | 'multiplicative';

export interface FactorizationSpec {
  /** Lowest and highest rank, inclusive. */
  ranks: [number, number];
  solver: Solver;
  /** Residual r for `accelerated`, relative change for `multiplicative`. */
  tolerance: number;
  /** Passes over the data at most, per start. */
  maxIterations: number;
  normalization: NormalizationSpec;
}

export interface StabilitySpec {
  splits: number;
  seed: number;
  /** Columns by role: `group` balances groups, `age` pairs neighbours in age. */
  stratify: ('group' | 'age')[];
  /** A rank is stable in a cohort when its mean stability is above this. */
  threshold: number;
}

export type RankPolicy = 'auto' | 'review' | number;

export interface ReviewSpec {
  /** Seconds after which, and then as often as, a waiting review reminds; null: never. */
  remindSeconds: number | null;
}

export type FamilyScope = 'cohort' | 'index' | 'study';

export interface StatisticsSpec {
  alpha: number;
  /** Covariate roles or columns of participants.tsv, e.g. age, sex. */
  covariates: string[];
  pairwise: 'subset' | 'pooled';
  /** Sums of squares of the Glx models. */
  glxType: 'II' | 'III';
  /** Where p values are adjusted together. */
  families: { ancova: 'cohort'; pairs: 'index'; glx: 'cohort'; clinical: 'index' };
  /** Bootstrap resamples; 0: none. Absent, as what follows, in specifications of earlier versions: none. */
  resamples?: number;
  /** Spatial surrogates of each parcellation; 0: none. */
  nulls?: number;
  /** Of intervals; default 0.95. */
  confidence?: number;
  /** Of resamples and surrogates. */
  seed?: number;
}

export interface StudySpec {
  study: string;
  /** `mesh`: the surfaces of all subjects whose metrics name none, relative to the study file. */
  surface: { vertices: number; hemispheres: Hemisphere[]; mesh?: SidePaths };
  region: RegionSpec;
  metrics: MetricSpec[];
  cohorts: CohortSpec[];
  /** Columns of participants.tsv by role; null: the study does without (one group only; no ages; no sexes). */
  columns: { id: string; group: string | null; age: string | null; sex: string | null };
  /** The control group; null: the first group listed by each cohort. */
  control: string | null;
  spectroscopy: SpectroscopySpec | null;
  clinical: ClinicalSpec[];
  /** Further columns compared between groups in the demographics table (age, sex and the clinical measures always are). */
  demographics: string[];
  factorization: FactorizationSpec;
  stability: StabilitySpec;
  rank: RankPolicy;
  /** How a review (of the rank, or of participants in pipelines) goes on. Absent where there is none, and in specifications of earlier versions: no reminders. */
  review?: ReviewSpec;
  statistics: StatisticsSpec;
  missing: 'exclude' | 'fail';
  /** What is run before vertex files are read, in this order. Absent: nothing. */
  pipelines?: PipelineSpec[];
  /** Folders that links in the study's folder may lead to, absolute or relative to it. Absent: none. */
  outside?: string[];
}
