/**
 * Two categorical variables: Pearson's chi-square test of independence, Yates's correction, Cramer's V, Fisher's exact test beside them.
 * Software convention: R's chisq.test(correct = FALSE), chisq.test(correct = TRUE) for Yates, fisher.test.
 */
import { crossTabulate, usedCells, type Contingency } from './contingency.js';
import { chiSquareUpper } from './distributions.js';
import { StatisticsError } from './errors.js';
import { fisherExact } from './fisher.js';
import type { Table } from './table.js';

/** An expected count below this asks for Fisher's exact test (Cochran 1954). */
export const SMALL_EXPECTED = 5;

export interface ChiSquareTest {
  n: number;
  /** Pearson's, not corrected. */
  statistic: number;
  df: number;
  p: number;
  /** 2 x 2 only, else null: with |O - E| reduced by 0.5, or by the smallest |O - E| where that is less. */
  yates: { statistic: number; p: number } | null;
  /** sqrt(chi-square / (n (min(rows, columns) - 1))). */
  cramersV: number;
  /** Smallest expected count; below 5 the approximation is poor. */
  smallestExpected: number;
}

export interface ChiSquare extends ChiSquareTest, Contingency {
  /** Fisher's exact p, two-sided; null when it was not asked for or, with a reason, too large. */
  fisherP: number | null;
  fisherReason?: string;
}

/** The tests of a table of counts. Empty rows and columns are dropped. Throws as usedCells does. */
export function chiSquareTest(table: readonly (readonly number[])[]): ChiSquareTest {
  const { counts, rows, columns, n } = usedCells(table);
  const cells = counts.flatMap((row, i) => row.map((observed, j) => {
    const expected = (rows[i]! * columns[j]!) / n;
    return { expected, distance: Math.abs(observed - expected) };
  }));
  const sum = (correction: number): number => cells.reduce((s, { distance, expected }) => s + (distance - correction) ** 2 / expected, 0);
  const df = (rows.length - 1) * (columns.length - 1), statistic = sum(0);
  const corrected = df === 1 ? sum(Math.min(0.5, ...cells.map((c) => c.distance))) : null;
  return {
    n, statistic, df, p: chiSquareUpper(statistic, df),
    yates: corrected === null ? null : { statistic: corrected, p: chiSquareUpper(corrected, df) },
    cramersV: Math.sqrt(statistic / (n * (Math.min(rows.length, columns.length) - 1))),
    smallestExpected: Math.min(...cells.map((c) => c.expected)),
  };
}

/**
 * Two columns of a table, cross-tabulated over their complete rows. `fisher`: true, false, or (default) only when an expected count is
 * below 5. Throws as completeRows and usedCells do.
 */
export function chiSquare(table: Table, row: string, column: string, options: { fisher?: boolean } = {}): ChiSquare {
  const contingency = crossTabulate(table, row, column);
  const test = chiSquareTest(contingency.counts);
  if (!(options.fisher ?? test.smallestExpected < SMALL_EXPECTED)) return { ...contingency, ...test, fisherP: null };
  try {
    return { ...contingency, ...test, fisherP: fisherExact(contingency.counts) };
  } catch (error) {
    if (!(error instanceof StatisticsError) || error.code !== 'TABLE_TOO_LARGE') throw error;
    return { ...contingency, ...test, fisherP: null, fisherReason: error.message };
  }
}
