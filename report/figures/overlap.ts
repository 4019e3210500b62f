/** Vertices that components of two cohorts share, as a matrix: a clean diagonal means that they are the same places. */
import * as Plot from '@observablehq/plot';
import type { MatchingRow } from '../../contracts/results.js';
import { slug, type Html } from '../html.js';
import { draw } from './draw.js';
import { INK, LINE, styleOf } from './styles.js';

export function overlapFigure(row: MatchingRow): Html {
  const size = row.overlap.length, side = Math.min(62, Math.max(30, 340 / size));
  const cells = row.overlap.flatMap((counts, i) => {
    const total = counts.reduce((sum, value) => sum + value, 0);
    return counts.map((count, j) => ({ i: String(i + 1), j: String(j + 1), count, share: total > 0 ? count / total : 0 }));
  });
  const [width, height] = [Math.round(82 + size * side), Math.round(70 + size * side)];
  const places = row.overlap.map((_, i) => String(i + 1));
  const told = cells.filter(({ i, j }) => i === j).map(({ i, count, share }) => `component ${i}: ${count} shared, ${Math.round(share * 100)} %`).join('; ');
  const axis = { fontSize: 12, tickSize: 0, labelAnchor: 'center', labelArrow: 'none', fill: INK } as const;
  return draw({
    id: slug('overlap', row.a, row.b), title: `Vertices shared by components of ${row.a} and ${row.b}`, description: `On the diagonal, of the row's vertices: ${told}.`,
    width, height, marginTop: 54, marginLeft: 62, marginRight: 20, marginBottom: 16, x: { type: 'band', domain: places, padding: 0.04 }, y: { type: 'band', domain: places, padding: 0.04 },
    marks: [
      Plot.axisX({ ...axis, anchor: 'top', label: `component of ${row.b}` }), Plot.axisY({ ...axis, anchor: 'left', label: `component of ${row.a}` }),
      Plot.cell(cells, { x: 'j', y: 'i', fill: styleOf(0).colour, fillOpacity: (one: { share: number }) => one.share * 0.5, stroke: LINE, className: 'shade' }),
      Plot.text(cells, { x: 'j', y: 'i', text: (one: { count: number }) => String(one.count), fill: INK, fontSize: side < 40 ? 10 : 12, fontWeight: 600, className: 'count' }),
    ],
  });
}
