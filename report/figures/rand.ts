/** Agreement of two cohorts' parcellations by rank, beside what surrogates reach. */
import * as Plot from '@observablehq/plot';
import type { CohortResults, MatchingRow } from '../../contracts/results.js';
import { formatCoefficient } from '../format.js';
import { slug, type Html } from '../html.js';
import { bottomAxis, leftAxis } from './axes.js';
import { draw } from './draw.js';
import { chanceBand, chanceRows, chosenBand, convergenceFlags, HEIGHT, MARGINS, rankDomain, WIDTH } from './ranks.js';
import { heading, INK, styleOf } from './styles.js';

/** `cohorts` are the two of the row. */
export function randFigure(row: MatchingRow, cohorts: readonly CohortResults[], chosen: number | null): Html {
  const ranks = row.byRank.map((one) => one.rank), domain: [number, number] = [Math.min(0, ...row.byRank.map((one) => one.ari)), 1.02];
  const chance = chanceRows(row.byRank.map(({ rank, surrogates }) => ({ rank, surrogates })));
  const flags = ranks.map((rank) => ({ rank, notConverged: cohorts.reduce((sum, cohort) => sum + (cohort.ranks.find((one) => one.rank === rank)?.notConverged ?? 0), 0) }));
  const told = row.byRank.map((one) => `rank ${one.rank} ${formatCoefficient(one.ari)}`).join(', ');
  return draw({
    id: slug('rand', row.a, row.b), title: `Agreement of ${row.a} and ${row.b} by rank`, width: WIDTH, height: HEIGHT, ...MARGINS,
    description: `Adjusted Rand index, ${told}.${chance.length === 0 ? '' : ` 95 % of surrogates are below: ${chance.map((one) => `rank ${one.rank} ${formatCoefficient(one.q95)}`).join(', ')}.`}`,
    x: { domain: rankDomain(ranks) }, y: { domain },
    marks: [
      ...chosenBand(chosen, ranks, domain), ...leftAxis('adjusted Rand index'), ...bottomAxis('rank (components)', { ticks: ranks, tickFormat: String }), heading(`${row.a} and ${row.b}`), ...chanceBand(chance),
      Plot.lineY(row.byRank, { x: 'rank', y: 'ari', stroke: INK, strokeWidth: 1.8 }),
      Plot.dot(row.byRank, { x: 'rank', y: 'ari', r: 4.2, fill: styleOf(0).colour, title: (one: MatchingRow['byRank'][number]) => `rank ${one.rank}: ${formatCoefficient(one.ari)}`, className: 'point' }), ...convergenceFlags(flags),
    ],
  });
}
