/** Values by category, points beside each other: sex by component, quality of spectra by group. */
import * as Plot from '@observablehq/plot';
import type { Html } from '../html.js';
import { leftAxis, measuredAxis, placesAxis } from './axes.js';
import { boxMarks, meanMarks } from './boxes.js';
import { draw } from './draw.js';
import { extent } from './scale.js';
import { heading, legend, PAPER, shortened, styleOf, WARN, type LegendItem } from './styles.js';
import { boxOf } from './summary.js';
import { swarm } from './swarm.js';

export interface StripColumn {
  name: string;
  /** Where on the axis; boxes of one name may stand side by side. */
  place: number;
  style: number;
  points: { value: number; told: string; hollow?: boolean }[];
}

export interface StripOptions {
  id: string;
  name: string;
  title: string;
  description: string;
  label: string;
  unit: string | null;
  /** Under the axis. */
  labels: readonly string[];
  columns: readonly StripColumn[];
  /** Half the width of a column, in places. */
  half?: number;
  limit?: number | null;
  legend?: readonly LegendItem[];
  xLabel?: string | null;
  every: number;
  /** Boxes only. */
  plain?: boolean;
}

const WIDTH = 440, HEIGHT = 280, LEFT = 58, TOP = 40, BOTTOM = 42;

export function stripFigure({ id, name, title, description, label, unit, labels, columns, half = 0.32, limit = null, legend: items = [], xLabel = null, every, plain = false }: StripOptions): Html {
  const domain = extent([...columns.flatMap(({ points }) => points.map((point) => point.value)), ...(limit === null ? [] : [limit])], 0.08), y = measuredAxis(label, unit, domain);
  const band = (WIDTH - LEFT - 14) / labels.length, pixel = (value: number): number => ((domain[1] - value) / (domain[1] - domain[0])) * (HEIGHT - TOP - BOTTOM);
  const boxes = columns.flatMap(({ place, points }) => { const box = boxOf(points.map((point) => point.value)); return box === null ? [] : [{ ...box, place }]; });
  const clouds = plain ? [] : columns.flatMap(({ place, style, points }) => {
    const shown = points.filter((_, index) => index % every === 0), offsets = swarm(shown.map((point) => pixel(point.value)), 5.2, band * half), { colour, symbol } = styleOf(style);
    const placed = shown.map((point, index) => ({ ...point, x: place + (offsets[index] ?? 0) / band }));
    const marks = (hollow: boolean): Plot.Markish => Plot.dot(placed.filter((point) => (point.hollow === true) === hollow), { x: 'x', y: 'value', r: 2.6, symbol, fill: hollow ? PAPER : colour, fillOpacity: hollow ? 1 : 0.75, stroke: hollow ? colour : 'none', strokeWidth: 1.4, title: 'told', className: hollow ? 'left-out' : 'point' });
    return [marks(false), marks(true)];
  });
  return draw({
    id, title, description, width: WIDTH, height: HEIGHT, marginTop: TOP, marginLeft: LEFT, marginRight: 14, marginBottom: BOTTOM, x: { domain: [-0.5, labels.length - 0.5] }, y: y.scale,
    marks: [
      ...leftAxis(y.label), ...placesAxis(labels.map((one) => shortened(one, Math.max(5, Math.floor(band / 6.4)))), xLabel, { tickSize: 0 }), heading(name), ...legend(items),
      ...(plain ? columns.flatMap(({ place, style }) => { const own = boxes.filter((box) => box.place === place); return own.length === 0 ? [] : [Plot.rect(own, { x1: place - half, x2: place + half, y1: 'low', y2: 'high', fill: styleOf(style).colour, fillOpacity: 0.35, stroke: styleOf(style).colour, className: 'box' }), Plot.ruleY(own, { x1: place - half, x2: place + half, y: 'median', stroke: styleOf(style).colour }), Plot.dot(own, { x: 'place', y: 'mean', r: 3.4, symbol: styleOf(style).symbol, fill: styleOf(style).colour, className: 'average' })]; }) : boxMarks(boxes, half)),
      ...clouds, ...(plain ? [] : [meanMarks(boxes, half)]),
      ...(limit === null ? [] : [Plot.ruleY([limit], { stroke: WARN, strokeDasharray: '5 4', strokeWidth: 1.3, className: 'threshold' })]),
    ],
  });
}
