/** Step 2: the effect of group on every index, and the covariates' tests from the same models. */
import type { AncovaRow, CovariateRow } from '../../../contracts/statistic-rows.js';
import { termTest, testAncova } from '../ancova.js';
import { formulaColumns } from '../design.js';
import { marginalMeans } from '../marginal-means.js';
import { completeRows, numbers } from '../table.js';
import { analysisTable, attempt, groupModel, groupTerms, indexName, type Cohort } from './cohort.js';
import { adjustRows, isSignificant, unadjusted } from './family.js';
import type { IndexInput } from './types.js';

export function groupEffects(cohort: Cohort): { ancova: AncovaRow[]; covariates: CovariateRow[] } {
  const ancova: AncovaRow[] = [], covariates: CovariateRow[] = [];
  for (const index of cohort.input.indices) {
    const { row, terms } = oneIndex(cohort, index);
    ancova.push(row);
    covariates.push(...terms);
  }
  adjustRows(ancova);
  for (const row of ancova) row.significant = isSignificant(row, cohort.spec.alpha);
  return { ancova, covariates };
}

function oneIndex(cohort: Cohort, index: IndexInput): { row: AncovaRow; terms: CovariateRow[] } {
  const { component, metric } = index, name = indexName(index);
  const family = unadjusted(`ancova/${cohort.input.name}`);
  let n = 0;
  const tested = attempt(cohort, 'group effects', () => {
    const rows = completeRows(analysisTable(cohort, { [name]: index.values }), formulaColumns({ response: name, terms: groupTerms(cohort) }));
    n = rows.n;
    const prepared = groupModel(cohort, rows.table, rows.rows);
    const result = testAncova(prepared, numbers(rows.table, name), name);
    return { result, means: marginalMeans({ ...prepared, fit: result.fit }, 'group') };
  });
  const empty = { F: null, df1: null, df2: null, p: null };
  if (tested.value === null) {
    const { reason } = tested;
    return {
      row: { component, metric, n, ...empty, partialEtaSquared: null, ...family, significant: false, marginalMeans: null, reason },
      terms: cohort.spec.covariates.map((term) => ({ component, metric, term, ...empty, reason })),
    };
  }
  const { result, means } = tested.value;
  const { F, df1, df2, p, partialEtaSquared } = termTest(result, 'group');
  return {
    row: { component, metric, n, F, df1, df2, p, partialEtaSquared, ...family, significant: false, marginalMeans: means },
    terms: cohort.spec.covariates.map((term) => {
      const test = termTest(result, term);
      return { component, metric, term, F: test.F, df1: test.df1, df2: test.df2, p: test.p };
    }),
  };
}
