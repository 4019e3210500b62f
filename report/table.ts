/** Tables: a caption, column and row headers with scope, their own scroll container; sorted, filtered and copied by the page's script. */
import { html, slug, type Child, type Html } from './html.js';

export interface Column<Row> {
  head: Child;
  cell: (row: Row) => Child;
  /** Right-aligned, in figures of equal width. */
  numeric?: boolean;
  /** A sentence: not to be squeezed to a word a line. */
  text?: boolean;
  /** The cell names its row. */
  header?: boolean;
}

export interface TableOptions<Row> {
  caption: string;
  /** Below the caption: what the columns mean. */
  note?: Child;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  /** Rows to be seen first: significant ones, or faulty ones. */
  mark?: (row: Row) => 'strong' | 'warn' | null;
}

/** From so many rows on a table can be filtered. */
const MANY = 8;
/** More columns than paper holds in the usual size. */
const WIDE = 10;

/** Nothing at all when there are no rows: the section says why in words. Rows of a component carry its number for highlighting. */
export function table<Row>({ caption, note, columns, rows, mark }: TableOptions<Row>): Html | null {
  if (rows.length === 0) return null;
  const heads = columns.map((column) => html`<th scope="col"${column.numeric === true && html` class="n"`}>${rows.length > 1 ? html`<button type="button" class="sort">${column.head}</button>` : column.head}</th>`);
  const body = rows.map((row) => {
    const kind = mark?.(row) ?? null, component = componentOf(row);
    return html`<tr${kind !== null && html` class="${kind}"`}${component !== null && html` data-component="${component}"`}>${columns.map((column) => cell(column, row))}</tr>\n`;
  });
  return html`<div class="table${columns.length > WIDE && ' wide'}"><div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table id="${slug('table', caption)}"><caption><span>${caption}${note !== undefined && html`<small>${note}</small>`}</span></caption>
<thead><tr>${heads}</tr></thead>
<tbody>${body}</tbody></table></div>${tableTools(caption, rows.length)}</div>\n`;
}

/** Below the table; without a script there are none. */
function tableTools(caption: string, rows: number): Html {
  return html`<div class="tools">${rows >= MANY && html`<input type="search" class="filter" placeholder="Filter rows" aria-label="Filter rows: ${caption}">`}<button type="button" class="copy" aria-label="Copy: ${caption}">Copy</button><span role="status"></span></div>`;
}

function componentOf(row: unknown): number | null {
  const component = (row as { component?: unknown } | null)?.component;
  return typeof component === 'number' ? component : null;
}

function cell<Row>(column: Column<Row>, row: Row): Html {
  const content = column.cell(row);
  if (column.header === true) return html`<th scope="row">${content}</th>`;
  const kind = column.numeric === true ? 'n' : column.text === true ? 'text' : null;
  return html`<td${kind !== null && html` class="${kind}"`}>${content}</td>`;
}

/** The last column of a table some of whose rows could not be computed; no column when all could. */
export function reasonColumn<Row extends { reason?: string }>(rows: readonly Row[], redact: (text: string) => string, missing: (row: Row) => boolean): Column<Row>[] {
  if (!rows.some((row) => row.reason !== undefined || missing(row))) return [];
  const text = (row: Row): string => (row.reason === undefined ? (missing(row) ? 'not computed, no reason recorded' : '') : redact(row.reason));
  return [{ head: 'note', text: true, cell: (row) => html`<span class="reason">${text(row)}</span>` }];
}

/** A long table behind its own summary; print shows it open. */
export function folded(summary: Child, content: Child): Html {
  return html`<details><summary>${summary}</summary>${content}</details>\n`;
}
