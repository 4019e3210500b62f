/** Bootstrap intervals beside the rows that they belong to. */
import type { CohortStatistics } from '../../../contracts/cohort-statistics.js';
import type { CohortBootstrap } from './bootstrap.js';

/** Rows of the statistics that have an interval now: PairRow.bootstrap and PartialRow.bootstrap, in place. */
export function addBootstrap(statistics: CohortStatistics, found: CohortBootstrap): void {
  for (const row of [...statistics.pairs, ...statistics.pairsAlternative, ...(statistics.glx?.groupPairs ?? [])]) {
    const mine = found.pairs.find((f) => f.component === row.component && f.metric === row.metric && f.a === row.a && f.b === row.b && f.method === row.method);
    if (mine !== undefined) row.bootstrap = mine.interval;
  }
  for (const row of statistics.glx?.partial ?? []) {
    const mine = found.partial.find((f) => f.component === row.component && f.metric === row.metric);
    if (mine !== undefined) row.bootstrap = mine.interval;
  }
}
