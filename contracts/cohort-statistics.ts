/** All statistics of one cohort, as results.json has them. */
import type { GlxResults } from './glx-rows.js';
import type { AncovaRow, ClinicalRow, CovariateRow, DemographicsRow, PairRow } from './statistic-rows.js';
import type { AssumptionRow } from './uncertainty.js';

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
