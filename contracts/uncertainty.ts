/**
 * Parts of results.json beyond the tests: intervals, standardised effects, checks of assumptions, spatial nulls. What could not be computed is null and has a
 * `reason`; what was not asked for (resamples: 0, nulls: 0) is absent.
 */

export interface Interval {
  low: number | null;
  high: number | null;
  /** e.g. 0.95. */
  confidence: number;
  reason?: string;
}

/** Bias-corrected and accelerated bootstrap interval; participants were resampled within their groups. */
export interface BootstrapInterval extends Interval {
  resamples: number;
  /** Resamples in which it could not be computed; they are not among those the interval is made of. */
  degenerate: number;
  /** Median bias of the replicates, in normal deviates. */
  z0: number | null;
  acceleration: number | null;
  /** True when an end is the outermost replicate: more resamples are needed to know it. */
  extreme: boolean;
}

/** Hedges's g of a pair's adjusted means: g is unbiased, the interval is the exact one of the population's difference over sigma. */
export interface StandardisedDifference extends Interval {
  g: number | null;
  /** Residual standard deviation of the pair's model, the unit of g. */
  sigma: number | null;
}

/** A test of one assumption, adjusted over the indices of the cohort. */
interface AssumptionTest {
  p: number | null;
  pAdjusted: number | null;
  familySize: number;
  family: string;
  reason?: string;
}

export interface NormalityTest extends AssumptionTest {
  W: number | null;
}

export interface EqualVarianceTest extends AssumptionTest {
  F: number | null;
  df1: number | null;
  df2: number | null;
  /** Standard deviation of the residuals by group; null for one participant. */
  sd: Record<string, number | null>;
}

export interface InfluenceCheck {
  /** Cook's distance of the participant who moves the fit most; null when it cannot be computed. */
  largestCook: number | null;
  /** Distance from which a participant is named: the median of F(parameters, df). */
  threshold: number | null;
  largestLeverage: number | null;
  /** Participants beyond the threshold, or whom the model cannot be checked against (cook null: they determine a parameter by themselves). */
  influential: { id: string; group: string; cook: number | null; leverage: number; standardisedResidual: number | null }[];
  /** Smallest and largest p of the group effect when one participant is left out. */
  leaveOneOutP: [number, number] | null;
  reason?: string;
}

/** Assumptions of the group model of one index. Reported, never enforced. */
export interface AssumptionRow {
  component: number;
  metric: string;
  n: number;
  normality: NormalityTest;
  equalVariance: EqualVarianceTest;
  influence: InfluenceCheck;
}

/** Where an observed value stands among spatial surrogates: parcels of the same sizes and smoothness, elsewhere in the region. */
export interface SurrogateNull {
  /** Surrogates drawn. */
  nulls: number;
  mean: number | null;
  sd: number | null;
  /** 95 of 100 surrogates are below. */
  q95: number | null;
  /** (1 + surrogates at least as large) / (1 + nulls). Not adjusted. */
  p: number | null;
  reason?: string;
}
