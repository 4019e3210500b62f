/** Stability by rank: every split, their mean and spread, the threshold and what surrogates reach. */
import * as Plot from '@observablehq/plot';
import type { CohortResults } from '../../contracts/results.js';
import { formatCoefficient } from '../format.js';
import { slug, type Html } from '../html.js';
import { bottomAxis, leftAxis } from './axes.js';
import { draw } from './draw.js';
import { chanceBand, chanceRows, chosenBand, convergenceFlags, HEIGHT, MARGINS, rankDomain, rankStep, WIDTH } from './ranks.js';
import { heading, INK, PAPER, styleOf, WARN } from './styles.js';
import { swarm } from './swarm.js';
import { flagText } from './told.js';

export interface StabilityOptions {
  name: string;
  cohort: CohortResults;
  chosen: number | null;
  threshold: number;
  /** Of the values of all cohorts, so that panels compare. */
  domain: [number, number];
}

export function stabilityFigure({ name, cohort, chosen, threshold, domain }: StabilityOptions): Html {
  const ranks = cohort.ranks.map((row) => row.rank), step = rankStep(ranks), height = HEIGHT - MARGINS.marginTop - MARGINS.marginBottom;
  const splits = cohort.ranks.flatMap((row) => {
    const values = row.stability.splits.flatMap((value, split) => (value === null ? [] : [{ value, split }]));
    const offsets = swarm(values.map(({ value }) => ((domain[1] - value) / (domain[1] - domain[0])) * height), 4.6, Math.min(16, step * 0.36));
    return values.map(({ value, split }, index) => ({ x: row.rank + (offsets[index] ?? 0) / step, value, told: `rank ${row.rank}, split ${split + 1}: ${formatCoefficient(value)}` }));
  });
  const means = cohort.ranks.flatMap((row) => (row.stability.mean === null ? [] : [{ rank: row.rank, mean: row.stability.mean, low: row.stability.mean - (row.stability.sd ?? 0), high: Math.min(1, row.stability.mean + (row.stability.sd ?? 0)) }]));
  const chance = chanceRows(cohort.ranks.map(({ rank, stability }) => ({ rank, surrogates: stability.surrogates })));
  const told = cohort.ranks.map((row) => `rank ${row.rank}: ${row.stability.mean === null ? 'not computed' : formatCoefficient(row.stability.mean)}`).join('; ');
  const beyond = chance.map((row) => `rank ${row.rank} ${formatCoefficient(row.q95)}`).join('; ');
  return draw({
    id: slug('stability', name), title: `Stability by rank, ${name}`, width: WIDTH, height: HEIGHT, ...MARGINS,
    description: `Mean stability over splits, ${told}. Threshold ${threshold}.${chance.length === 0 ? '' : ` 95 % of surrogates are below: ${beyond}.`}${chosen === null ? '' : ` Chosen rank ${chosen}.`}${flagText(cohort.ranks)}`,
    x: { domain: rankDomain(ranks) }, y: { domain },
    marks: [
      ...chosenBand(chosen, ranks, domain), ...leftAxis('stability'), ...bottomAxis('rank (components)', { ticks: ranks, tickFormat: String }), heading(name), ...chanceBand(chance),
      Plot.ruleY([threshold], { stroke: WARN, strokeDasharray: '5 4', strokeWidth: 1.3, className: 'threshold' }),
      Plot.text([`threshold ${threshold}`], { y: threshold, frameAnchor: 'right', dy: -6, textAnchor: 'end', fontSize: 11, fill: WARN }),
      Plot.areaY(means, { x: 'rank', y1: 'low', y2: 'high', fill: styleOf(0).colour, fillOpacity: 0.18, className: 'band' }),
      Plot.dot(splits, { x: 'x', y: 'value', r: 2.3, fill: styleOf(0).colour, fillOpacity: 0.6, title: 'told', className: 'split' }),
      Plot.lineY(means, { x: 'rank', y: 'mean', stroke: INK, strokeWidth: 1.8 }),
      Plot.dot(means, { x: 'rank', y: 'mean', r: 3.6, fill: INK, stroke: PAPER, className: 'mean' }),
      ...convergenceFlags(cohort.ranks),
    ],
  });
}
