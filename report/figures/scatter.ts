/** One index against the metabolite by group (the paper's figure 3), with the least-squares line of all points. */
import * as Plot from '@observablehq/plot';
import { formatNumber } from '../format.js';
import type { Html } from '../html.js';
import { bottomAxis, leftAxis, measuredAxis } from './axes.js';
import { draw } from './draw.js';
import { extent } from './scale.js';
import { heading, INK, legend, styleOf } from './styles.js';

export interface ScatterOptions {
  id: string;
  /** Of the panel: the cohort. */
  name: string;
  title: string;
  description: string;
  /** Printed in the corner. */
  note: string;
  xLabel: string;
  yLabel: string;
  unit: string | null;
  /** Draw every n-th point only (the line is of all). */
  every: number;
  /** Of the band around the line. */
  confidence: number;
  groups: { name: string; style: number; points: { x: number; y: number; participant: string }[] }[];
}

export function scatterFigure({ id, name, title, description, note, xLabel, yLabel, unit, every, confidence, groups }: ScatterOptions): Html {
  const points = groups.flatMap((group) => group.points);
  const x = extent(points.map((point) => point.x)), y = measuredAxis(yLabel, unit, extent(points.map((point) => point.y), 0.1));
  const varies = points.length > 2 && new Set(points.map((point) => point.x)).size > 1;
  return draw({
    id, title, description, width: 440, height: 320, marginTop: 44, marginLeft: 58, marginRight: 14, marginBottom: 42, x: { domain: x }, y: y.scale,
    marks: [
      ...leftAxis(y.label), ...bottomAxis(xLabel), heading(name), ...legend(groups.map((group) => ({ label: group.name, style: styleOf(group.style) }))),
      ...(varies ? [Plot.linearRegressionY(points, { x: 'x', y: 'y', ci: points.length > 3 ? confidence : 0, stroke: INK, strokeWidth: 1.8, fill: INK, fillOpacity: 0.09, className: 'fit' })] : []),
      ...groups.map((group) => {
        const style = styleOf(group.style), shown = group.points.filter((_, index) => index % every === 0);
        return Plot.dot(shown, { x: 'x', y: 'y', r: 3.2, symbol: style.symbol, fill: style.colour, fillOpacity: 0.8, title: (point: (typeof shown)[number]) => `${point.participant}, ${group.name}: ${formatNumber(point.y, 4)} at ${formatNumber(point.x, 4)}`, className: 'point' });
      }),
      Plot.text([note], { frameAnchor: 'top-right', dx: -4, dy: 6, textAnchor: 'end', fontSize: 12, fontWeight: 600, fill: INK, stroke: 'var(--paper)', strokeWidth: 3 }),
    ],
  });
}
