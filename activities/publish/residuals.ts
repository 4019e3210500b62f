/** tables/residuals.tsv: every participant in the group model of every index. */
import { residualRows } from '../../analysis/statistics/study/residuals.js';
import type { StudySpec } from '../../contracts/study.js';
import { writeTsv } from '../../formats/index.js';
import { participantTable } from '../statistics.js';
import type { CohortMaterial } from './results.js';
import type { ResultFile } from './tables.js';

const COLUMNS = ['cohort', 'participant', 'component', 'metric', 'fitted', 'residual', 'standardised', 'leverage', 'cook'];

/** Of a run with statistics; nothing where no model could be fitted. */
export function residualFiles(cohorts: readonly Pick<CohortMaterial, 'cohort' | 'dataset' | 'indices'>[], spec: StudySpec): ResultFile[] {
  const rows = cohorts.flatMap(({ cohort, dataset, indices }) => {
    const groups = spec.cohorts.find((c) => c.name === cohort)?.groups ?? [];
    const input = { name: cohort, groups, control: spec.control ?? groups[0] ?? '', participants: participantTable(dataset, spec), indices: (indices ?? []).map((i) => ({ component: i.component, metric: dataset.metrics[i.metric] as string, values: i.values })), spectra: null };
    return residualRows(input, spec.statistics).map((r) => [cohort, r.id, r.component, r.metric, r.fitted, r.residual, r.standardised, r.leverage, r.cook]);
  });
  return rows.length === 0 ? [] : [['tables/residuals.tsv', writeTsv(COLUMNS, rows)]];
}
