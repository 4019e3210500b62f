/** Steps 5 and 6: Glx between groups, the gated indices' relation with Glx and its interaction with group, and their partial correlation. */
import type { GlxModelRow, GlxResults, PartialRow } from '../../../contracts/glx-rows.js';
import type { ReplicatedIndex } from '../../../contracts/results.js';
import type { TermResult } from '../../../contracts/statistic-rows.js';
import type { ClinicalSpec } from '../../../contracts/study.js';
import { ancova, termTest, type TermTest } from '../ancova.js';
import { formulaColumns, type Term } from '../design.js';
import { partialCorrelation } from '../partial-correlation.js';
import { completeRows, type Table } from '../table.js';
import { clinicalRows } from './clinical.js';
import { analysisTable, attempt, groupTerms, indexName, modelOptions, type Cohort } from './cohort.js';
import { adjustRows, isSignificant, unadjusted } from './family.js';
import { groupPairs } from './pairs.js';
import { usableSpectra } from './quality.js';
import { spectralQuality } from './spectral-quality.js';
import type { IndexInput, SpectraInput } from './types.js';

/** The concentration's column in analysis tables. */
const GLX = 'Glx';

export function glxResults(cohort: Cohort, spectra: SpectraInput, gated: readonly ReplicatedIndex[], clinical: readonly ClinicalSpec[]): GlxResults {
  const { values, excluded, near } = usableSpectra(cohort, spectra);
  const name = cohort.input.name;
  const table = analysisTable(cohort, { [GLX]: values });
  const indices = cohort.input.indices.filter((index) => gated.some((g) => g.component === index.component && g.metric === index.metric));
  const models = indices.map((index) => glxModel(cohort, index, values));
  adjustRows(models.map((m) => m.glx));
  adjustRows(models.map((m) => m.interaction));
  const partial = indices.map((index, i) => partialRow(cohort, index, values, isSignificant(models[i]!.glx, cohort.spec.alpha)));
  adjustRows(partial);
  return {
    metabolite: spectra.metabolite, correction: spectra.correction, ...(spectra.tissue === undefined ? {} : { tissue: spectra.tissue }),
    n: values.filter((v) => v !== null).length, excluded, nearLimit: near, quality: spectralQuality(cohort, spectra, values),
    group: groupEffect(cohort, table),
    groupPairs: groupPairs(cohort, table, GLX, { component: null, metric: 'glx' }, cohort.spec.pairwise, `glx-pairs/${name}`),
    models, partial,
    clinical: clinicalRows(cohort, { component: null, metric: 'glx', response: GLX, values, family: `clinical/${name}/glx` }, clinical),
  };
}

const result = (test: TermTest | null, family: string): TermResult => ({
  F: test?.F ?? null, df1: test?.df1 ?? null, df2: test?.df2 ?? null, p: test?.p ?? null, ...unadjusted(family),
});

function groupEffect(cohort: Cohort, table: Table): NonNullable<GlxResults['group']> {
  const tested = attempt(cohort, 'the group effect on Glx', () => termTest(ancova(table, { response: GLX, terms: groupTerms(cohort) }, modelOptions(cohort)), 'group'));
  const row = { ...result(tested.value, `glx-group/${cohort.input.name}`), ...(tested.value === null ? { reason: tested.reason } : {}) };
  adjustRows([row]);
  return row;
}

/** index ~ Glx + group + covariates + Glx:group. */
function glxModel(cohort: Cohort, index: IndexInput, glx: (number | null)[]): GlxModelRow {
  const response = indexName(index), type = cohort.spec.glxType, name = cohort.input.name;
  const terms: Term[] = [GLX, ...groupTerms(cohort), [GLX, 'group']];
  let n = 0;
  const tested = attempt(cohort, 'models with Glx', () => {
    const rows = completeRows(analysisTable(cohort, { [response]: index.values, [GLX]: glx }), formulaColumns({ response, terms }));
    n = rows.n;
    const model = ancova(rows.table, { response, terms }, { ...modelOptions(cohort), type });
    return { glx: termTest(model, GLX), interaction: termTest(model, `${GLX}:group`) };
  });
  return {
    component: index.component, metric: index.metric, n, type,
    glx: result(tested.value?.glx ?? null, `glx/${name}`), interaction: result(tested.value?.interaction ?? null, `glx-interaction/${name}`),
    ...(tested.value === null ? { reason: tested.reason } : {}),
  };
}

function partialRow(cohort: Cohort, index: IndexInput, glx: (number | null)[], glxTermSignificant: boolean): PartialRow {
  const response = indexName(index), columns = [response, GLX, ...cohort.spec.covariates];
  let n = 0;
  const tested = attempt(cohort, 'partial correlations with Glx', () => {
    const rows = completeRows(analysisTable(cohort, { [response]: index.values, [GLX]: glx }), columns);
    n = rows.n;
    return partialCorrelation(rows.table, response, GLX, cohort.spec.covariates, modelOptions(cohort));
  });
  const { r, df, t, p } = tested.value ?? { r: null, df: null, t: null, p: null };
  return {
    component: index.component, metric: index.metric, n, r, df, t, p, ...unadjusted(`glx-partial/${cohort.input.name}`), glxTermSignificant,
    ...(tested.value === null ? { reason: tested.reason } : {}),
  };
}
