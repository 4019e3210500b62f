/** Tables as text: one header line, rows of cells separated by tabs, commas or semicolons (read by csv-parse). */
import { CsvError, parse } from 'csv-parse/sync';
import { FormatError, excerpt, mismatch } from './format-error.js';
import { decodeText } from './text.js';

export type Delimiter = '\t' | ',' | ';';

export interface DelimitedTable {
  columns: string[];
  /** Cells by column index, trimmed; null where missing (`n/a`, `NA`, `NaN`, `#N/A`, empty). `line`: in the file, 1-based. */
  rows: { line: number; cells: (string | null)[] }[];
  delimiter: Delimiter;
}

const MISSING = new Set(['', 'n/a', 'na', 'nan', '#n/a']);
/** More columns than a mesh's vertices are no table of participants. */
const MOST_COLUMNS = 20_000;
const NAMES: Readonly<Record<Delimiter, string>> = { '\t': 'tabs', ',': 'commas', ';': 'semicolons' };

/**
 * Reads a table. `delimiter`: absent, it is the one the header line uses (tabs before commas before semicolons).
 * Accepted: CRLF and CR, a byte order mark, UTF-16 with its mark, quoted cells, blank lines, empty columns at the right that have no name.
 * @throws FormatError EMPTY_FILE, POINTER_FILE, BAD_TEXT, DUPLICATE_COLUMN, MISSING_COLUMN (a column without a name), BAD_ROW (more or fewer cells than the
 * header, a quote that does not end), TOO_LARGE
 */
export function readDelimited(input: Uint8Array | string, options: { file: string; delimiter?: Delimiter | undefined }): DelimitedTable {
  const { file } = options;
  const text = decodeText(input, file);
  const delimiter = options.delimiter ?? guessDelimiter(text);
  let columns: string[] | null = null;
  const rows: DelimitedTable['rows'] = [];
  // Rows are judged as they come: csv-parse makes an Error of every row of another length, and a table of a million of them would take minutes.
  const take = (record: string[], { lines: line }: { lines: number }): null => {
    const cells = record.map((c) => c.trim());
    if (cells.every((c) => c === '')) return null;
    if (columns === null) columns = readHeader(cells, line, file);
    else rows.push({ line, cells: readRow(cells, columns.length, { file, line }, delimiter) });
    return null;
  };
  try {
    parse(text, { delimiter, on_record: take, relax_quotes: true, relax_column_count: true, skip_empty_lines: true, record_delimiter: ['\r\n', '\n', '\r'] });
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    const line = cause instanceof CsvError && typeof cause.lines === 'number' ? { line: cause.lines } : {};
    throw mismatch('BAD_ROW', { file, ...line }, excerpt(cause instanceof Error ? cause.message : String(cause)), `cells separated by ${NAMES[delimiter]}`, 'Close every quotation mark; write one row a line.', cause);
  }
  if (columns === null) throw new FormatError('EMPTY_FILE', `${file}: the file is empty`, { file, remedy: 'Write a header line and one row per participant.' });
  return { columns, delimiter, rows };
}

/** A row without the empty cells that spreadsheets export at the right of what was once used. */
function readRow(cells: string[], count: number, at: { file: string; line: number }, delimiter: Delimiter): (string | null)[] {
  while (cells.length > count && cells.at(-1) === '') cells.pop();
  if (cells.length !== count) throw mismatch('BAD_ROW', at, `${cells.length} cells`, `${count}, as the header has`, `Separate cells by single ${NAMES[delimiter]} and write n/a for a missing value.`);
  return cells.map((c) => (MISSING.has(c.toLowerCase()) ? null : c));
}

function readHeader(cells: string[], line: number, file: string): string[] {
  const columns = [...cells];
  while (columns.at(-1) === '') columns.pop();
  if (columns.length > MOST_COLUMNS) throw mismatch('TOO_LARGE', { file, line }, `${columns.length} columns`, `at most ${MOST_COLUMNS}`, 'Give a table of participants, not of vertices.');
  const seen = new Set<string>();
  columns.forEach((name, index) => {
    if (name === '') throw mismatch('MISSING_COLUMN', { file, line }, `no name for column ${index + 1}`, 'a name for every column', 'Name the column, or remove it.');
    if (seen.has(name)) throw mismatch('DUPLICATE_COLUMN', { file, line }, `two columns named "${excerpt(name)}"`, 'different names', 'Give every column its own name.');
    seen.add(name);
  });
  return columns;
}

/** The delimiter of the first line that is not blank, quoted parts left out. */
function guessDelimiter(text: string): Delimiter {
  const header = (/[^\s][^\r\n]*/.exec(text)?.[0] ?? '').replace(/"[^"]*"/g, '');
  if (header.includes('\t')) return '\t';
  const commas = header.split(',').length, semicolons = header.split(';').length;
  return commas === 1 && semicolons === 1 ? '\t' : commas >= semicolons ? ',' : ';';
}
