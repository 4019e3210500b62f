/**
 * Partial correlation of two variables given covariates: the correlation of their residuals. Software convention: ppcor::pcor.test,
 * df = n - 2 - covariate columns. 1 - r and 1 + r come from the distances of the unit residuals, so r near 1 keeps its digits.
 */
import { buildDesign, type DesignOptions } from './design.js';
import { tTwoSided } from './distributions.js';
import { StatisticsError } from './errors.js';
import { factorise, unitResiduals } from './least-squares.js';
import { completeRows, numbers, type CompleteRows, type Table } from './table.js';

export interface PartialCorrelation {
  n: number;
  leftOut: CompleteRows['leftOut'];
  r: number;
  df: number;
  t: number;
  /** Two-sided. */
  p: number;
}

/** Throws NO_RESIDUAL_DF, CONSTANT_RESPONSE, PERFECT_FIT (a variable the covariates determine, or r = 1 or -1), RANK_DEFICIENT. */
export function partialCorrelation(table: Table, x: string, y: string, covariates: readonly string[], options: DesignOptions = {}): PartialCorrelation {
  const { table: rows, n, leftOut } = completeRows(table, [x, y, ...covariates]);
  const design = buildDesign(rows, covariates, options);
  const df = n - 2 - design.columns.length;
  if (df < 1) throw new StatisticsError('NO_RESIDUAL_DF', `${n} rows cannot support a correlation of '${x}' and '${y}' given ${design.columns.length} covariate columns`, { column: y });
  const f = factorise(design.columns, design.labels, n);
  const [a, b] = [x, y].map((name) => unit(unitResiduals(f, numbers(rows, name), name), name)) as [Float64Array, Float64Array];
  let apart = 0, together = 0;
  for (let i = 0; i < n; i++) {
    apart += (a[i]! - b[i]!) ** 2;             // |a - b|^2 = 2 (1 - r)
    together += (a[i]! + b[i]!) ** 2;          // |a + b|^2 = 2 (1 + r)
  }
  if (Math.min(apart, together) < 1e-22) throw new StatisticsError('PERFECT_FIT', `'${x}' and '${y}' are perfectly correlated given the covariates`, { column: y });
  const r = (together - apart) / 4;
  const t = (r * Math.sqrt(df)) / Math.sqrt((apart / 2) * (together / 2));
  return { n, leftOut, r, df, t, p: tTwoSided(t, df) };
}

function unit(residuals: Float64Array, name: string): Float64Array {
  const length = Math.sqrt(residuals.reduce((s, v) => s + v * v, 0));
  if (length < 1e-12) throw new StatisticsError('PERFECT_FIT', `the covariates determine column '${name}'`, { column: name });
  return residuals.map((v) => v / length);
}
