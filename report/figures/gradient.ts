/** What each further component gains in accuracy. */
import * as Plot from '@observablehq/plot';
import type { CohortResults } from '../../contracts/results.js';
import { slug, type Html } from '../html.js';
import { bottomAxis, leftAxis } from './axes.js';
import { draw } from './draw.js';
import { chosenBand, convergenceFlags, HEIGHT, MARGINS, rankDomain, WIDTH } from './ranks.js';
import { extent } from './scale.js';
import { heading, INK, MUTED, PAPER } from './styles.js';
import { flagText } from './told.js';

export function gradientFigure({ name, cohort, chosen }: { name: string; cohort: CohortResults; chosen: number | null }): Html {
  const ranks = cohort.ranks.map((row) => row.rank);
  const steps = cohort.ranks.flatMap((row) => (row.gradient === null ? [] : [{ rank: row.rank, gradient: row.gradient }]));
  const domain = extent([0, ...steps.map((row) => row.gradient)], 0.1);
  return draw({
    id: slug('gradient', name), title: `Change of reconstruction error by rank, ${name}`, width: WIDTH, height: HEIGHT, ...MARGINS,
    description: `Error minus the error of the rank below, ${steps.map((row) => `rank ${row.rank}: ${row.gradient.toPrecision(3)}`).join('; ')}.${flagText(cohort.ranks)}`,
    x: { domain: rankDomain(ranks) }, y: { domain },
    marks: [
      ...chosenBand(chosen, ranks, domain), ...leftAxis('change of error'), ...bottomAxis('rank (components)', { ticks: ranks, tickFormat: String }), heading(name),
      Plot.ruleY([0], { stroke: MUTED }), Plot.lineY(steps, { x: 'rank', y: 'gradient', stroke: INK, strokeWidth: 1.8 }),
      Plot.dot(steps, { x: 'rank', y: 'gradient', r: 3.6, fill: INK, stroke: PAPER, className: 'mean' }), ...convergenceFlags(cohort.ranks),
    ],
  });
}
