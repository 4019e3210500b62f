/** Agreement of the cohorts' parcellations by rank. */
import type { CohortResults, MatchingRow } from '../../contracts/results.js';
import { formatCoefficient } from '../format.js';
import { html, type Html } from '../html.js';
import { line, marks, styleOf } from './marks.js';
import { chosenBand, convergenceFlags, floorOf, rankScale } from './rank.js';
import { linear } from './scale.js';
import { bandAxis, panelArea, svg, yAxis } from './svg.js';

/** Fits of either cohort that did not converge, by rank. */
function unconverged(rank: number, cohorts: readonly CohortResults[]): number {
  return cohorts.reduce((sum, cohort) => sum + (cohort.ranks.find((row) => row.rank === rank)?.notConverged ?? 0), 0);
}

/** Surrogates' 95 % for the description. */
function chanceText(matching: readonly MatchingRow[]): string {
  const told = matching.flatMap((row) => row.byRank.flatMap((one) => (one.surrogates?.q95 == null ? [] : [`rank ${one.rank} ${formatCoefficient(one.surrogates.q95)}`])));
  return told.length === 0 ? '' : ` 95 % of surrogates are below: ${told.join(', ')}.`;
}

export function randFigure(matching: readonly MatchingRow[], cohorts: readonly CohortResults[], chosen: number | null): Html {
  const area = panelArea(280, { top: 20 });
  const ranks = [...new Set(matching.flatMap((row) => row.byRank.map((one) => one.rank)))].sort((a, b) => a - b);
  const x = rankScale(area, ranks);
  const lowest = Math.min(0, ...matching.flatMap((row) => row.byRank.map((one) => one.ari)));
  const convergence = ranks.map((rank) => ({ rank, notConverged: unconverged(rank, cohorts) }));
  const y = linear([lowest, 1.02], [floorOf(area, convergence), area.top]);
  const series = matching.map((row, index) => {
    const places = row.byRank.map((one) => ({ x: x.at(one.rank), y: y.at(one.ari) }));
    const style = styleOf(index);
    const chance = row.byRank.flatMap((one) => (one.surrogates?.q95 == null ? [] : [{ x: x.at(one.rank), y: y.at(one.surrogates.q95) }]));
    return html`${line(chance, 'chance')}${line(places, `series c${style.colour}`)}${marks(places, style, { r: 4 })}`;
  });
  const flags = convergenceFlags(area, x, convergence);
  const told = matching.map((row) => `${row.a} and ${row.b}: ${row.byRank.map((one) => `rank ${one.rank} ${formatCoefficient(one.ari)}`).join(', ')}`).join('; ');
  const body = html`${chosenBand(area, x, chosen)}${yAxis(area, y, 'adjusted Rand index')}${bandAxis(area, ranks.map((rank) => ({ x: x.at(rank), label: String(rank) })), 'rank (components)')}${series}${flags}`;
  return svg({ id: 'rand', title: 'Agreement between cohorts by rank', description: `Adjusted Rand index, ${told}.${chanceText(matching)}`, area, body });
}
