/** Tab-separated tables: BIDS rules (header, `n/a` for missing), numbers in full double precision. */
import { readDelimited, type DelimitedTable } from './delimited.js';
import { FormatError } from './format-error.js';

export type TsvTable = Pick<DelimitedTable, 'columns' | 'rows'>;

/** Reads a table whose cells are separated by tabs; what is accepted and refused is readDelimited's. */
export function readTsv(input: Uint8Array | string, options: { file: string }): TsvTable {
  const { columns, rows } = readDelimited(input, { file: options.file, delimiter: '\t' });
  return { columns, rows };
}

/** Text of a table. Numbers as the shortest text that reads back as the same double; null, NaN and undefined as `n/a`. */
export function writeTsv(columns: readonly string[], rows: Iterable<readonly (string | number | boolean | null | undefined)[]>): string {
  const lines = [columns.map(cell).join('\t')];
  for (const row of rows) {
    if (row.length !== columns.length) throw new FormatError('BAD_ROW', `row ${lines.length}: ${row.length} cells for ${columns.length} columns`, { remedy: 'Give every column a value or null.' });
    lines.push(row.map(cell).join('\t'));
  }
  return lines.join('\n') + '\n';
}

function cell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return 'n/a';
  if (typeof value === 'number') return Number.isFinite(value) ? (Object.is(value, -0) ? '0' : String(value)) : 'n/a';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return /[\t\r\n"]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
