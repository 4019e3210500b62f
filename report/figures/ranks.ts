/** What the figures by rank share: the band of the chosen one, flags of fits that did not converge, what surrogates reach. */
import * as Plot from '@observablehq/plot';
import type { SurrogateNull } from '../../contracts/uncertainty.js';
import { MUTED, WARN } from './styles.js';

export const WIDTH = 440, HEIGHT = 300, MARGINS = { marginTop: 40, marginLeft: 56, marginRight: 14, marginBottom: 44 };

export const rankDomain = (ranks: readonly number[]): [number, number] => [Math.min(...ranks) - 0.6, Math.max(...ranks) + 0.6];

/** Pixels of one rank. */
export function rankStep(ranks: readonly number[]): number {
  const [low, high] = rankDomain(ranks);
  return (WIDTH - MARGINS.marginLeft - MARGINS.marginRight) / (high - low);
}

export function chosenBand(chosen: number | null, ranks: readonly number[], [low, high]: [number, number]): Plot.Markish[] {
  if (chosen === null || !ranks.includes(chosen)) return [];
  return [
    Plot.rect([chosen], { x1: chosen - 0.42, x2: chosen + 0.42, y1: low, y2: high, fill: 'var(--mark)', className: 'chosen' }),
    Plot.text(['chosen'], { x: chosen, frameAnchor: 'top', dy: -7, fontSize: 11, fill: MUTED }),
  ];
}

/** A warning sign at every rank some of whose fits did not converge. */
export function convergenceFlags(rows: readonly { rank: number; notConverged: number }[]): Plot.Markish[] {
  const flagged = rows.filter((row) => row.notConverged > 0);
  return flagged.length === 0 ? [] : [Plot.text(flagged, { x: 'rank', text: () => '⚠', frameAnchor: 'bottom', dy: -5, fontSize: 14, fill: WARN, className: 'flag' })];
}

export interface ChanceRow {
  rank: number;
  mean: number;
  q95: number;
}

export function chanceRows(rows: readonly { rank: number; surrogates: SurrogateNull | undefined }[]): ChanceRow[] {
  return rows.flatMap(({ rank, surrogates }) => (surrogates?.q95 == null || surrogates.mean === null ? [] : [{ rank, mean: surrogates.mean, q95: surrogates.q95 }]));
}

/** From the surrogates' mean to what 95 of 100 stay below. */
export function chanceBand(rows: readonly ChanceRow[]): Plot.Markish[] {
  if (rows.length === 0) return [];
  return [
    Plot.areaY(rows, { x: 'rank', y1: 'mean', y2: 'q95', fill: MUTED, fillOpacity: 0.14 }),
    Plot.lineY(rows, { x: 'rank', y: 'q95', stroke: MUTED, strokeWidth: 1.3, strokeDasharray: '1.5 3.5', strokeLinecap: 'round' }),
    Plot.dot(rows, { x: 'rank', y: 'q95', r: 1.6, fill: MUTED, className: 'chance' }),
  ];
}
