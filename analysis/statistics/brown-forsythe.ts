/**
 * The Brown-Forsythe test of equal variances (1974, J Am Stat Assoc 69:364): one-way ANOVA of the distances from the group's median. Levene's
 * test with the median, which holds its level for skewed data. Software convention: R's car::leveneTest(center = median).
 */
import { oneWayAnova } from './one-way-anova.js';
import { column, completeRows, numbers, type Table } from './table.js';

export interface BrownForsythe {
  n: number;
  F: number;
  df1: number;
  df2: number;
  p: number;
  /** By group: number of values and standard deviation (null for one value). */
  groups: { group: string; n: number; sd: number | null }[];
}

/** Rows without a value or a group are left out. Throws as oneWayAnova does (PERFECT_FIT: the distances do not vary within any group). */
export function brownForsythe(table: Table, response: string, group: string, order: readonly string[] = []): BrownForsythe {
  const { table: rows } = completeRows(table, [response, group]);
  const y = numbers(rows, response), labels = column(rows, group).map(String);
  const medians = new Map([...new Set(labels)].map((g) => [g, median(y.filter((_, i) => labels[i] === g))]));
  const distance = Array.from(y, (v, i) => Math.abs(v - medians.get(labels[i]!)!));
  const { n, F, df1, df2, p } = oneWayAnova({ [response]: distance, [group]: labels }, response, group, order);
  const spread = oneWayAnova({ [response]: [...y], [group]: labels }, response, group, order).groups;
  return { n, F, df1, df2, p, groups: spread.map((g) => ({ group: g.group, n: g.n, sd: g.sd })) };
}

/** The middle value, or the mean of the two in the middle. */
function median(values: Float64Array): number {
  const sorted = Float64Array.from(values).sort(), n = sorted.length;
  return (sorted[(n - 1) >> 1]! + sorted[n >> 1]!) / 2;
}
