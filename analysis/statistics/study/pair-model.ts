/** The model behind one pair of groups, as pairwiseSubset and pairwisePooled fit it, for what is computed beside their t test. */
import type { PairRow } from '../../../contracts/statistic-rows.js';
import { prepareAncova } from '../ancova.js';
import { formulaColumns } from '../design.js';
import type { Factorisation } from '../least-squares.js';
import { designRow } from '../reference-grid.js';
import { completeRows, takeRows, type Table } from '../table.js';
import { groupTerms, modelOptions, type Cohort } from './cohort.js';

export interface PairModel {
  factorisation: Factorisation;
  /** Weights of the design's columns that give the adjusted mean of `a` minus that of `b`. */
  contrast: Float64Array;
  /** Rows of the cohort's table that it uses, in the factorisation's order. */
  rows: number[];
}

/** Rows of the cohort with a value in the response, the group and every covariate. */
export function completeGroupRows(cohort: Cohort, table: Table, response: string): number[] {
  return completeRows(table, formulaColumns({ response, terms: groupTerms(cohort) })).rows;
}

/** `kept`: the response's complete rows. Throws StatisticsError as the pair itself does. */
export function pairModel(cohort: Cohort, kept: readonly number[], pair: Pick<PairRow, 'a' | 'b' | 'method'>): PairModel {
  const { a, b, method } = pair, group = cohort.participants['group']!;
  const rows = method === 'pooled' ? [...kept] : kept.filter((i) => group[i] === a || group[i] === b);
  const options = modelOptions(cohort);
  const levels = method === 'pooled' ? options.levels : { ...options.levels, group: [b, a] };
  const { design, factorisation } = prepareAncova(takeRows(cohort.participants, rows), groupTerms(cohort), { ...options, levels }, []);
  const [at, from] = [designRow(design, { group: a }), designRow(design, { group: b })];
  return { factorisation, contrast: at.map((v, j) => v - from[j]!), rows };
}
