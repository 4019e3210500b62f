/** Step 4: post hoc pairs of one response, by either method, adjusted within their family. */
import type { PairRow } from '../../../contracts/statistic-rows.js';
import { pairwisePooled, pairwiseSubset, type Pair, type PairsSpec } from '../pairs.js';
import type { Table } from '../table.js';
import { attempt, modelOptions, recordFailure, type Cohort } from './cohort.js';
import { adjustRows, unadjusted } from './family.js';

export type PairMethod = PairRow['method'];

export const otherMethod = (method: PairMethod): PairMethod => (method === 'subset' ? 'pooled' : 'subset');

/** `table` holds the response beside the participants' columns. When no pair can be tested every pair is a row with the reason. */
export function groupPairs(cohort: Cohort, table: Table, response: string, label: { component: number | null; metric: string }, method: PairMethod, family: string): PairRow[] {
  const spec: PairsSpec = { response, group: 'group', covariates: cohort.spec.covariates, order: cohort.groups, ...modelOptions(cohort) };
  const tested = attempt(cohort, 'post hoc pairs', () => (method === 'subset' ? pairwiseSubset(table, spec) : pairwisePooled(table, spec)));
  const pairs = tested.value ?? untestable(cohort, tested.reason);
  if (tested.value !== null) for (const { reason } of pairs) if (reason !== undefined) recordFailure(cohort, 'post hoc pairs', reason);
  const rows = pairs.map(({ a, b, n, estimate, se, t, df, p, reason }): PairRow => ({
    ...label, a, b, n, estimate, se, t, df, p, ...unadjusted(family), method, ...(reason === undefined ? {} : { reason }),
  }));
  adjustRows(rows);
  return rows;
}

/** Every pair of the groups that have participants, with one reason for all. */
function untestable(cohort: Cohort, reason: string): Pair[] {
  const present = cohort.groups.filter((g) => cohort.participants['group']!.includes(g));
  return present.flatMap((b, i) => present.slice(i + 1).map((a) => ({ a, b, n: 0, leftOut: [], estimate: null, se: null, t: null, df: null, p: null, lower: null, upper: null, reason })));
}
