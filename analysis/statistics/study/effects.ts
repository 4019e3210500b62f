/** Standardised effects with intervals beside the tests: partial eta squared of every group effect, Hedges's g of every pair. */
import type { CohortStatistics } from '../../../contracts/cohort-statistics.js';
import type { AncovaRow, PairRow } from '../../../contracts/statistic-rows.js';
import type { Interval, StandardisedDifference } from '../../../contracts/uncertainty.js';
import { hedgesG, partialEtaSquaredInterval } from '../effect-size.js';
import { StatisticsError } from '../errors.js';
import { leastSquares } from '../least-squares.js';
import type { Cell } from '../table.js';
import { analysisTable, indexName, type Cohort } from './cohort.js';
import { completeGroupRows, pairModel } from './pair-model.js';
import { usableSpectra } from './quality.js';

/** Fills partialEtaSquaredInterval of the group effects and hedgesG of every pair, in place. */
export function addEffects(cohort: Cohort, statistics: CohortStatistics, confidence: number): void {
  for (const row of statistics.ancova) row.partialEtaSquaredInterval = etaSquaredInterval(row, confidence);
  for (const index of cohort.input.indices) {
    const mine = [...statistics.pairs, ...statistics.pairsAlternative].filter((row) => row.component === index.component && row.metric === index.metric);
    addHedgesG(cohort, mine, indexName(index), index.values, confidence);
  }
  if (statistics.glx !== null && cohort.input.spectra !== null) addHedgesG(cohort, statistics.glx.groupPairs, 'Glx', usableSpectra(cohort, cohort.input.spectra).values, confidence);
}

/** At confidence 1 - 2 (1 - c): 90 % where the study asks for 95 %, so that it excludes 0 exactly when p < 1 - c (Steiger 2004). */
function etaSquaredInterval(row: AncovaRow, confidence: number): Interval {
  const level = Number((2 * confidence - 1).toPrecision(12));
  if (row.F === null || row.df1 === null || row.df2 === null) return nothing(level, row.reason ?? 'the group effect could not be computed');
  const { F, df1, df2 } = row;
  return orReason(level, () => partialEtaSquaredInterval(F, df1, df2, row.n, level));
}

/** g of each pair, in place. `values`: the response, one a participant. */
function addHedgesG(cohort: Cohort, rows: readonly PairRow[], response: string, values: readonly Cell[], confidence: number): void {
  for (const row of rows) {
    const empty = { g: null, sigma: null };
    if (row.estimate === null || row.se === null || row.df === null) { row.hedgesG = { ...empty, ...nothing(confidence, row.reason ?? 'the pair could not be computed') }; continue; }
    const { estimate, se, df } = row;
    row.hedgesG = { ...empty, ...orReason<StandardisedDifference>(confidence, () => {
      const kept = completeGroupRows(cohort, analysisTable(cohort, { [response]: values }), response), { factorisation, rows: used } = pairModel(cohort, kept, row);
      const { variance } = leastSquares(factorisation, Float64Array.from(used, (i) => Number(values[i])), response);
      return hedgesG({ estimate, se, df }, Math.sqrt(variance), confidence);
    }) };
  }
}

const nothing = (confidence: number, reason: string): Interval & { reason: string } => ({ low: null, high: null, confidence, reason });

function orReason<T extends Interval>(confidence: number, compute: () => T): T | ReturnType<typeof nothing> {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof StatisticsError)) throw error;
    return nothing(confidence, error.message);
  }
}
