/** Evidence that the cohorts' components are the same places. */
import type { MatchingRow } from '../../contracts/results.js';
import type { ReportContext } from '../context.js';
import { key } from '../figures/marks.js';
import { randFigure } from '../figures/rand.js';
import { figure, panel } from '../figures/svg.js';
import { html, raw, type Child } from '../html.js';
import { coefficient, count } from '../numbers.js';
import { table } from '../table.js';
import { surrogateColumns } from './uncertainty.js';

export function agreementEvidence(context: ReportContext): Child {
  const { matching, rank } = context.results;
  if (matching.length === 0) return null;
  const drawable = matching.filter((row) => row.byRank.length > 0);
  const legend = drawable.length > 1 && html`<span class="legend">${drawable.map((row, index) => html`<span>${key(index)} ${row.a} and ${row.b}</span>`)}</span>`;
  return html`<section id="agreement"><h3>Agreement between cohorts</h3>
${drawable.length > 0 && figure('rand-figure', panel(legend, randFigure(drawable, context.cohorts.map(([, cohort]) => cohort), rank.chosen)),
    html`<strong>Adjusted Rand index by rank.</strong> Each vertex belongs to the component with its largest weight; the index compares the two cohorts’ partitions of the region.${matching.some((row) => row.byRank.some((one) => one.surrogates?.q95 != null)) && ' Dotted: what 95 % of surrogates stay below, parcels of the same sizes and smoothness at random places of the region.'}`)}
${matching.map((row) => row.byRank.some((one) => one.surrogates !== undefined) && byRankTable(row, context))}
${matching.map((row) => overlap(row, context))}</section>\n`;
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

/** Shared vertices, shaded by their share of the row: a clean diagonal means the components match. */
function overlap(row: MatchingRow, context: ReportContext): Child {
  const flagged = [row.a, row.b].filter((name) => context.results.cohorts[name]?.parcellation?.converged === false);
  const columns = row.overlap[0]?.length ?? 0;
  if (columns === 0) return null;
  const caption = `Vertices shared by components of ${row.a} and ${row.b}`;
  const heads = Array.from({ length: columns }, (_, index) => html`<th scope="col" class="n">${row.b} ${index + 1}</th>`);
  const body = row.overlap.map((counts, index) => {
    const total = counts.reduce((sum, value) => sum + value, 0);
    const cells = counts.map((value, column) => html`<td class="n shade${index === column && ' diagonal'}" style="--share:${raw((total > 0 ? value / total : 0).toFixed(3))}">${count(value)}</td>`);
    return html`<tr><th scope="row">${row.a} ${index + 1}</th>${cells}<td class="n">${count(total)}</td></tr>\n`;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="overlap"><caption><span>${caption}<small>Adjusted Rand index ${coefficient(row.ari)}. Component n of ${row.b} was component ${row.permutation.join(', ')} as fitted (in the order of the columns).${flagged.length > 0 && ` ⚠ Not converged: ${flagged.join(', ')}.`}</small></span></caption><thead><tr><td></td>${heads}<th scope="col" class="n">all</th></tr></thead><tbody>${body}</tbody></table></div>\n`;
}
