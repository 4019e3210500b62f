/** Step 7: index ~ measure + covariates, in the groups each measure is meant for. One family an index. */
import type { ClinicalRow } from '../../../contracts/statistic-rows.js';
import type { ClinicalSpec } from '../../../contracts/study.js';
import { formulaColumns, type Term } from '../design.js';
import { coefficient, linearModel } from '../linear-model.js';
import { column, completeRows, takeRows } from '../table.js';
import { analysisTable, attempt, modelOptions, type Cohort } from './cohort.js';
import { adjustRows, unadjusted } from './family.js';

export interface ClinicalResponse {
  component: number | null;
  metric: string;
  /** Name of the response in messages. */
  response: string;
  values: (number | null)[];
  family: string;
}

/** Groups of the cohort a measure is tested in; groups it names that the cohort does not have are skipped. */
const eligibleGroups = (cohort: Cohort, spec: ClinicalSpec): string[] => {
  const named = spec.groups === 'patients' ? cohort.input.groups.filter((g) => g !== cohort.input.control) : spec.groups;
  return cohort.input.groups.filter((g) => named.includes(g) && cohort.participants['group']!.includes(g));
};

export function clinicalRows(cohort: Cohort, response: ClinicalResponse, clinical: readonly ClinicalSpec[]): ClinicalRow[] {
  const rows = clinical.flatMap((spec) => {
    const groups = eligibleGroups(cohort, spec);
    return groups.length === 0 ? [] : [oneMeasure(cohort, response, spec.measure, groups)];
  });
  adjustRows(rows);
  return rows;
}

function oneMeasure(cohort: Cohort, response: ClinicalResponse, measure: string, eligible: string[]): ClinicalRow {
  const terms: Term[] = [measure, ...cohort.spec.covariates];
  let n = 0, groups = eligible;
  const tested = attempt(cohort, `relations with ${measure}`, () => {
    const formula = { response: response.response, terms };
    const all = analysisTable(cohort, { [response.response]: response.values });
    column(all, measure);
    const members = all['group']!.flatMap((g, i) => (eligible.includes(String(g)) ? [i] : []));
    const rows = completeRows(takeRows(all, members), ['group', ...formulaColumns(formula)]);
    n = rows.n;
    groups = eligible.filter((g) => rows.table['group']!.includes(g));
    return coefficient(linearModel(rows.table, formula, modelOptions(cohort, [measure])), measure);
  });
  const { estimate: beta, se, t, df, p } = tested.value ?? { estimate: null, se: null, t: null, df: null, p: null };
  return {
    component: response.component, metric: response.metric, measure, groups, n, beta, se, t, df, p, ...unadjusted(response.family),
    ...(tested.value === null ? { reason: tested.reason } : {}),
  };
}
