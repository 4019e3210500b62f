/** Evidence for the rank and for the fits. */
import type { CohortResults, RankRow } from '../../contracts/results.js';
import type { ReportContext } from '../context.js';
import { gradientFigure, stabilityFigure } from '../figures/rank.js';
import { figure, panel } from '../figures/svg.js';
import { html, slug, type Child, type Html } from '../html.js';
import { coefficient, count, measured } from '../numbers.js';
import { table } from '../table.js';
import { list, plural } from '../words.js';
import { surrogateColumns } from './uncertainty.js';

export function rankEvidence(context: ReportContext): Html {
  const { rank, parameters } = context.results;
  const fitted = context.cohorts.filter(([, cohort]) => cohort.ranks.length > 0);
  const values = fitted.flatMap(([, cohort]) => cohort.ranks.flatMap((row) => [row.stability.mean, row.stability.surrogates?.q95 ?? null, ...row.stability.splits])).filter((value): value is number => value !== null);
  const domain: [number, number] = [Math.floor((Math.min(parameters.threshold, ...values) - 0.02) * 10) / 10, 1.02];
  const flagged = fitted.some(([, cohort]) => cohort.ranks.some((row) => row.notConverged > 0));
  const mark = flagged && ' A triangle with an exclamation mark stands over a rank some of whose fits did not converge.';
  return html`<section id="rank"><h3>Choice of rank</h3>
${fitted.length === 0 && html`<p>No rank was fitted.</p>`}
${fitted.length > 0 && figure('stability-figure', fitted.map(([name, cohort]) => panel(name, stabilityFigure({ name, cohort, chosen: rank.chosen, threshold: parameters.threshold, domain }))),
    html`<strong>Stability by rank.</strong> Each small circle is one of ${plural(parameters.splits, 'random split')} into halves; the line joins the means. Stability is the mean over vertices of the correlation between rows of the two halves’ cosine similarity matrices (1: the same parcellation). The dashed line is the threshold, ${parameters.threshold}.${fitted.some(([, cohort]) => cohort.ranks.some((row) => row.stability.surrogates?.q95 != null)) && ' The dotted line is what 95 % of surrogates stay below: parcels of the same sizes and smoothness at random places of the region.'}${mark}`)}
${fitted.length > 0 && figure('gradient-figure', fitted.map(([name, cohort]) => panel(name, gradientFigure({ name, cohort, chosen: rank.chosen }))),
    html`<strong>Gradient of the reconstruction error.</strong> Mean error of the halves at a rank minus that at the rank below: the further below zero, the more accuracy the last component gained. Axes differ between cohorts.${mark}`)}
${fitted.map(([name, cohort]) => rankTable(context, name, cohort, rank.chosen))}</section>\n`;
}

function rankTable(context: ReportContext, name: string, cohort: CohortResults, chosen: number | null): Child {
  const label = (row: RankRow): Html => html`${row.rank}${row.rank === chosen && html` <span class="tag">chosen</span>`}`;
  return table({
    caption: `Ranks of ${name}`,
    note: 'Error is ||X − W H|| (Frobenius) at the projective scale: mean and SD over all halves, and of the whole cohort.',
    rows: cohort.ranks,
    mark: (row) => (row.notConverged > 0 ? 'warn' : row.rank === chosen ? 'strong' : null),
    columns: [
      { head: 'rank', cell: label, header: true },
      { head: 'stability', cell: (row) => coefficient(row.stability.mean), numeric: true },
      { head: 'SD', cell: (row) => coefficient(row.stability.sd), numeric: true },
      { head: 'median', cell: (row) => coefficient(row.stability.median), numeric: true },
      ...surrogateColumns(cohort.ranks, context.alpha, (row) => row.stability.surrogates, (text) => context.pseudonyms.redact(text, name)),
      { head: 'error, halves', cell: (row) => measured(row.error.mean, 5), numeric: true },
      { head: 'SD', cell: (row) => measured(row.error.sd), numeric: true },
      { head: 'error, whole', cell: (row) => measured(row.error.full, 5), numeric: true },
      { head: 'gradient', cell: (row) => measured(row.gradient), numeric: true },
      { head: 'fits', cell: (row) => count(row.fits), numeric: true },
      { head: 'not converged', cell: (row) => html`${row.notConverged > 0 && '⚠ '}${count(row.notConverged)}`, numeric: true },
    ],
  });
}

export function parcellationEvidence(context: ReportContext): Html {
  const rows = context.cohorts.flatMap(([name, cohort]) => (cohort.parcellation === null ? [] : [{ name, cohort, fit: cohort.parcellation }]));
  const absent = context.cohorts.filter(([, cohort]) => cohort.parcellation === null).map(([name]) => name);
  return html`<section id="parcellation"><h3>Parcellation and its certificate</h3>${absent.length > 0 && html`<p>No parcellation of ${list(absent)}.</p>`}${table({
    caption: 'Final fits',
    note: `The residual says how far W is from satisfying the optimality condition of OPNMF (tolerance ${context.results.parameters.tolerance}); “spread” is the relative difference between the worst and the best error of the starts that were finished to be compared.`,
    rows,
    mark: ({ fit }) => (fit.converged ? null : 'warn'),
    columns: [
      { head: 'cohort', cell: (row) => row.name, header: true },
      { head: 'rank', cell: ({ fit }) => count(fit.rank), numeric: true },
      { head: 'vertices (left, right)', cell: ({ cohort }) => html`${count(cohort.vertices)} (${cohort.region.left ?? '–'}, ${cohort.region.right ?? '–'})${cohort.region.midlineDropped > 0 && html`; ${count(cohort.region.midlineDropped)} midline removed`}`, numeric: true },
      { head: 'error', cell: ({ fit }) => measured(fit.error, 6), numeric: true },
      { head: 'residual', cell: ({ fit }) => measured(fit.residual), numeric: true },
      { head: 'converged', cell: ({ fit }) => (fit.converged ? 'yes' : html`<strong class="hedge">⚠ no</strong>`) },
      { head: 'iterations', cell: ({ fit }) => count(fit.iterations), numeric: true },
      { head: 'solver', cell: ({ fit }) => fit.solver },
      { head: 'stopped', cell: ({ fit }) => fit.stopped },
      { head: 'spread', cell: ({ fit }) => (fit.spread === null ? html`<span class="reason">one start</span>` : measured(fit.spread)), numeric: true },
    ],
  })}${rows.map(({ name, fit }) => sizes(name, fit.sizes, fit.converged))}</section>\n`;
}

/** Share of the region by component, as a bar that reads without colour. */
function sizes(name: string, components: readonly number[], converged: boolean): Html {
  const total = components.reduce((sum, size) => sum + size, 0);
  return html`<p class="sizes" id="${slug('sizes', name)}"><b>${name}</b>${!converged && html` <span class="hedge">⚠ not converged</span>`}: ${list(components.map((size, index) => html`component ${index + 1} has ${count(size)} vertices (${total > 0 ? Math.round((size / total) * 100) : 0} %)`))}.</p>`;
}
