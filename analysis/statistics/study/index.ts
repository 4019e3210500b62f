/** The statistics of a study, docs/statistics.md step by step. What cannot be computed is a row of nulls with a reason, and a doubt. */
import type { ReplicatedIndex } from '../../../contracts/results.js';
import type { CohortStatistics } from '../../../contracts/cohort-statistics.js';
import type { StudyStatisticsInput, StudyStatisticsOutput } from './types.js';
import { clinicalRows } from './clinical.js';
import { assumptionDoubts, assumptionRows } from './assumptions.js';
import { analysisTable, indexName, openCohort, type Cohort } from './cohort.js';
import { demographics } from './demographics.js';
import { cohortDoubts } from './doubts.js';
import { addEffects } from './effects.js';
import { replicatedIndices } from './gate.js';
import { glxResults } from './glx.js';
import { groupEffects } from './group-effects.js';
import { groupPairs, otherMethod } from './pairs.js';
import { usableSpectra } from './quality.js';
import { spectralDoubts } from './spectral-quality.js';

export type * from './types.js';
export { replicatedIndices } from './gate.js';

export function runStudyStatistics(input: StudyStatisticsInput): StudyStatisticsOutput {
  const opened = input.cohorts.map((cohort) => {
    const open = openCohort(cohort, input.statistics);
    return { open, demographics: demographics(open, input.demographics, input.clinical), ...groupEffects(open) };
  });
  const replicated = replicatedIndices(opened.map((c) => c.ancova));
  const cohorts: Record<string, CohortStatistics> = {};
  const doubts: string[] = input.cohorts.length === 1 ? ['There is one cohort: its significant indices went on without replication.'] : [];
  for (const { open, demographics: rows, ancova, covariates } of opened) {
    const later = afterGate(open, replicated, input);
    const assumptions = assumptionRows(open), statistics: CohortStatistics = { demographics: rows, covariates, ancova, ...later, assumptions };
    addEffects(open, statistics, input.statistics.confidence ?? 0.95);
    cohorts[open.input.name] = statistics;
    doubts.push(...assumptionDoubts(open.input.name, assumptions, ancova, input.statistics.alpha));
    if (later.glx !== null) doubts.push(...spectralDoubts(open.input.name, later.glx, input.statistics.alpha));
    doubts.push(...cohortDoubts(open, open.input.spectra === null ? null : usableSpectra(open, open.input.spectra)));
  }
  return { cohorts, replicated, doubts };
}

function afterGate(cohort: Cohort, gated: ReplicatedIndex[], input: StudyStatisticsInput): Pick<CohortStatistics, 'pairs' | 'pairsAlternative' | 'glx' | 'clinical'> {
  const method = input.statistics.pairwise;
  const out: Pick<CohortStatistics, 'pairs' | 'pairsAlternative' | 'clinical'> = { pairs: [], pairsAlternative: [], clinical: [] };
  for (const { component, metric } of gated) {
    const index = cohort.input.indices.find((i) => i.component === component && i.metric === metric)!;
    const response = indexName(index), table = analysisTable(cohort, { [response]: index.values });
    const place = `${cohort.input.name}/c${component}/${metric}`;
    out.pairs.push(...groupPairs(cohort, table, response, { component, metric }, method, `pairs/${place}`));
    out.pairsAlternative.push(...groupPairs(cohort, table, response, { component, metric }, otherMethod(method), `pairs/${place}/${otherMethod(method)}`));
    out.clinical.push(...clinicalRows(cohort, { component, metric, response, values: index.values, family: `clinical/${place}` }, input.clinical));
  }
  const { spectra } = cohort.input;
  return { ...out, glx: spectra === null ? null : glxResults(cohort, spectra, gated, input.clinical) };
}
