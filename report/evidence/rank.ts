/** Evidence for the rank. */
import type { CohortResults, RankRow } from '../../contracts/results.js';
import type { ReportContext } from '../context.js';
import { figure } from '../figure.js';
import { gradientFigure } from '../figures/gradient.js';
import { stabilityFigure } from '../figures/stability.js';
import { html, type Child, type Html } from '../html.js';
import { coefficient, count, measured } from '../numbers.js';
import { table } from '../table.js';
import { list, plural } from '../words.js';
import { surrogateColumns } from './uncertainty.js';

type Named = [name: string, cohort: CohortResults];

export function rankEvidence(context: ReportContext): Html {
  const fitted = context.cohorts.filter(([, cohort]) => cohort.ranks.length > 0);
  const flagged = fitted.some(([, cohort]) => cohort.ranks.some((row) => row.notConverged > 0));
  const mark = flagged && ' ⚠ stands at a rank some of whose fits did not converge.';
  return html`<section id="rank"><h3>Choice of rank</h3>
${fitted.length === 0 && html`<p>No rank was fitted.</p>`}${stability(context, fitted, mark)}${gradient(context, fitted, mark)}
${fitted.map(([name, cohort]) => rankTable(context, name, cohort, context.results.rank.chosen))}</section>\n`;
}

const sizes = (fitted: readonly Named[]): Child => list(fitted.map(([name, cohort]) => `n = ${cohort.subjects} in ${name}`));

function stability(context: ReportContext, fitted: readonly Named[], mark: Child): Child {
  const { rank, parameters } = context.results;
  const values = fitted.flatMap(([, cohort]) => cohort.ranks.flatMap((row) => [row.stability.mean, row.stability.surrogates?.mean ?? null, row.stability.surrogates?.q95 ?? null, ...row.stability.splits])).filter((value): value is number => value !== null);
  const domain: [number, number] = [Math.floor((Math.min(parameters.threshold, ...values) - 0.02) * 10) / 10, 1.02];
  const drawn = fitted.some(([, cohort]) => cohort.ranks.some((row) => row.stability.surrogates?.q95 != null));
  return figure({
    id: 'stability-figure', panels: fitted.map(([name, cohort]) => stabilityFigure({ name, cohort, chosen: rank.chosen, threshold: parameters.threshold, domain })),
    caption: html`<strong>Stability by rank.</strong> Each small circle is one of ${plural(parameters.splits, 'random split')} into halves; the line joins the means, the band is one SD. Stability is the mean over vertices of the correlation between rows of the two halves’ cosine similarity matrices (1: the same parcellation). The dashed line is the threshold, ${parameters.threshold}.${drawn && ` The grey band reaches from the mean of ${parameters.nulls ?? ''} surrogates to what 95 % of them stay below: parcels of the same sizes and smoothness at random places of the region.`}${mark} Participants: ${sizes(fitted)}.`,
    data: { columns: ['cohort', 'rank', 'split', 'stability', 'surrogates_mean', 'surrogates_q95'], rows: fitted.flatMap(([name, cohort]) => cohort.ranks.flatMap((row) => row.stability.splits.map((value, split) => [name, row.rank, split + 1, value, row.stability.surrogates?.mean ?? null, row.stability.surrogates?.q95 ?? null]))) },
  });
}

function gradient(context: ReportContext, fitted: readonly Named[], mark: Child): Child {
  return figure({
    id: 'gradient-figure', panels: fitted.map(([name, cohort]) => gradientFigure({ name, cohort, chosen: context.results.rank.chosen })),
    caption: html`<strong>Gradient of the reconstruction error.</strong> Mean error of the halves at a rank minus that at the rank below: the further below zero, the more accuracy the last component gained. Axes differ between cohorts.${mark} Participants: ${sizes(fitted)}.`,
    data: { columns: ['cohort', 'rank', 'error_mean', 'error_sd', 'error_whole', 'gradient'], rows: fitted.flatMap(([name, cohort]) => cohort.ranks.map((row) => [name, row.rank, row.error.mean, row.error.sd, row.error.full, row.gradient])) },
  });
}

function rankTable(context: ReportContext, name: string, cohort: CohortResults, chosen: number | null): Child {
  const label = (row: RankRow): Html => html`${count(row.rank)}${row.rank === chosen && html` <span class="tag">chosen</span>`}`;
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
      { head: 'SD of error', cell: (row) => measured(row.error.sd), numeric: true },
      { head: 'error, whole', cell: (row) => measured(row.error.full, 5), numeric: true },
      { head: 'gradient', cell: (row) => measured(row.gradient), numeric: true },
      { head: 'fits', cell: (row) => count(row.fits), numeric: true },
      { head: 'not converged', cell: (row) => html`${row.notConverged > 0 && '⚠ '}${count(row.notConverged)}`, numeric: true },
    ],
  });
}
