/** One index by group: every participant a point, the quartiles a box, the mean a bar, significant pairs bracketed. */
import { html, type Child, type Html } from '../html.js';
import { formatNumber, formatP } from '../format.js';
import { line, marks, round, styleOf, swarm, type Place } from './marks.js';
import { extent, linear, type Scale } from './scale.js';
import { bandAxis, panelArea, svg, yAxis } from './svg.js';

export interface GroupColumn {
  name: string;
  /** Place among the study's groups (colour and shape). */
  style: number;
  values: number[];
  /** Adjusted mean and its standard error, drawn when there are no values. */
  adjusted: { mean: number; se: number } | null;
}

export interface Bracket {
  a: string;
  b: string;
  pAdjusted: number;
}

export interface GroupFigureOptions {
  id: string;
  title: string;
  label: string;
  unit: string | null;
  columns: GroupColumn[];
  brackets: Bracket[];
  /** Levels of brackets to leave room for, when panels are to line up; at least its own are drawn. */
  levels?: number;
  /** Draw every n-th value only (boxes and means are of all). */
  every?: number;
  alpha: number;
}

/** Linear interpolation between order statistics (Hyndman and Fan's type 7). */
export function quantile(sorted: readonly number[], q: number): number {
  const place = (sorted.length - 1) * q;
  const low = sorted[Math.floor(place)] ?? NaN;
  return low + (place % 1) * ((sorted[Math.ceil(place)] ?? low) - low);
}

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export function groupFigure({ id, title, label, unit, columns, brackets, levels = 0, every = 1, alpha }: GroupFigureOptions): Html {
  const placed = stack(columns, brackets);
  const room = Math.max(levels, height(placed)) * 20;
  const area = panelArea(270 + room, { bottom: 28 });
  const band = (area.right - area.left) / columns.length;
  const middle = (index: number): number => area.left + band * (index + 0.5);
  const drawn = columns.flatMap((column) => (column.values.length > 0 || column.adjusted === null ? column.values : [column.adjusted.mean - column.adjusted.se, column.adjusted.mean + column.adjusted.se]));
  const y = linear(extent(drawn), [area.bottom, area.top + room]);
  const groups = columns.map((column, index) => (column.values.length > 0 ? participants(column, middle(index), band, y, every) : estimate(column, middle(index), y)));
  const bars = placed.map(({ from, to, pAdjusted, level }) => bracketMark(middle(from), middle(to), area.top + room - 8 - level * 20, formatP(pAdjusted, alpha)));
  const labels = columns.map((column, index) => ({ x: middle(index), label: `${column.name}${column.values.length > 0 ? ` (${column.values.length})` : ''}` }));
  const told = columns.map((column) => describe(column)).join('; ');
  const pairs = brackets.map((one) => `${one.a} and ${one.b}: adjusted p ${formatP(one.pAdjusted, alpha)}`).join('; ');
  return svg({ id, title, description: `${told}.${pairs === '' ? '' : ` Significant pairs, ${pairs}.`}`, area, body: html`${yAxis(area, y, label, unit)}${bandAxis(area, labels, '')}${groups}${bars}` });
}

function describe(column: GroupColumn): string {
  if (column.values.length > 0) return `${column.name}: ${column.values.length} participants, mean ${formatNumber(mean(column.values))}`;
  return `${column.name}: ${column.adjusted === null ? 'no values' : `adjusted mean ${formatNumber(column.adjusted.mean)}`}`;
}

function participants(column: GroupColumn, x: number, band: number, y: Scale, every: number): Child {
  const style = styleOf(column.style);
  const sorted = [...column.values].sort((a, b) => a - b);
  const [first, median, third] = [0.25, 0.5, 0.75].map((q) => round(y.at(quantile(sorted, q)))) as [number, number, number];
  const width = round(Math.min(band * 0.62, 74));
  const left = round(x - width / 2);
  const ys = column.values.filter((_, index) => index % every === 0).map((value) => y.at(value));
  const offsets = swarm(ys, 6.2, Math.min(band * 0.4, 44));
  const places: Place[] = ys.map((place, index) => ({ x: x + (offsets[index] ?? 0), y: place }));
  const average = round(y.at(mean(column.values)));
  return html`<rect class="box" x="${left}" y="${third}" width="${width}" height="${round(first - third)}"/><line class="median" x1="${left}" x2="${round(left + width)}" y1="${median}" y2="${median}"/>${marks(places, style)}<line class="average" x1="${round(left - 5)}" x2="${round(left + width + 5)}" y1="${average}" y2="${average}"/>`;
}

function estimate(column: GroupColumn, x: number, y: Scale): Child {
  if (column.adjusted === null) return null;
  const { mean: centre, se } = column.adjusted;
  return html`${line([{ x, y: y.at(centre - se) }, { x, y: y.at(centre + se) }], 'mean')}${marks([{ x, y: y.at(centre) }], styleOf(column.style), { r: 5 })}`;
}

/** How many levels the brackets of a panel take. */
export function bracketLevels(groups: readonly string[], brackets: readonly Bracket[]): number {
  return height(stack(groups.map((name) => ({ name })), brackets));
}

const height = (placed: readonly { level: number }[]): number => placed.reduce((highest, bracket) => Math.max(highest, bracket.level + 1), 0);

/** Brackets of the fewest levels so that none crosses another; short ones lowest. */
function stack(columns: readonly { name: string }[], brackets: readonly Bracket[]): { from: number; to: number; pAdjusted: number; level: number }[] {
  const index = new Map(columns.map((column, place) => [column.name, place]));
  const spans = brackets
    .map((one) => ({ ends: [index.get(one.a) ?? -1, index.get(one.b) ?? -1].sort((a, b) => a - b) as [number, number], pAdjusted: one.pAdjusted }))
    .filter(({ ends }) => ends[0] >= 0)
    .sort((one, other) => one.ends[1] - one.ends[0] - (other.ends[1] - other.ends[0]) || one.ends[0] - other.ends[0]);
  const levels: { from: number; to: number; pAdjusted: number; level: number }[] = [];
  for (const { ends: [from, to], pAdjusted } of spans) {
    const taken = levels.filter((other) => other.from < to && other.to > from).map((other) => other.level);
    let level = 0;
    while (taken.includes(level)) level += 1;
    levels.push({ from, to, pAdjusted, level });
  }
  return levels;
}

function bracketMark(from: number, to: number, y: number, p: string): Html {
  const [left, right] = [round(from + 4), round(to - 4)];
  return html`<path class="bracket" d="M${left} ${y + 5}V${y}H${right}V${y + 5}"/><text class="note" x="${round((left + right) / 2)}" y="${y - 3}" text-anchor="middle">p ${p.startsWith('<') ? p : `= ${p}`}</text>`;
}

