/** Tables of the group effects, pairs and covariates. */
import type { AncovaRow, CohortResults, PairRow } from '../../contracts/results.js';
import type { ReportContext } from '../context.js';
import { html, type Child } from '../html.js';
import { coefficient, count, isSignificant, measured, statistic } from '../numbers.js';
import { reasonColumn, table } from '../table.js';
import { adjustedColumns, fColumns, indexColumn, tColumns } from './columns.js';
import { intervalColumn } from './uncertainty.js';

export function ancovaTable(context: ReportContext, name: string, cohort: CohortResults): Child {
  const rows = cohort.ancova;
  return table({
    caption: `Group effect (ANCOVA), ${name}`,
    note: `Each index on group, with ${context.results.parameters.covariates.join(', ') || 'no covariates'}. Bold: significant after adjustment.`,
    rows,
    mark: (row) => (row.significant ? 'strong' : null),
    columns: [indexColumn(), { head: 'n', cell: (row) => count(row.n), numeric: true }, ...fColumns<(typeof rows)[number]>(context.alpha), ...adjustedColumns<(typeof rows)[number]>(context.alpha, (row) => row), { head: 'partial η²', cell: (row) => coefficient(row.partialEtaSquared), numeric: true }, ...intervalColumn(rows, 'partial η²', (row) => row.partialEtaSquaredInterval, coefficient, (text) => context.pseudonyms.redact(text, name)), ...reasonColumn(rows, (text) => context.pseudonyms.redact(text, name), (row) => row.p === null)],
  });
}

/** Marginal means by group: what the index would be at the covariates' mean. */
export function meansTable(context: ReportContext, name: string, cohort: CohortResults): Child {
  const rows = cohort.ancova.filter((row) => row.marginalMeans !== null);
  const groups = Object.keys(cohort.groups);
  return table({
    caption: `Adjusted means (standard error), ${name}`,
    note: 'Estimated marginal means: covariates at the mean of the analysed participants.',
    rows,
    columns: [indexColumn<AncovaRow>(), { head: 'unit', cell: (row) => context.unit(row.metric) ?? '' }, ...groups.map((group) => ({ head: group, numeric: true, cell: (row: AncovaRow) => meanCell(row.marginalMeans?.find((one) => one.group === group)) }))],
  });
}

function meanCell(estimate: { mean: number; se: number } | undefined): Child {
  return estimate === undefined ? '–' : html`${measured(estimate.mean, 4)} (${measured(estimate.se, 2)})`;
}

/** Also the pairs of Glx itself. */
export function pairTable(context: ReportContext, caption: string, name: string, rows: readonly PairRow[]): Child {
  const redact = (text: string): string => context.pseudonyms.redact(text, name);
  return table({
    caption,
    note: `Estimate: adjusted mean of the first group minus that of the second.${rows.some((row) => row.bootstrap !== undefined) ? ' Its interval: bootstrap (BCa), participants resampled within groups.' : ''}${rows.some((row) => row.hedgesG !== undefined) ? ' g: Hedges’s, in residual standard deviations of the pair’s model.' : ''}`,
    rows,
    mark: (row) => (isSignificant(row, context.alpha) ? 'strong' : null),
    columns: [indexColumn(), { head: 'pair', cell: (row) => `${row.a}\u00a0−\u00a0${row.b}` }, { head: 'n', cell: (row) => count(row.n), numeric: true }, { head: 'estimate', cell: (row) => measured(row.estimate), numeric: true }, { head: 'SE', cell: (row) => measured(row.se), numeric: true }, ...intervalColumn(rows, 'estimate', (row) => row.bootstrap, (value) => measured(value), redact), ...tColumns<PairRow>(context.alpha), ...adjustedColumns<PairRow>(context.alpha, (row) => row), ...(rows.some((row) => row.hedgesG !== undefined) ? [{ head: 'g', cell: (row: PairRow) => statistic(row.hedgesG?.g), numeric: true }] : []), ...intervalColumn(rows, 'g', (row) => row.hedgesG, statistic, redact), { head: 'method', cell: (row) => row.method }, ...reasonColumn(rows, (text) => context.pseudonyms.redact(text, name), (row) => row.p === null)],
  });
}

export function covariateTable(context: ReportContext, name: string, cohort: CohortResults): Child {
  const rows = cohort.covariates;
  return table({
    caption: `Effects of the covariates, ${name}`,
    note: 'p is not adjusted: these tests only say why the covariates are there.',
    rows,
    columns: [indexColumn(), { head: 'term', cell: (row) => row.term }, ...fColumns<(typeof rows)[number]>(context.alpha), ...reasonColumn(rows, (text) => context.pseudonyms.redact(text, name), (row) => row.p === null)],
  });
}
