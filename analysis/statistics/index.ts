/** Statistics of group studies: pure functions of numbers, checked against R. See docs/statistics.md. */
export { StatisticsError, type StatisticsCode } from './errors.js';
export { completeRows, levelsOf, takeRows, type Cell, type CompleteRows, type Table } from './table.js';
export { chiSquareLower, chiSquareUpper, fLower, fUpper, tLower, tQuantile, tTwoSided, tUpper } from './distributions.js';
export { buildDesign, type Design, type DesignOptions, type Formula, type Term } from './design.js';
export { designRow, type Weights } from './reference-grid.js';
export { coefficient, linearModel, type Coefficient, type LinearModel, type LinearModelOptions } from './linear-model.js';
export { ancova, prepareAncova, termTest, testAncova, type Ancova, type AncovaFit, type AncovaOptions, type PreparedAncova, type SumsOfSquares, type TermTest } from './ancova.js';
export { estimatedMarginalMeans, marginalContrast, marginalMeans, type EstimatedMarginalMeans, type FittedModel, type MarginalMean, type MarginalMeansOptions } from './marginal-means.js';
export { pairwisePooled, pairwiseSubset, type Pair, type PairsSpec } from './pairs.js';
export { partialCorrelation, type PartialCorrelation } from './partial-correlation.js';
export { oneWayAnova, type OneWayAnova } from './one-way-anova.js';
export { crossTabulate, type Contingency } from './contingency.js';
export { chiSquare, chiSquareTest, type ChiSquare, type ChiSquareTest } from './chi-square.js';
export { fisherExact } from './fisher.js';
export { adjustPValues, type AdjustedFamily, type Adjustment, type AdjustmentOptions } from './adjust.js';
export { runStudyStatistics, type CohortInput, type IndexInput, type SpectraInput, type SpectrumRow, type StudyStatisticsInput, type StudyStatisticsOutput } from './study/index.js';
