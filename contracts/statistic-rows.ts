/** Rows of statistics in results.json. A statistic that cannot be computed is null and its row has a `reason`. */
import type { BootstrapInterval, Interval, StandardisedDifference } from './uncertainty.js';

/** One analysis row that may be impossible; `reason` says why when its numbers are null. */
export interface Reasoned {
  reason?: string;
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

export interface Adjusted {
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
