/** Components as lines: over metrics (their profile) or over age. */
import * as Plot from '@observablehq/plot';
import type { Html } from '../html.js';
import { bottomAxis, leftAxis, measuredAxis, placesAxis } from './axes.js';
import { draw } from './draw.js';
import { extent } from './scale.js';
import { componentStyle, heading, INK, legend, MUTED } from './styles.js';
import { leastSquares } from './summary.js';

export interface Profile {
  component: number;
  /** A value a metric, null where there is none. */
  values: (number | null)[];
}

export function profileFigure({ id, name, title, description, metrics, profiles, domain }: { id: string; name: string; title: string; description: string; metrics: readonly string[]; profiles: readonly Profile[]; domain: [number, number] }): Html {
  const rows = profiles.map(({ component, values }) => ({ component, points: values.flatMap((value, place) => (value === null ? [] : [{ place, value }])) }));
  return draw({
    id, title, description, width: 440, height: 300, marginTop: 40, marginLeft: 52, marginRight: 18, marginBottom: 34, x: { domain: [-0.4, metrics.length - 0.6] }, y: { domain },
    marks: [
      ...leftAxis('difference from the mean of components (SD)'), ...placesAxis(metrics, null), Plot.ruleY([0], { stroke: MUTED }), heading(name),
      ...legend(profiles.map(({ component }) => ({ label: String(component), style: componentStyle(component) }))),
      ...rows.flatMap(({ component, points }) => {
        const style = componentStyle(component);
        return [
          Plot.line(points, { x: 'place', y: 'value', stroke: style.colour, strokeWidth: 1.8, strokeDasharray: style.dash }),
          Plot.dot(points, { x: 'place', y: 'value', r: 4, symbol: style.symbol, fill: style.colour, className: 'point', title: (one: { value: number }) => `component ${component}: ${one.value.toFixed(2)} SD` }),
        ];
      }),
    ],
  });
}

export interface AgeSeries {
  component: number;
  points: { age: number; value: number }[];
}

/** Lines are least-squares fits to everyone; points every n-th participant. */
export function ageFigure({ id, name, title, label, unit, series, every }: { id: string; name: string; title: string; label: string; unit: string | null; series: readonly AgeSeries[]; every: number }): Html {
  const all = series.flatMap(({ points }) => points), ages = extent(all.map((point) => point.age)), values = extent(all.map((point) => point.value), 0.08), y = measuredAxis(label, unit, values);
  const fits = series.flatMap(({ component, points }) => { const fit = leastSquares(points.map((point) => ({ x: point.age, y: point.value }))); return fit === null ? [] : [{ component, ...fit, from: Math.min(...points.map((point) => point.age)), to: Math.max(...points.map((point) => point.age)) }]; });
  const ends = apart(fits.map(({ slope, intercept, to }) => intercept + slope * to), (values[1] - values[0]) / 17);
  const told = fits.map(({ component, slope }) => `component ${component}: ${slope.toPrecision(2)} a year`).join('; ');
  return draw({
    id, title, description: `Least-squares slopes, ${told}.`, width: 440, height: 280, marginTop: 40, marginLeft: 58, marginRight: 24, marginBottom: 40, x: { domain: ages }, y: y.scale,
    marks: [
      ...leftAxis(y.label), ...bottomAxis('age (years)'), heading(name), ...legend(series.map(({ component }) => ({ label: String(component), style: componentStyle(component) }))),
      ...series.map(({ component, points }) => Plot.dot(points.filter((_, index) => index % every === 0), { x: 'age', y: 'value', r: 1.7, fill: componentStyle(component).colour, fillOpacity: 0.4, className: 'point' })),
      ...fits.flatMap(({ component, slope, intercept, from, to }, index) => {
        const style = componentStyle(component);
        return [
          Plot.link([0], { x1: from, x2: to, y1: intercept + slope * from, y2: intercept + slope * to, stroke: style.colour, strokeWidth: 2.2, strokeDasharray: style.dash, className: 'fit' }),
          Plot.text([String(component)], { x: to, y: ends[index] ?? 0, dx: 9, fontSize: 11, fill: INK }),
        ];
      }),
    ],
  });
}

/** Values moved until none is nearer than `gap` to the next, in their order. */
function apart(values: readonly number[], gap: number): number[] {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value), placed = [...values];
  order.forEach(({ value, index }, place) => { placed[index] = place === 0 ? value : Math.max(value, (placed[order[place - 1]?.index ?? 0] ?? value) + gap); });
  return placed;
}
