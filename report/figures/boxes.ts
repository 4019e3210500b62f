/** Boxes at places 0, 1, 2 ... of an axis: quartiles, median, and the mean as the thick line. */
import * as Plot from '@observablehq/plot';
import { INK, MUTED } from './styles.js';
import type { Box } from './summary.js';

export type PlacedBox = Box & { place: number };

/** `half`: half a box's width in places. */
export function boxMarks(boxes: readonly PlacedBox[], half = 0.3): Plot.Markish[] {
  const left = (box: PlacedBox): number => box.place - half, right = (box: PlacedBox): number => box.place + half;
  return [
    Plot.rect(boxes, { x1: left, x2: right, y1: 'low', y2: 'high', fill: MUTED, fillOpacity: 0.07, stroke: MUTED, strokeWidth: 1.1, className: 'box' }),
    Plot.ruleY(boxes, { x1: left, x2: right, y: 'median', stroke: MUTED, strokeWidth: 1.1 }),
  ];
}

/** Drawn over the points. */
export function meanMarks(boxes: readonly PlacedBox[], half = 0.3): Plot.Markish {
  return Plot.ruleY(boxes, { x1: (box: PlacedBox) => box.place - half * 1.15, x2: (box: PlacedBox) => box.place + half * 1.15, y: 'mean', stroke: INK, strokeWidth: 2.4, className: 'average' });
}
