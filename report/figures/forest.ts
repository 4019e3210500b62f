/** Estimates with intervals, a line each: filled where significant, hollow where not. */
import * as Plot from '@observablehq/plot';
import type { Html } from '../html.js';
import { bottomAxis } from './axes.js';
import { draw } from './draw.js';
import { heading, INK, legend, LINE, MUTED, PAPER, shortened, styleOf, textWidth, type LegendItem } from './styles.js';

export interface ForestRow {
  label: string;
  /** Set apart from the rows before it. */
  opens?: boolean;
  value: number | null;
  low: number | null;
  high: number | null;
  strong: boolean;
  /** Colour and shape. */
  style: number;
  told: string;
}

export interface ForestOptions {
  id: string;
  name: string;
  title: string;
  description: string;
  label: string;
  rows: readonly ForestRow[];
  domain: [number, number];
  legend?: readonly LegendItem[];
  /** Widest label in characters. */
  letters?: number;
}

const ROW = 21, LETTERS = 34;

export function forestFigure({ id, name, title, description, label, rows, domain, legend: items = [], letters = LETTERS }: ForestOptions): Html {
  const labels = rows.map((row) => shortened(row.label, letters));
  const left = Math.min(230, 14 + Math.max(...labels.map((one) => textWidth(one, 11))));
  const placed = rows.map((row, place) => ({ ...row, place }));
  const known = placed.filter((row) => row.value !== null), within = placed.filter((row) => row.low !== null && row.high !== null);
  const clip = (value: number | null): number => Math.min(domain[1], Math.max(domain[0], value ?? 0));
  return draw({
    id, title, description, width: 480, height: 40 + rows.length * ROW + 44, marginTop: 40, marginLeft: left, marginRight: 14, marginBottom: 44, x: { domain }, y: { axis: null, domain: [rows.length - 0.5, -0.5] },
    marks: [
      Plot.ruleY(placed.filter((row) => row.opens === true), { y: (row: { place: number }) => row.place - 0.5, stroke: LINE }), Plot.gridX({ stroke: LINE, strokeOpacity: 1, ticks: 5 }), ...bottomAxis(label, { ticks: 5 }),
      Plot.ruleX([0], { stroke: MUTED, strokeWidth: 1.2 }), heading(name), ...legend(items),
      Plot.text(placed, { y: 'place', frameAnchor: 'left', dx: -8, textAnchor: 'end', text: (row: { place: number }) => labels[row.place] ?? '', fontSize: 11, fill: INK }),
      Plot.link(within, { x1: (row: ForestRow) => clip(row.low), x2: (row: ForestRow) => clip(row.high), y1: 'place', y2: 'place', stroke: (row: ForestRow) => styleOf(row.style).colour, strokeWidth: 1.8, className: 'interval' }),
      ...known.map((row) => {
        const style = styleOf(row.style);
        return Plot.dot([row], { x: 'value', y: 'place', r: 4.2, symbol: style.symbol, fill: row.strong ? style.colour : PAPER, stroke: style.colour, strokeWidth: 1.5, title: 'told', className: row.strong ? 'strong' : 'weak' });
      }),
      Plot.text(placed.filter((row) => row.value === null), { y: 'place', x: Math.max(0, domain[0]), dx: 6, textAnchor: 'start', text: () => 'not computed', fontSize: 11, fill: MUTED }),
    ],
  });
}
