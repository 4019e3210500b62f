/** Pearson's chi-square test of independence and Cramer's V. Software convention: R's chisq.test(correct = yates). */
import { usedCells } from './contingency.js';
import { chiSquareUpper } from './distributions.js';

export interface ChiSquare {
  n: number;
  statistic: number;
  df: number;
  p: number;
  /** sqrt(chi-square / (n (min(rows, columns) - 1))), from the uncorrected statistic. */
  cramersV: number;
  /** Smallest expected count; below 5 the approximation is poor. */
  smallestExpected: number;
  /** Whether Yates's correction was applied: asked for, and 2 x 2. */
  corrected: boolean;
}

/** `yates` (default false) corrects 2 x 2 tables by at most |O - E|. Empty rows and columns are dropped. Throws as usedCells does. */
export function chiSquareTest(table: readonly (readonly number[])[], options: { yates?: boolean } = {}): ChiSquare {
  const { counts, rows, columns, n } = usedCells(table);
  const corrected = options.yates === true && rows.length === 2 && columns.length === 2;
  let plain = 0, statistic = 0, smallestExpected = Infinity;
  counts.forEach((row, i) => row.forEach((observed, j) => {
    const expected = (rows[i]! * columns[j]!) / n;
    const distance = Math.abs(observed - expected);
    plain += distance ** 2 / expected;
    statistic += (distance - (corrected ? Math.min(0.5, distance) : 0)) ** 2 / expected;
    smallestExpected = Math.min(smallestExpected, expected);
  }));
  const df = (rows.length - 1) * (columns.length - 1);
  const cramersV = Math.sqrt(plain / (n * (Math.min(rows.length, columns.length) - 1)));
  return { n, statistic, df, p: chiSquareUpper(statistic, df), cramersV, smallestExpected, corrected };
}
