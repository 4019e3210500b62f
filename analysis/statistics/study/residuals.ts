/** Residuals of the group models, one participant at a time: for diagnostic figures, and for whoever checks the assumptions again. */
import type { StatisticsSpec } from '../../../contracts/study.js';
import { StatisticsError } from '../errors.js';
import { influence } from '../influence.js';
import { takeRows } from '../table.js';
import { analysisTable, groupModel, indexName, openCohort } from './cohort.js';
import { completeGroupRows } from './pair-model.js';
import type { CohortInput } from './types.js';

export interface ResidualRow {
  /** As in participants.tsv. */
  id: string;
  component: number;
  metric: string;
  /** Value the model `index ~ group + covariates` gives, and what is left, in the unit of the metric. */
  fitted: number;
  residual: number;
  /** Residual over its own standard error; null for a participant who determines a parameter alone. */
  standardised: number | null;
  /** Diagonal of the hat matrix. */
  leverage: number;
  cook: number | null;
}

/** Rows of every index whose model can be fitted, of the participants in it; what cannot be is told in `assumptions` of results.json. */
export function residualRows(input: CohortInput, spec: StatisticsSpec): ResidualRow[] {
  const cohort = openCohort(input, spec);
  return input.indices.flatMap(({ component, metric, values }) => {
    const name = indexName({ component, metric });
    try {
      const kept = completeGroupRows(cohort, analysisTable(cohort, { [name]: values }), name);
      const y = Float64Array.from(kept, (i) => values[i]!), model = groupModel(cohort, takeRows(cohort.participants, kept), kept);
      const { residuals, standardised, leverage, cook } = influence(model.factorisation, y, name);
      return kept.map((i, j) => ({ id: String(cohort.participants['id']?.[i] ?? ''), component, metric, fitted: y[j]! - residuals[j]!, residual: residuals[j]!, standardised: standardised[j] ?? null, leverage: leverage[j]!, cook: cook[j] ?? null }));
    } catch (error) {
      if (!(error instanceof StatisticsError)) throw error;
      return [];
    }
  });
}
