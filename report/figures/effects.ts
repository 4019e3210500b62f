/** The size of every index's group effect, one mark a cohort; hollow where it is not significant after adjustment. */
import type { AncovaRow } from '../../contracts/results.js';
import { html, type Html } from '../html.js';
import { metricName } from '../words.js';
import { marks, round, styleOf } from './marks.js';
import { linear } from './scale.js';

import { panelArea, svg, xAxis } from './svg.js';

const ROW = 20;

export function effectsFigure(cohorts: readonly { name: string; ancova: readonly AncovaRow[] }[]): Html {
  const indices = [...new Map(cohorts.flatMap(({ ancova }) => ancova).map((row) => [`${row.metric} ${row.component}`, row])).values()].sort((a, b) => a.metric.localeCompare(b.metric) || a.component - b.component);
  const names = indices.map((row) => `${metricName(row.metric)}, component ${row.component}`);
  const longest = Math.max(...names.map((name) => name.length));
  const area = panelArea(indices.length * ROW + 60, { left: Math.min(210, 16 + longest * 6.3), top: 8, width: 480 });
  const sizes = cohorts.flatMap(({ ancova }) => ancova.map((row) => row.partialEtaSquared ?? 0));
  const x = linear([0, Math.max(0.05, ...sizes) * 1.08], [area.left, area.right]);
  const rows = indices.map((index, place) => {
    const y = area.top + (place + 0.5) * ROW;
    const found = cohorts.map(({ ancova }, cohort) => {
      const row = ancova.find((one) => one.component === index.component && one.metric === index.metric);
      if (row === undefined || row.partialEtaSquared === null) return null;
      return marks([{ x: x.at(row.partialEtaSquared), y }], styleOf(cohort), { r: 4, hollow: !row.significant });
    });
    return html`<line class="grid" x1="${area.left}" x2="${area.right}" y1="${round(y)}" y2="${round(y)}"/><text class="tick" x="${area.left - 8}" y="${round(y)}" dy=".33em" text-anchor="end">${names[place]}</text>${found}`;
  });
  const significant = cohorts.map(({ name, ancova }) => `${name}: ${ancova.filter((row) => row.significant).length} of ${ancova.length} significant`).join('; ');
  return svg({ id: 'effects-figure', title: 'Group effect of every index', description: `Partial eta squared of the group term. ${significant}.`, area, body: html`${rows}${xAxis(area, x, 'partial η²')}` });
}
