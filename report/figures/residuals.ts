/** Residuals of one group model: against what was fitted, and against the normal distribution. */
import * as Plot from '@observablehq/plot';
import { normalQuantile } from '../../analysis/statistics/normal.js';
import type { Residual } from '../context.js';
import { formatNumber } from '../format.js';
import type { Html } from '../html.js';
import { bottomAxis, leftAxis, measuredAxis } from './axes.js';
import { draw } from './draw.js';
import { extent } from './scale.js';
import { heading, legend, MUTED, styleOf } from './styles.js';

export interface ResidualOptions {
  id: string;
  name: string;
  title: string;
  label: string;
  unit: string | null;
  groups: readonly { name: string; style: number }[];
  residuals: readonly Residual[];
  every: number;
}

const SIZE = { width: 440, height: 280, marginTop: 44, marginLeft: 52, marginRight: 14, marginBottom: 42 };

export function residualFigure({ id, name, title, label, unit, groups, residuals, every }: ResidualOptions): Html {
  const fitted = measuredAxis(`fitted ${label}`, unit, extent(residuals.map((one) => one.fitted))), domain = extent([-2.2, 2.2, ...residuals.map((one) => one.standardised)]);
  return draw({
    id, title, description: `${residuals.length} standardised residuals from ${formatNumber(Math.min(...residuals.map((one) => one.standardised)))} to ${formatNumber(Math.max(...residuals.map((one) => one.standardised)))}.`,
    ...SIZE, x: fitted.scale, y: { domain },
    marks: [
      ...leftAxis('standardised residual'), ...bottomAxis(fitted.label), heading(name), ...legend(groups.map((group) => ({ label: group.name, style: styleOf(group.style) }))), Plot.ruleY([0], { stroke: MUTED }),
      ...groups.map((group) => {
        const style = styleOf(group.style), own = residuals.filter((one) => one.group === group.name).filter((_, index) => index % every === 0);
        return Plot.dot(own, { x: 'fitted', y: 'standardised', r: 2.8, symbol: style.symbol, fill: style.colour, fillOpacity: 0.75, title: (one: Residual) => `${one.participant}, ${one.group}: ${one.standardised.toFixed(2)}`, className: 'point' });
      }),
    ],
  });
}

/** Quantiles at (i - 0.5) / n. */
export function normalFigure({ id, name, title, residuals, every }: Omit<ResidualOptions, 'groups' | 'label' | 'unit'>): Html {
  const sorted = [...residuals].sort((a, b) => a.standardised - b.standardised);
  const points = sorted.map((one, index) => ({ expected: normalQuantile((index + 0.5) / sorted.length), found: one.standardised }));
  const domain = extent(points.flatMap((one) => [one.expected, one.found]));
  return draw({
    id, title, description: `The ${points.length} standardised residuals in order against the quantiles of the normal distribution; on the line where they are normal.`,
    ...SIZE, x: { domain }, y: { domain },
    marks: [
      ...leftAxis('standardised residual'), ...bottomAxis('normal quantile'), heading(name), Plot.link([0], { x1: domain[0], y1: domain[0], x2: domain[1], y2: domain[1], stroke: MUTED, strokeWidth: 1.3 }),
      Plot.dot(points.filter((_, index) => index % every === 0), { x: 'expected', y: 'found', r: 2.4, fill: styleOf(0).colour, fillOpacity: 0.75, className: 'point' }),
    ],
  });
}
