/** Statistics of group studies: pure functions of numbers, checked against R. See docs/statistics.md. */
export { StatisticsError, type StatisticsCode } from './errors.js';
export { completeRows, levelsOf, takeRows, type Cell, type CompleteRows, type Table } from './table.js';
export { chiSquareLower, chiSquareUpper, fLower, fUpper, tLower, tTwoSided, tUpper } from './distributions.js';
export { buildDesign, designRow, type Design, type DesignOptions, type Formula, type Term, type Weights } from './design.js';
export { coefficient, linearModel, type Coefficient, type LinearModel } from './linear-model.js';
export { ancova, prepareAncova, termTest, testAncova, type Ancova, type AncovaFit, type AncovaOptions, type PreparedAncova, type SumsOfSquares, type TermTest } from './ancova.js';
export { marginalContrast, marginalMeans, type FittedModel, type MarginalMean } from './marginal-means.js';
export { pairwisePooled, pairwiseSubset, type Pair, type PairsSpec } from './pairs.js';
export { partialCorrelation, type PartialCorrelation } from './partial-correlation.js';
export { oneWayAnova, type OneWayAnova } from './one-way-anova.js';
export { crossTabulate, type Contingency } from './contingency.js';
export { chiSquareTest, type ChiSquare } from './chi-square.js';
export { fisherExact } from './fisher.js';
export { adjustFamily, benjaminiHochberg, bonferroni, holm, type AdjustedFamily, type Adjustment } from './adjust.js';
export { runStudyStatistics, type CohortInput, type IndexInput, type SpectraInput, type SpectrumRow, type StudyStatisticsInput, type StudyStatisticsOutput } from './study/index.js';
