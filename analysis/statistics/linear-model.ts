/** Ordinary linear models with t tests of the coefficients. Software convention: R's summary(lm). */
import { buildDesign, formulaColumns, type DesignOptions, type Formula } from './design.js';
import { fUpper, intervalFactor, tTwoSided } from './distributions.js';
import { StatisticsError } from './errors.js';
import { factorise, leastSquares, linearFunction, requireResidual } from './least-squares.js';
import { completeRows, numbers, type CompleteRows, type Table } from './table.js';

export interface Coefficient {
  /** R's name: `(Intercept)`, the column, factor and level (`sexmale`: against the first level), joined by ':' in interactions. */
  name: string;
  /** Units of the response per unit of the column. */
  estimate: number;
  se: number;
  t: number;
  df: number;
  /** Two-sided. */
  p: number;
  /** Confidence interval, estimate -+ t quantile * se. */
  lower: number;
  upper: number;
}

export interface LinearModelOptions extends DesignOptions {
  /** Of the intervals; default 0.95. */
  confidence?: number;
}

export interface LinearModel {
  n: number;
  leftOut: CompleteRows['leftOut'];
  /** Intercept first, then the columns of the design. */
  coefficients: Coefficient[];
  dfResidual: number;
  confidence: number;
  /** Residual standard deviation. */
  sigma: number;
  rSquared: number;
  /** 1 - (1 - R squared) (n - 1) / df. */
  adjustedRSquared: number;
  /** F of all terms together; null without terms. */
  overall: { F: number; df1: number; df2: number; p: number } | null;
}

/** Rows complete in the formula's columns; the response must be numeric. */
export function analysedRows(table: Table, formula: Formula): CompleteRows & { y: Float64Array } {
  if (formula.terms.some((term) => term === formula.response || (typeof term !== 'string' && term.includes(formula.response)))) {
    throw new StatisticsError('DUPLICATE_TERM', `the response '${formula.response}' is also a term`, { column: formula.response });
  }
  const complete = completeRows(table, formulaColumns(formula));
  return { ...complete, y: numbers(complete.table, formula.response) };
}

/** Listwise deletion, then least squares. Throws StatisticsError (see errors.ts). */
export function linearModel(table: Table, formula: Formula, options: LinearModelOptions = {}): LinearModel {
  const { table: rows, n, leftOut, y } = analysedRows(table, formula);
  const design = buildDesign(rows, formula.terms, options);
  const f = factorise(design.columns, design.labels, n);
  const fit = leastSquares(f, y, formula.response);
  requireResidual(fit, formula.response);
  const { confidence = 0.95 } = options, df = fit.dfResidual, size = design.columns.length, width = intervalFactor(confidence, df);
  const test = (name: string, estimate: number, se: number): Coefficient => ({
    name, estimate, se, t: estimate / se, df, p: tTwoSided(estimate / se, df), lower: estimate - width * se, upper: estimate + width * se,
  });
  const origin = linearFunction(f, fit, new Float64Array(size), true);
  const coefficients = [test('(Intercept)', fit.intercept, origin.se)];
  design.names.forEach((name, j) => {
    const at = new Float64Array(size);
    at[j] = 1;
    coefficients.push(test(name, fit.coefficients[j]!, linearFunction(f, fit, at, false).se));
  });
  const explained = fit.blocks.reduce((a, b) => a + b, 0), whole = explained + fit.residual;
  const F = explained / size / fit.variance;
  return {
    n, leftOut, coefficients, dfResidual: df, confidence, sigma: Math.sqrt(fit.variance),
    rSquared: explained / whole, adjustedRSquared: 1 - fit.variance / (whole / (n - 1)),
    overall: size === 0 ? null : { F, df1: size, df2: df, p: fUpper(F, size, df) },
  };
}

/** The coefficient of one column. Throws UNKNOWN_COLUMN. */
export function coefficient(model: LinearModel, name: string): Coefficient {
  const found = model.coefficients.find((c) => c.name === name);
  if (found === undefined) throw new StatisticsError('UNKNOWN_COLUMN', `the model has no coefficient '${name}': it has ${model.coefficients.map((c) => `'${c.name}'`).join(', ')}`, { column: name });
  return found;
}
