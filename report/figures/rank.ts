/** Evidence for the rank: stability of every split, and what each further component gains in accuracy. */
import type { CohortResults, RankRow } from '../../contracts/results.js';
import { formatCoefficient } from '../format.js';
import { html, slug, type Html } from '../html.js';
import { plural } from '../words.js';
import { line, marks, round, styleOf, swarm } from './marks.js';
import { extent, linear, type Scale } from './scale.js';
import { bandAxis, panelArea, svg, yAxis, type Area } from './svg.js';

export interface RankFigureOptions {
  name: string;
  cohort: CohortResults;
  chosen: number | null;
  threshold: number;
  /** Lowest and highest value over all cohorts, so that panels compare. */
  domain: [number, number];
}

/** Places of the ranks along the x axis. */
export function rankScale(area: Area, ranks: readonly number[]): Scale {
  return linear([Math.min(...ranks) - 0.6, Math.max(...ranks) + 0.6], [area.left, area.right]);
}

/** A band behind the chosen rank, labelled. */
export function chosenBand(area: Area, x: Scale, chosen: number | null): Html | null {
  if (chosen === null) return null;
  const left = round(x.at(chosen - 0.42));
  return html`<rect class="chosen" x="${left}" y="${area.top}" width="${round(x.at(chosen + 0.42) - left)}" height="${area.bottom - area.top}"/><text class="note" x="${round(x.at(chosen))}" y="${area.top - 4}" text-anchor="middle">chosen</text>`;
}

/** An exclamation mark over every rank some of whose fits did not converge. */
export function convergenceFlags(area: Area, x: Scale, ranks: readonly Pick<RankRow, 'rank' | 'notConverged'>[]): Html[] {
  return ranks
    .filter((row) => row.notConverged > 0)
    .map((row) => html`<g class="flag" transform="translate(${round(x.at(row.rank))} ${area.bottom - 9})"><path d="M0-8L8 6H-8z"/><text y="4" text-anchor="middle">!</text></g>`);
}

/** The lowest place for data: above the flags where there are any. */
export function floorOf(area: Area, ranks: readonly Pick<RankRow, 'notConverged'>[]): number {
  return area.bottom - (ranks.some((row) => row.notConverged > 0) ? 22 : 0);
}

const rankLabels = (x: Scale, ranks: readonly number[]): { x: number; label: string }[] => ranks.map((rank) => ({ x: x.at(rank), label: String(rank) }));

export function stabilityFigure({ name, cohort, chosen, threshold, domain }: RankFigureOptions): Html {
  const area = panelArea(280, { top: 20 });
  const ranks = cohort.ranks.map((row) => row.rank);
  const x = rankScale(area, ranks);
  const y = linear(domain, [floorOf(area, cohort.ranks), area.top]);
  const reach = Math.min(16, (x.at(1) - x.at(0)) * 0.4);
  const points = cohort.ranks.flatMap((row) => {
    const ys = row.stability.splits.filter((value): value is number => value !== null).map((value) => y.at(value));
    const offsets = swarm(ys, 4.6, reach);
    return ys.map((place, index) => ({ x: x.at(row.rank) + (offsets[index] ?? 0), y: place }));
  });
  const means = cohort.ranks.filter((row) => row.stability.mean !== null).map((row) => ({ x: x.at(row.rank), y: y.at(row.stability.mean ?? 0) }));
  const limit = round(y.at(threshold));
  const chance = cohort.ranks.flatMap((row) => (row.stability.surrogates?.q95 == null ? [] : [{ x: x.at(row.rank), y: y.at(row.stability.surrogates.q95) }]));
  const body = html`${chosenBand(area, x, chosen)}${yAxis(area, y, 'stability')}${bandAxis(area, rankLabels(x, ranks), 'rank (components)')}
<line class="threshold" x1="${area.left}" x2="${area.right}" y1="${limit}" y2="${limit}"/><text class="note" x="${area.right - 2}" y="${limit - 4}" text-anchor="end">threshold ${threshold}</text>
${line(chance, 'chance')}${marks(points, styleOf(0), { r: 2.3, kind: 'split' })}${line(means, 'mean')}${marks(means, { colour: 0, shape: 'circle' }, { r: 3.6, kind: 'mean-point' })}${convergenceFlags(area, x, cohort.ranks)}`;
  const told = cohort.ranks.map((row) => `rank ${row.rank}: ${row.stability.mean === null ? 'not computed' : formatCoefficient(row.stability.mean)}`).join('; ');
  return svg({ id: slug('stability', name), title: `Stability by rank, ${name}`, description: `Mean stability over splits, ${told}. Threshold ${threshold}.${chance.length === 0 ? '' : ` 95 % of surrogates are below: ${cohort.ranks.flatMap((row) => (row.stability.surrogates?.q95 == null ? [] : [`rank ${row.rank} ${formatCoefficient(row.stability.surrogates.q95)}`])).join('; ')}.`}${chosen === null ? '' : ` Chosen rank ${chosen}.`}${flagText(cohort.ranks)}`, area, body });
}

export function gradientFigure({ name, cohort, chosen }: Pick<RankFigureOptions, 'name' | 'cohort' | 'chosen'>): Html {
  const area = panelArea(280, { top: 20 });
  const ranks = cohort.ranks.map((row) => row.rank);
  const x = rankScale(area, ranks);
  const steps = cohort.ranks.filter((row) => row.gradient !== null);
  const [low, high] = extent([0, ...steps.map((row) => row.gradient ?? 0)]);
  const y = linear([low, Math.max(high, 0)], [floorOf(area, cohort.ranks), area.top]);
  const places = steps.map((row) => ({ x: x.at(row.rank), y: y.at(row.gradient ?? 0) }));
  const body = html`${chosenBand(area, x, chosen)}${yAxis(area, y, 'change of error')}${bandAxis(area, rankLabels(x, ranks), 'rank (components)')}
${line(places, 'mean')}${marks(places, { colour: 0, shape: 'circle' }, { r: 3.6, kind: 'mean-point' })}${convergenceFlags(area, x, cohort.ranks)}`;
  const told = steps.map((row) => `rank ${row.rank}: ${(row.gradient ?? 0).toPrecision(3)}`).join('; ');
  return svg({ id: slug('gradient', name), title: `Change of reconstruction error by rank, ${name}`, description: `Error minus the error of the rank below, ${told}.${flagText(cohort.ranks)}`, area, body });
}

function flagText(ranks: readonly RankRow[]): string {
  const flagged = ranks.filter((row) => row.notConverged > 0);
  return flagged.length === 0 ? '' : ` Not converged: ${flagged.map((row) => `${plural(row.notConverged, 'fit')} of ${row.fits} at rank ${row.rank}`).join('; ')}.`;
}
