/** Evidence for the relations with the metabolite. */
import type { GlxModelRow, GlxResults, ReplicatedIndex } from '../../contracts/results.js';
import { ofIndex, type ReportContext } from '../context.js';
import { formatCoefficient } from '../format.js';
import { key } from '../figures/marks.js';
import { scatterFigure } from '../figures/scatter.js';
import { figure, panel } from '../figures/svg.js';
import { html, slug, type Child, type Html } from '../html.js';
import { adjusted, coefficient, count, degrees, isSignificant } from '../numbers.js';
import { reasonColumn, table } from '../table.js';
import { capitalise, glxName, indexName, metricName } from '../words.js';
import { adjustedColumns, fColumns, indexColumn, tColumns } from './columns.js';
import { everyNth, pairTable } from './groups.js';
import { intervalColumn } from './uncertainty.js';
import { spectraEvidence } from './spectra.js';

export function glxEvidence(context: ReportContext): Child {
  const present = context.cohorts.flatMap(([name, { glx }]) => (glx === null ? [] : [{ name, glx }]));
  if (present.length === 0 || !context.analysed) return null;
  return html`<section id="glx"><h3>Relations with ${glxName(present[0]?.glx.metabolite ?? 'Glx')}</h3>
${context.results.replicated.map((index) => scatter(context, present, index))}
${present.map(({ name, glx }) => modelTable(context, name, glx))}
${present.map(({ name, glx }) => partialTable(context, name, glx))}
${present.map(({ name, glx }) => html`${overall(context, name, glx)}${pairTable(context, `${glxName(glx.metabolite)} between groups, ${name}`, name, glx.groupPairs)}${spectraEvidence(context, name, glx)}`)}</section>\n`;
}

function scatter(context: ReportContext, present: readonly { name: string; glx: GlxResults }[], index: ReplicatedIndex): Child {
  const title = capitalise(indexName(index));
  const drawn = present.map(({ name, glx }) => ({ name, glx, points: context.points(name, index.component, index.metric).filter((point) => point.glx !== null) })).filter(({ points }) => points.length > 0);
  if (drawn.length === 0) return null;
  const label = glxName(drawn[0]?.glx.metabolite ?? 'Glx');
  const panels = drawn.map(({ name, glx, points }) => {
    const names = Object.keys(context.results.cohorts[name]?.groups ?? {});
    const groups = names.map((group) => ({ style: context.groupStyle(group), points: points.filter((point) => point.group === group).map((point) => ({ x: point.glx ?? 0, y: point.value })) }));
    const row = ofIndex(glx.partial, index)[0];
    const legend = html`${name} <span class="legend">${names.map((group) => html`<span>${key(context.groupStyle(group))} ${group}</span>`)}</span>`;
    const description = `${points.length} participants.${row?.r === undefined || row.r === null ? '' : ` Partial r ${formatCoefficient(row.r)}.`}`;
    return panel(legend, scatterFigure({ id: slug('glx', name, index.metric, index.component), title: `${title} against ${label}, ${name}`, description, xLabel: label, yLabel: metricName(index.metric), unit: context.unit(index.metric), every: context.drawEvery, groups }));
  });
  const tests = drawn.map(({ name, glx, points }) => {
    const row = ofIndex(glx.partial, index)[0];
    return row !== undefined && html` ${capitalise(name)}: n = ${points.length}, partial r = ${coefficient(row.r)}, df ${degrees(row.df)}, ${adjusted(row, context.alpha)} (family ${row.family}).`;
  });
  return figure(slug('relation', index.metric, index.component), panels, html`<strong>${title} against ${label}.</strong> Each mark is a participant with a usable spectrum${everyNth(context)}; the line is the least-squares fit to all of them, without covariates (the partial r accounts for ${context.results.parameters.covariates.join(', ') || 'none'}).${tests}`);
}

function modelTable(context: ReportContext, name: string, glx: GlxResults): Child {
  const terms = glx.models.flatMap((row) => [{ ...row, term: glxName(glx.metabolite), of: row.glx }, { ...row, term: `${glxName(glx.metabolite)} × group`, of: row.interaction }]).map((row) => ({ ...row, ...row.of }));
  type Term = GlxModelRow & { term: string } & GlxModelRow['glx'];
  const rows: Term[] = terms;
  return table({
    caption: `${glxName(glx.metabolite)} models, ${name}`,
    note: `Each index on ${glxName(glx.metabolite)}, group, their interaction and the covariates; type ${glx.models[0]?.type ?? 'II'} sums of squares.`,
    rows,
    mark: (row) => (isSignificant(row, context.alpha) ? 'strong' : null),
    columns: [indexColumn(), { head: 'term', cell: (row) => row.term }, { head: 'n', cell: (row) => count(row.n), numeric: true }, ...fColumns<Term>(context.alpha), ...adjustedColumns<Term>(context.alpha, (row) => row), ...reasonColumn(rows, (text) => context.pseudonyms.redact(text, name), (row) => row.p === null)],
  });
}

function partialTable(context: ReportContext, name: string, glx: GlxResults): Child {
  const rows = glx.partial;
  return table({
    caption: `Partial correlations with ${glxName(glx.metabolite)}, ${name}`,
    note: `Given ${context.results.parameters.covariates.join(', ') || 'no covariates'}. The last column says whether the model’s own ${glxName(glx.metabolite)} term, the condition for this follow-up, was significant.`,
    rows,
    mark: (row) => (isSignificant(row, context.alpha) ? 'strong' : null),
    columns: [indexColumn(), { head: 'n', cell: (row) => count(row.n), numeric: true }, { head: 'r', cell: (row) => coefficient(row.r), numeric: true }, ...intervalColumn(rows, 'r', (row) => row.bootstrap, coefficient, (text) => context.pseudonyms.redact(text, name)), ...tColumns<(typeof rows)[number]>(context.alpha), ...adjustedColumns<(typeof rows)[number]>(context.alpha, (row) => row), { head: 'model term significant', cell: (row) => (row.glxTermSignificant ? 'yes' : 'no') }, ...reasonColumn(rows, (text) => context.pseudonyms.redact(text, name), (row) => row.p === null)],
  });
}

function overall(context: ReportContext, name: string, glx: GlxResults): Html | null {
  return table({
    caption: `${glxName(glx.metabolite)} by group, ${name}: overall effect`,
    rows: glx.group === null ? [] : [glx.group],
    columns: [{ head: 'participants', cell: () => count(glx.n), numeric: true }, ...fColumns<NonNullable<GlxResults['group']>>(context.alpha), ...adjustedColumns<NonNullable<GlxResults['group']>>(context.alpha, (row) => row), ...reasonColumn(glx.group === null ? [] : [glx.group], (text) => context.pseudonyms.redact(text, name), (row) => row.p === null)],
  });
}
