/** One index by group (the paper's figure 2): every participant a point, quartiles, mean, and significant pairs bracketed. */
import * as Plot from '@observablehq/plot';
import { formatNumber, formatP } from '../format.js';
import type { Html } from '../html.js';
import { leftAxis, measuredAxis, placesAxis } from './axes.js';
import { boxMarks, meanMarks } from './boxes.js';
import { stackBrackets, type Bracket } from './brackets.js';
import { draw } from './draw.js';
import { extent } from './scale.js';
import { INK, MUTED, shortened, styleOf } from './styles.js';
import { boxOf } from './summary.js';
import { swarm } from './swarm.js';

export interface GroupColumn {
  name: string;
  /** Place among the study's groups (colour and shape). */
  style: number;
  values: { value: number; participant: string }[];
  /** Adjusted mean and its standard error, drawn when there are no values. */
  adjusted: { mean: number; se: number } | null;
}

export interface GroupFigureOptions {
  id: string;
  /** Of the panel: the cohort. */
  name: string;
  title: string;
  label: string;
  unit: string | null;
  columns: GroupColumn[];
  brackets: Bracket[];
  /** Levels of brackets to leave room for, so that panels line up. */
  levels: number;
  /** Draw every n-th value only (boxes and means are of all). */
  every: number;
  alpha: number;
}

/** The end of a bracket. */
const TICK = { draw(context: { moveTo(x: number, y: number): void; lineTo(x: number, y: number): void }, length: number): void { context.moveTo(0, 0); context.lineTo(0, -length); } };

const WIDTH = 440, PLOT = 236, LEVEL = 22, LEFT = 58, RIGHT = 12;

export function groupFigure({ id, name, title, label, unit, columns, brackets, levels, every, alpha }: GroupFigureOptions): Html {
  const room = levels * LEVEL, domain = extent(columns.flatMap(spread)), band = (WIDTH - LEFT - RIGHT) / columns.length;
  const pixel = (value: number): number => ((domain[1] - value) / (domain[1] - domain[0])) * PLOT;
  const y = measuredAxis(label, unit, domain);
  const clouds = columns.map((column, place) => {
    const shown = column.values.filter((_, index) => index % every === 0);
    const offsets = swarm(shown.map(({ value }) => pixel(value)), 6.2, Math.min(band * 0.4, 44));
    const points = shown.map(({ value, participant }, index) => ({ x: place + (offsets[index] ?? 0) / band, value, told: `${participant}, ${column.name}: ${formatNumber(value, 4)}` }));
    const style = styleOf(column.style);
    return Plot.dot(points, { x: 'x', y: 'value', r: 3, symbol: style.symbol, fill: style.colour, fillOpacity: 0.75, title: 'told', className: 'point' });
  });
  const boxes = columns.flatMap((column, place) => { const box = boxOf(column.values.map(({ value }) => value)); return box === null ? [] : [{ ...box, place }]; });
  const estimates = columns.flatMap((column, place) => (column.values.length > 0 || column.adjusted === null ? [] : [{ place, ...column.adjusted }]));
  const labels = columns.map((column) => shortened(`${column.name}${column.values.length > 0 ? ` (${column.values.length})` : ''}`, Math.max(6, Math.floor(band / 6.4))));
  const bars = stackBrackets(columns.map((column) => column.name), brackets).map((bar) => ({ ...bar, offset: -8 - bar.level * LEVEL, text: `p ${formatP(bar.pAdjusted, alpha).replace(/^(?!<)/, '= ')}` }));
  const pairs = brackets.map((one) => `${one.a} and ${one.b}: adjusted p ${formatP(one.pAdjusted, alpha)}`).join('; ');
  return draw({
    id, title, description: `${columns.map(describe).join('; ')}.${pairs === '' ? '' : ` Significant pairs, ${pairs}.`}`,
    width: WIDTH, height: 34 + room + PLOT + 30, marginTop: 34 + room, marginLeft: LEFT, marginRight: RIGHT, marginBottom: 30, x: { domain: [-0.5, columns.length - 0.5] }, y: y.scale,
    marks: [
      ...leftAxis(y.label), ...placesAxis(labels, null, { tickSize: 0 }), Plot.text([name], { frameAnchor: 'top-left', dy: -20 - room, textAnchor: 'start', fontWeight: 600, fontSize: 13, fill: INK }),
      ...boxMarks(boxes), ...clouds, meanMarks(boxes),
      Plot.ruleX(estimates, { x: 'place', y1: (one: { mean: number; se: number }) => one.mean - one.se, y2: (one: { mean: number; se: number }) => one.mean + one.se, stroke: INK, strokeWidth: 1.8 }),
      Plot.dot(estimates, { x: 'place', y: 'mean', r: 5, fill: INK, className: 'estimate' }),
      ...bars.flatMap((bar) => [
        Plot.link([bar], { x1: bar.from + 0.06, x2: bar.to - 0.06, y1: domain[1], y2: domain[1], dy: bar.offset, stroke: MUTED, className: 'bracket' }),
        ...[bar.from + 0.06, bar.to - 0.06].map((x) => Plot.vector([bar], { x, y: domain[1], dy: bar.offset, length: 5, rotate: 180, anchor: 'start', shape: TICK, stroke: MUTED })),
        Plot.text([bar], { x: (bar.from + bar.to) / 2, y: domain[1], dy: bar.offset - 8, text: 'text', fontSize: 11, fill: INK }),
      ]),
    ],
  });
}

/** What its axis has to hold. */
function spread({ values, adjusted }: GroupColumn): number[] {
  return values.length > 0 || adjusted === null ? values.map(({ value }) => value) : [adjusted.mean - adjusted.se, adjusted.mean + adjusted.se];
}

function describe(column: GroupColumn): string {
  const box = boxOf(column.values.map(({ value }) => value));
  if (box !== null) return `${column.name}: ${box.n} participants, mean ${formatNumber(box.mean)}`;
  return `${column.name}: ${column.adjusted === null ? 'no values' : `adjusted mean ${formatNumber(column.adjusted.mean)}`}`;
}
