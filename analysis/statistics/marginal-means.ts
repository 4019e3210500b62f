/**
 * Estimated marginal means: the fitted response of each group with covariates at the mean of the analysed rows and other factors averaged,
 * by default with equal weights. Software convention: R's emmeans.
 */
import { prepareAncova, testAncova } from './ancova.js';
import type { Design, DesignOptions, Formula } from './design.js';
import { intervalFactor, tTwoSided } from './distributions.js';
import { StatisticsError } from './errors.js';
import { linearFunction, type Factorisation, type LeastSquaresFit } from './least-squares.js';
import { analysedRows } from './linear-model.js';
import { designRow, type Weights } from './reference-grid.js';
import type { CompleteRows, Table } from './table.js';

/** What a mean needs of a fitted model; a PreparedAncova and its fit have it. */
export interface FittedModel {
  design: Design;
  factorisation: Factorisation;
  fit: LeastSquaresFit;
}

export interface MarginalMean {
  group: string;
  /** Rows of the group that were analysed. */
  n: number;
  /** In the unit of the response. */
  mean: number;
  se: number;
}

export interface MarginalMeansOptions extends DesignOptions {
  /** Default equal. */
  weights?: Weights;
  /** Of the intervals; default 0.95. */
  confidence?: number;
}

export interface EstimatedMarginalMeans {
  n: number;
  leftOut: CompleteRows['leftOut'];
  /** Residual degrees of freedom, of every interval. */
  df: number;
  weights: Weights;
  confidence: number;
  /** In the order of the levels, with confidence intervals. */
  means: (MarginalMean & { lower: number; upper: number })[];
}

/** Listwise deletion, the model of the formula, and the marginal means of one of its factors. R: emmeans(lm(...), factor). */
export function estimatedMarginalMeans(table: Table, formula: Formula, factor: string, options: MarginalMeansOptions = {}): EstimatedMarginalMeans {
  const { weights = 'equal', confidence = 0.95 } = options;
  const { table: rows, n, leftOut, y } = analysedRows(table, formula);
  const prepared = prepareAncova(rows, formula.terms, options, []), { fit } = testAncova(prepared, y, formula.response);
  const df = fit.dfResidual, width = intervalFactor(confidence, df);
  const means = marginalMeans({ ...prepared, fit }, factor, weights).map((m) => ({ ...m, lower: m.mean - width * m.se, upper: m.mean + width * m.se }));
  return { n, leftOut, df, weights, confidence, means };
}

function factorOf(model: FittedModel, factor: string): { levels: string[]; counts: number[] } {
  const variable = model.design.variables.get(factor);
  if (variable?.kind !== 'factor') throw new StatisticsError('UNKNOWN_COLUMN', `the model has no factor '${factor}'`, { column: factor });
  return variable;
}

/** The marginal means of a model already fitted. Throws UNKNOWN_COLUMN. */
export function marginalMeans(model: FittedModel, factor: string, weights: Weights = 'equal'): MarginalMean[] {
  const { levels, counts } = factorOf(model, factor);
  return levels.map((group, i) => {
    const { estimate, se } = linearFunction(model.factorisation, model.fit, designRow(model.design, { [factor]: group }, weights), true);
    return { group, n: counts[i]!, mean: estimate, se };
  });
}

/** Adjusted mean of `a` minus that of `b`, with the model's residual variance. Throws UNKNOWN_GROUP when no row of a group was analysed. */
export function marginalContrast(model: FittedModel, factor: string, a: string, b: string, weights: Weights = 'equal'): { estimate: number; se: number; t: number; df: number; p: number } {
  factorOf(model, factor);
  const ra = designRow(model.design, { [factor]: a }, weights), rb = designRow(model.design, { [factor]: b }, weights);
  const { estimate, se } = linearFunction(model.factorisation, model.fit, ra.map((v, j) => v - rb[j]!), false);
  const t = estimate / se, df = model.fit.dfResidual;
  return { estimate, se, t, df, p: tTwoSided(t, df) };
}
