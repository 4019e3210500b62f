/** Evidence for the relations with the metabolite. */
import type { GlxModelRow, GlxResults, ReplicatedIndex } from '../../contracts/results.js';
import { ofIndex, type ReportContext } from '../context.js';
import { formatCoefficient } from '../format.js';
import { figure } from '../figure.js';
import { scatterFigure } from '../figures/scatter.js';
import { html, slug, type Child, type Html } from '../html.js';
import { adjusted, coefficient, count, degrees, isSignificant } from '../numbers.js';
import { reasonColumn, table } from '../table.js';
import { capitalise, glxName, indexName, metricName } from '../words.js';
import { adjustedColumns, fColumns, indexColumn, tColumns } from './columns.js';
import { pairTable } from './group-tables.js';
import { everyNth, thinned } from './thinned.js';
import { spectraEvidence, spectraFigures } from './spectra.js';
import { intervalColumn, percent } from './uncertainty.js';

export function glxEvidence(context: ReportContext): Child {
  const present = context.cohorts.flatMap(([name, { glx }]) => (glx === null ? [] : [{ name, glx }]));
  if (present.length === 0 || !context.analysed) return null;
  return html`<section id="glx"><h3>Relations with ${glxName(present[0]?.glx.metabolite ?? 'Glx')}</h3>
${context.results.replicated.map((index) => scatter(context, present, index))}
${spectraFigures(context, present.map(({ name }) => name))}
${present.map(({ name, glx }) => modelTable(context, name, glx))}
${present.map(({ name, glx }) => partialTable(context, name, glx))}
${present.map(({ name, glx }) => html`${overall(context, name, glx)}${pairTable(context, `${glxName(glx.metabolite)} between groups, ${name}`, name, glx.groupPairs)}${spectraEvidence(context, name, glx)}`)}</section>\n`;
}

/** The paper's figure 3, one index. */
function scatter(context: ReportContext, present: readonly { name: string; glx: GlxResults }[], index: ReplicatedIndex): Child {
  const title = capitalise(indexName(index));
  const drawn = present.map(({ name, glx }) => ({ name, row: ofIndex(glx.partial, index)[0], points: context.points(name, index.component, index.metric).flatMap((point) => (point.glx === null ? [] : [{ ...point, glx: point.glx }])) })).filter(({ points }) => points.length > 0);
  const label = glxName(present[0]?.glx.metabolite ?? 'Glx'), confidence = context.results.parameters.confidence ?? 0.95;
  const panels = drawn.map(({ name, row, points }) => {
    const groups = Object.keys(context.results.cohorts[name]?.groups ?? {}).map((group) => ({ name: group, style: context.groupStyle(group), points: points.filter((point) => point.group === group).map((point) => ({ x: point.glx, y: point.value, participant: point.participant })) }));
    const r = row?.r == null ? '' : `partial r = ${formatCoefficient(row.r)}`;
    return scatterFigure({ id: slug('glx', name, index.metric, index.component), name, title: `${title} against ${label}, ${name}`, description: `${points.length} participants.${r === '' ? '' : ` ${capitalise(r)}.`}`, note: r, xLabel: label, yLabel: metricName(index.metric), unit: context.unit(index.metric), every: context.drawEvery, confidence, groups });
  });
  const tests = drawn.map(({ name, row, points }) => row !== undefined && html` ${capitalise(name)}: n = ${points.length}, partial r = ${coefficient(row.r)}, df ${degrees(row.df)}, ${adjusted(row, context.alpha)} (family ${row.family}).`);
  return figure({
    id: slug('relation', index.metric, index.component), panels, component: index.component,
    caption: html`<strong>${title} against ${label}.</strong> Each mark is a participant with a usable spectrum${everyNth(context)}; the line is the least-squares fit to all of them with its ${percent(confidence)} band, without covariates (the partial r accounts for ${context.results.parameters.covariates.join(', ') || 'none'}).${tests}`,
    data: { columns: ['cohort', 'participant', 'group', label, index.metric], rows: drawn.flatMap(({ name, points }) => thinned(context, points).map((point) => [name, point.participant, point.group, point.glx, point.value])) },
  });
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
