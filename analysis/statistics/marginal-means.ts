/**
 * Estimated marginal means: the fitted response of each group with covariates at the mean of the analysed rows and other factors averaged,
 * by default with equal weights. Software convention: R's emmeans.
 */
import { designRow, type Design, type Weights } from './design.js';
import { tTwoSided } from './distributions.js';
import { StatisticsError } from './errors.js';
import { linearFunction, type Factorisation, type LeastSquaresFit } from './least-squares.js';

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

function factorOf(model: FittedModel, factor: string): { levels: string[]; counts: number[] } {
  const variable = model.design.variables.get(factor);
  if (variable === undefined) throw new StatisticsError('UNKNOWN_COLUMN', `the model has no factor '${factor}'`, { column: factor });
  return variable;
}

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
