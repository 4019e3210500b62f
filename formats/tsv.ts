/** Tab-separated tables: BIDS rules (header, `n/a` for missing), numbers in full double precision. */
import { parse } from 'csv-parse/sync';
import { FormatError } from './format-error.js';
import { decodeText } from './text.js';

export interface TsvTable {
  columns: string[];
  /** Cells by column index, trimmed; null where missing (`n/a`, `NA`, `NaN`, empty). */
  rows: { line: number; cells: (string | null)[] }[];
}

const MISSING = new Set(['', 'n/a', 'na', 'nan', '#n/a']);

/**
 * Reads a table with a header line. CRLF, a byte order mark, quoted cells and blank lines are accepted.
 * @throws FormatError EMPTY_FILE, POINTER_FILE, DUPLICATE_COLUMN, BAD_ROW (a row with more or fewer cells than the header)
 */
export function readTsv(input: Uint8Array | string, options: { file: string }): TsvTable {
  const { file } = options;
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(decodeText(input, file), {
      delimiter: '\t', info: true, relax_quotes: true, relax_column_count: true, skip_empty_lines: true, record_delimiter: ['\r\n', '\n', '\r'],
    }) as unknown as typeof records;
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw new FormatError('BAD_ROW', `${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { file, cause, remedy: 'Write tab-separated text, one row a line.' });
  }
  const header = records[0];
  if (!header) throw new FormatError('EMPTY_FILE', `${file}: the file is empty`, { file, remedy: 'Write a header line and one row per participant.' });
  const columns = header.record.map((c) => c.trim());
  columns.forEach((name, index) => {
    if (columns.indexOf(name) !== index) {
      throw new FormatError('DUPLICATE_COLUMN', `${file} line 1: two columns are named "${name}"`, { file, line: 1, remedy: 'Give every column its own name.' });
    }
  });
  const rows = records.slice(1).filter((r) => r.record.some((c) => c.trim() !== '')).map(({ record, info }) => {
    if (record.length !== columns.length) {
      throw new FormatError('BAD_ROW', `${file} line ${info.lines}: found ${record.length} cells, the header has ${columns.length}`, { file, line: info.lines, remedy: 'Separate cells by single tabs and write n/a for a missing value.' });
    }
    return { line: info.lines, cells: record.map((c) => { const t = c.trim(); return MISSING.has(t.toLowerCase()) ? null : t; }) };
  });
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
