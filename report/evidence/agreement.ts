/** Evidence that the cohorts' components are the same places. */
import type { CohortResults, MatchingRow } from '../../contracts/results.js';
import type { ReportContext } from '../context.js';
import { figure } from '../figure.js';
import { overlapFigure } from '../figures/overlap.js';
import { randFigure } from '../figures/rand.js';
import { html, type Child } from '../html.js';
import { coefficient, count } from '../numbers.js';
import { folded, table } from '../table.js';
import { list } from '../words.js';
import { surrogateColumns } from './uncertainty.js';

export function agreementEvidence(context: ReportContext): Child {
  const { matching } = context.results;
  if (matching.length === 0) return null;
  return html`<section id="agreement"><h3>Agreement between cohorts</h3>
${byRank(context)}${overlap(context)}
${matching.map((row) => row.byRank.some((one) => one.surrogates !== undefined) && byRankTable(row, context))}
${matching.map((row) => row.overlap.length > 0 && folded(`Counts of shared vertices, ${row.a} and ${row.b}`, overlapTable(row)))}</section>\n`;
}

function byRank({ results }: ReportContext): Child {
  const drawable = results.matching.filter((row) => row.byRank.length > 0);
  const cohorts = (row: MatchingRow): CohortResults[] => [row.a, row.b].flatMap((name) => results.cohorts[name] ?? []);
  return figure({
    id: 'rand-figure', panels: drawable.map((row) => randFigure(row, cohorts(row), results.rank.chosen)),
    caption: html`<strong>Adjusted Rand index by rank.</strong> Each vertex belongs to the component with its largest weight; the index compares the two cohorts’ partitions of the region (1: identical, 0: as by chance).${drawable.some((row) => row.byRank.some((one) => one.surrogates?.q95 != null)) && ` The grey band reaches from the mean of ${results.parameters.nulls ?? ''} surrogates to what 95 % of them stay below: parcels of the same sizes and smoothness at random places of the region.`} ${list(drawable.map((row) => `n = ${cohorts(row).map((cohort) => cohort.subjects).join(' and ')} (${row.a}, ${row.b})`))}.`,
    data: { columns: ['a', 'b', 'rank', 'adjusted_rand_index', 'surrogates_mean', 'surrogates_q95'], rows: drawable.flatMap((row) => row.byRank.map((one) => [row.a, row.b, one.rank, one.ari, one.surrogates?.mean ?? null, one.surrogates?.q95 ?? null])) },
  });
}

function overlap(context: ReportContext): Child {
  const drawable = context.results.matching.filter((row) => row.overlap.length > 0);
  const flagged = [...new Set(drawable.flatMap((row) => [row.a, row.b]))].filter((name) => context.results.cohorts[name]?.parcellation?.converged === false);
  return figure({
    id: 'overlap-figure', panels: drawable.map(overlapFigure),
    caption: html`<strong>Vertices shared by components.</strong> A count for each pair of components, shaded by its share of the row; a clean diagonal means that the components are the same places.${flagged.length > 0 && html` <span class="hedge">⚠ Not converged: ${list(flagged)}.</span>`} ${list(drawable.map((row) => `n = ${row.overlap.flat().reduce((sum, value) => sum + value, 0)} vertices (${row.a}, ${row.b})`))}.`,
    data: { columns: ['a', 'b', 'component_a', 'component_b', 'vertices'], rows: drawable.flatMap((row) => row.overlap.flatMap((counts, i) => counts.map((value, j) => [row.a, row.b, i + 1, j + 1, value]))) },
  });
}

/** The index at every rank beside what surrogates reach. */
function byRankTable(row: MatchingRow, context: ReportContext): Child {
  return table({
    caption: `Adjusted Rand index of ${row.a} and ${row.b} by rank`,
    note: 'Surrogates move the parcels of the second cohort to random places of the region, keeping their sizes, smoothness and likeness between hemispheres. p is not adjusted, and approximate: for a few compact parcels it can be too small by a factor of about three.',
    rows: row.byRank,
    mark: (one) => (one.rank === context.results.rank.chosen ? 'strong' : null),
    columns: [{ head: 'rank', cell: (one) => count(one.rank), header: true }, { head: 'index', cell: (one) => coefficient(one.ari), numeric: true }, ...surrogateColumns(row.byRank, context.alpha, (one) => one.surrogates, (text) => context.pseudonyms.redact(text))],
  });
}

function overlapTable(row: MatchingRow): Child {
  const columns = row.overlap[0]?.length ?? 0;
  return table({
    caption: `Vertices shared by components of ${row.a} and ${row.b}`,
    note: html`Adjusted Rand index ${coefficient(row.ari)}. Component n of ${row.b} was component ${row.permutation.join(', ')} as fitted (in the order of the columns).`,
    rows: row.overlap.map((counts, index) => ({ component: index + 1, counts })),
    columns: [
      { head: 'component', cell: (one) => `${row.a} ${one.component}`, header: true },
      ...Array.from({ length: columns }, (_, index) => ({ head: `${row.b} ${index + 1}`, cell: (one: { counts: readonly number[] }): Child => count(one.counts[index]), numeric: true })),
      { head: 'all', cell: (one) => count(one.counts.reduce((sum, value) => sum + value, 0)), numeric: true },
    ],
  });
}
