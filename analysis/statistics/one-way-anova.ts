/** One-way analysis of variance with equal variances. Software convention: R's oneway.test(var.equal = TRUE), aov. */
import { fUpper } from './distributions.js';
import { StatisticsError } from './errors.js';
import { standardise } from './least-squares.js';
import { completeRows, levelsOf, numbers, type CompleteRows, type Table } from './table.js';

export interface OneWayAnova {
  n: number;
  leftOut: CompleteRows['leftOut'];
  groups: { group: string; n: number; mean: number; sd: number | null }[];
  F: number;
  df1: number;
  df2: number;
  p: number;
}

/** n, mean and SD (n - 1; null for one value) of some values. */
export function summary(values: Float64Array): { n: number; mean: number; sd: number | null } {
  const { mean, scale } = standardise(values);
  return { n: values.length, mean, sd: values.length > 1 ? scale / Math.sqrt(values.length - 1) : null };
}

/** Groups without data are dropped. Throws SINGLE_LEVEL_FACTOR, NO_RESIDUAL_DF, CONSTANT_RESPONSE, PERFECT_FIT (no spread within groups). */
export function oneWayAnova(table: Table, response: string, group: string, order: readonly string[] = []): OneWayAnova {
  const { table: rows, n, leftOut } = completeRows(table, [response, group]);
  const y = numbers(rows, response), labels = rows[group]!;
  const levels = levelsOf(labels, order);
  if (levels.length < 2) throw new StatisticsError('SINGLE_LEVEL_FACTOR', `'${response}' has values in the group '${levels[0]}' only`, { column: response, group: levels[0]! });
  const df1 = levels.length - 1, df2 = n - levels.length;
  if (df2 < 1) throw new StatisticsError('NO_RESIDUAL_DF', `'${response}' has one value in every group: no spread within groups`, { column: response });
  const { scale, unit } = standardise(y);
  if (scale === 0) throw new StatisticsError('CONSTANT_RESPONSE', `column '${response}' has the same value in every row`, { column: response });
  let between = 0, within = 0;
  const groups = levels.map((level) => {
    const mine = (_: number, i: number): boolean => String(labels[i]) === level;
    const part = summary(unit.filter(mine));
    between += part.n * part.mean ** 2;
    within += part.sd === null ? 0 : part.sd ** 2 * (part.n - 1);
    return { group: level, ...summary(y.filter(mine)) };
  });
  if (within <= 1e-24) throw new StatisticsError('PERFECT_FIT', `column '${response}' does not vary within any group`, { column: response });
  const F = between / df1 / (within / df2);
  return { n, leftOut, groups, F, df1, df2, p: fUpper(F, df1, df2) };
}
