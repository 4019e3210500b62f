/** The frame of a figure: panels, caption, and its data for whoever wants to draw it again. */
import { html, raw, type Child, type Html } from './html.js';

export type DataCell = string | number | boolean | null;

export interface FigureData {
  columns: readonly string[];
  rows: readonly (readonly DataCell[])[];
}

export interface FigureOptions {
  id: string;
  /** Drawings, each a panel. */
  panels: readonly Html[];
  caption: Child;
  /** The numbers behind it. */
  data: FigureData;
  /** Panels a row where the window is wide enough; 1 for one over the full width. */
  columns?: 1 | 2 | 3;
  component?: number;
}

const cellText = (cell: DataCell): string => (cell === null ? 'n/a' : String(cell).replace(/[\t\r\n]+/g, ' '));

/** Tab-separated, numbers so that reading them back gives the same double, `n/a` where there is none. */
export function tsvOf({ columns, rows }: FigureData): string {
  return `${[columns, ...rows].map((row) => row.map(cellText).join('\t')).join('\n')}\n`;
}

/** JSON that may stand in a script element whatever its strings hold. */
export const scriptSafe = (value: unknown): Html => raw(JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`));

/** Nothing without panels: the section says why in words. */
export function figure({ id, panels, caption, data, columns = 2, component }: FigureOptions): Html | null {
  if (panels.length === 0) return null;
  const save = (kind: string): Html => html`<button type="button" data-save="${kind.toLowerCase()}">${kind}</button>`;
  return html`<figure id="${id}"${component !== undefined && html` data-component="${component}"`}><div class="panels" data-columns="${columns}">${panels.map((panel) => html`<div class="panel">${panel}</div>`)}</div>
<figcaption>${caption}</figcaption><div class="tools" role="group" aria-label="Save figure ${id}"><span>Save as</span>${save('SVG')}${save('PNG')}${save('TSV')}</div><script type="application/json" class="data">${scriptSafe(tsvOf(data))}</script></figure>\n`;
}
