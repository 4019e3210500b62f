/** One index against the metabolite level, by group, with the least-squares line of all points. */
import { html, type Html } from '../html.js';
import { line, marks, styleOf } from './marks.js';
import { mean } from './groups.js';
import { extent, linear } from './scale.js';
import { panelArea, svg, xAxis, yAxis } from './svg.js';

export interface ScatterOptions {
  id: string;
  title: string;
  description: string;
  xLabel: string;
  yLabel: string;
  unit: string | null;
  /** Draw every n-th point only (the line is of all). */
  every?: number;
  groups: { style: number; points: { x: number; y: number }[] }[];
}

/** Ordinary least squares through the points; null when x does not vary. */
export function leastSquares(points: readonly { x: number; y: number }[]): { slope: number; intercept: number } | null {
  const [x0, y0] = [mean(points.map((point) => point.x)), mean(points.map((point) => point.y))];
  const sxx = points.reduce((sum, point) => sum + (point.x - x0) ** 2, 0);
  if (points.length < 3 || !(sxx > 0)) return null;
  const slope = points.reduce((sum, point) => sum + (point.x - x0) * (point.y - y0), 0) / sxx;
  return { slope, intercept: y0 - slope * x0 };
}

export function scatterFigure({ id, title, description, xLabel, yLabel, unit, every = 1, groups }: ScatterOptions): Html {
  const area = panelArea(300);
  const points = groups.flatMap((group) => group.points);
  const x = linear(extent(points.map((point) => point.x)), [area.left, area.right]);
  const y = linear(extent(points.map((point) => point.y)), [area.bottom, area.top]);
  const clouds = groups.map((group) => marks(group.points.filter((_, index) => index % every === 0).map((point) => ({ x: x.at(point.x), y: y.at(point.y) })), styleOf(group.style)));
  const fit = leastSquares(points);
  const ends = extent(points.map((point) => point.x), 0);
  const fitted = fit === null ? null : line(ends.map((end) => ({ x: x.at(end), y: y.at(fit.intercept + fit.slope * end) })), 'fit');
  return svg({ id, title, description, area, body: html`${yAxis(area, y, yLabel, unit)}${xAxis(area, x, xLabel)}${clouds}${fitted}` });
}
