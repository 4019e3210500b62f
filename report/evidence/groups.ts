/** Evidence for group differences: every index at a glance, each replicated one by participant, the tables. */
import type { AncovaRow, CohortResults, PairRow, ReplicatedIndex } from '../../contracts/results.js';
import { ofIndex, type ReportContext } from '../context.js';
import { effectsFigure } from '../figures/effects.js';
import { bracketLevels, groupFigure, type Bracket } from '../figures/groups.js';
import { key } from '../figures/marks.js';
import { figure, panel } from '../figures/svg.js';
import { html, slug, type Child, type Html } from '../html.js';
import { adjusted, coefficient, count, fTest, isSignificant, measured, statistic } from '../numbers.js';
import { folded, reasonColumn, table } from '../table.js';
import { capitalise, indexName, list, metricName } from '../words.js';
import { adjustedColumns, fColumns, indexColumn, tColumns } from './columns.js';
import { assumptionTable, intervalColumn } from './uncertainty.js';

export function groupEvidence(context: ReportContext): Child {
  if (!context.analysed) return null;
  const tested = context.cohorts.filter(([, cohort]) => cohort.ancova.length > 0);
  const legend = html`<span class="legend">${tested.map(([name], place) => html`<span>${key(place)} ${name}</span>`)}</span>`;
  return html`<section id="groups"><h3>Differences between groups</h3>
${figure('effects', html`<div class="panel wide"><p class="panel-title">${legend}</p>${effectsFigure(tested.map(([name, { ancova }]) => ({ name, ancova })))}</div>`, html`<strong>Group effect of every index.</strong> Partial η² of the group term (covariates: ${list(context.results.parameters.covariates)}); filled where significant after adjustment within the cohort, hollow where not.`)}
${context.results.replicated.map((index) => indexFigure(context, index))}
${tested.map(([name, cohort]) => ancovaTable(context, name, cohort))}
${tested.map(([name, cohort]) => folded(`Adjusted means, ${name}`, meansTable(context, name, cohort)))}
${tested.map(([name, cohort]) => pairTable(context, `Pairs of groups, ${name}`, name, cohort.pairs))}
${tested.map(([name, cohort]) => cohort.pairsAlternative.length > 0 && folded(`Pairs by the ${cohort.pairsAlternative[0]?.method ?? 'other'} method, ${name}`, pairTable(context, `Pairs of groups by the ${cohort.pairsAlternative[0]?.method ?? 'other'} method, ${name}`, name, cohort.pairsAlternative)))}
${tested.map(([name, cohort]) => cohort.covariates.length > 0 && folded(`Effects of the covariates, ${name}`, covariateTable(context, name, cohort)))}
${tested.map(([name, cohort]) => assumptionTable(context, name, cohort))}</section>\n`;
}

function indexFigure(context: ReportContext, index: ReplicatedIndex): Html {
  const name = capitalise(indexName(index));
  const significant = (results: CohortResults): Bracket[] => ofIndex(results.pairs, index).flatMap((pair) => (isSignificant(pair, context.alpha) ? [{ a: pair.a, b: pair.b, pAdjusted: pair.pAdjusted ?? 1 }] : []));
  const levels = Math.max(0, ...context.cohorts.map(([, results]) => bracketLevels(Object.keys(results.groups), significant(results))));
  const panels = context.cohorts.map(([cohort, results]) => {
    const row = ofIndex(results.ancova, index)[0];
    const points = context.points(cohort, index.component, index.metric);
    const columns = Object.keys(results.groups).map((group) => {
      const estimate = row?.marginalMeans?.find((one) => one.group === group);
      return { name: group, style: context.groupStyle(group), values: points.filter((point) => point.group === group).map((point) => point.value), adjusted: estimate === undefined ? null : { mean: estimate.mean, se: estimate.se } };
    });
    return panel(cohort, groupFigure({ id: slug('groups', cohort, index.metric, index.component), title: `${name} by group, ${cohort}`, label: metricName(index.metric), unit: context.unit(index.metric), columns, brackets: significant(results), levels, every: context.drawEvery, alpha: context.alpha }));
  });
  const drawn = context.cohorts.some(([cohort]) => context.points(cohort, index.component, index.metric).length > 0);
  const tests = context.cohorts.map(([cohort, results]) => {
    const row = ofIndex(results.ancova, index)[0];
    const family = ofIndex(results.pairs, index)[0];
    return row !== undefined && html` ${capitalise(cohort)}: n = ${row.n}, ${fTest(row)}, ${adjusted(row, context.alpha)} (family ${row.family})${family !== undefined && html`; pairs adjusted in ${family.family}, ${family.familySize} comparisons`}.`;
  });
  return figure(slug('figure', index.metric, index.component), panels, html`<strong>${name}.</strong> ${drawn ? html`Each mark is a participant${everyNth(context)}; the box spans the quartiles, its thin line is the median, the thick line the mean.` : 'Adjusted means with one standard error.'} Brackets: adjusted p of the significant pairs. Each cohort has its own axis.${tests}`);
}

/** Said in the caption when not everyone is drawn. */
export function everyNth(context: ReportContext): string {
  return context.drawEvery === 1 ? '' : ` (one in ${context.drawEvery} drawn)`;
}

function ancovaTable(context: ReportContext, name: string, cohort: CohortResults): Child {
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
function meansTable(context: ReportContext, name: string, cohort: CohortResults): Child {
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

function covariateTable(context: ReportContext, name: string, cohort: CohortResults): Child {
  const rows = cohort.covariates;
  return table({
    caption: `Effects of the covariates, ${name}`,
    note: 'p is not adjusted: these tests only say why the covariates are there.',
    rows,
    columns: [indexColumn(), { head: 'term', cell: (row) => row.term }, ...fColumns<(typeof rows)[number]>(context.alpha), ...reasonColumn(rows, (text) => context.pseudonyms.redact(text, name), (row) => row.p === null)],
  });
}
