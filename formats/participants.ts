/** BIDS participants.tsv (BIDS 1.9, "Participants file"), and any other table with one row per participant: CSV from a spreadsheet, tissue fractions. */
import { suggestColumns } from './column-aliases.js';
import { readDelimited, type Delimiter } from './delimited.js';
import { excerpt, mismatch } from './format-error.js';
import { writeTsv } from './tsv.js';

export type ParticipantValue = string | number | null;

export interface Participant {
  id: string;
  /** Line in the file, 1-based. */
  line: number;
  /** By column; numbers where the whole column is numeric. */
  values: Record<string, ParticipantValue>;
  /** By column, as written (codes such as `01` keep their zeros). */
  text: Record<string, string | null>;
}

export interface ParticipantTable {
  columns: string[];
  /** `number` when every present value of the column is one, `empty` when none is present. The id column is always text. */
  types: Record<string, 'number' | 'text' | 'empty'>;
  rows: Participant[];
  /** What separates the cells; BIDS wants tabs. */
  delimiter: Delimiter;
}

const NUMERIC = /^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/;

/**
 * Reads a participants table, tab-, comma- or semicolon-separated; `id` names the id column (default `participant_id`), `required` further columns
 * that must exist. A column of another name is never taken for one that is missing: the message suggests it.
 * @throws FormatError MISSING_COLUMN, EMPTY_ID, DUPLICATE_ID with the line; and readDelimited's errors
 */
export function readParticipants(input: Uint8Array | string, options: { file: string; id?: string; required?: readonly string[] }): ParticipantTable {
  const { file, id: idColumn = 'participant_id', required = [] } = options;
  const { columns, rows, delimiter } = readDelimited(input, { file });
  for (const name of [idColumn, ...required]) if (!columns.includes(name)) throw missingColumn(name, columns, file);
  const types = Object.fromEntries(columns.map((name, c) => {
    const present = rows.map((r) => r.cells[c]).filter((v): v is string => v !== null && v !== undefined);
    return [name, name === idColumn ? 'text' : present.length === 0 ? 'empty' : present.every((v) => NUMERIC.test(v)) ? 'number' : 'text'] as const;
  }));
  const idIndex = columns.indexOf(idColumn);
  const seen = new Map<string, number>();
  const participants = rows.map(({ line, cells }) => {
    const id = cells[idIndex];
    if (id === null || id === undefined) throw mismatch('EMPTY_ID', { file, line }, `no ${excerpt(idColumn)}`, 'an id', 'Give every row an id, or remove the row.');
    const before = seen.get(id);
    if (before !== undefined) throw mismatch('DUPLICATE_ID', { file, line }, `the same ${excerpt(idColumn)} as on line ${before}`, 'one row per participant', 'Keep one row per participant.');
    seen.set(id, line);
    const present = columns.map((name, c) => [name, cells[c] ?? null] as const);
    const text = Object.fromEntries(present);
    const values = Object.fromEntries(present.map(([name, v]) => [name, v !== null && types[name] === 'number' ? Number(v) : v]));
    return { id, line, values, text };
  });
  return { columns, types, rows: participants, delimiter };
}

function missingColumn(name: string, columns: readonly string[], file: string): Error {
  const shown = columns.slice(0, 12).map((c) => `"${excerpt(c)}"`).join(', ') + (columns.length > 12 ? ` and ${columns.length - 12} more` : '');
  const [alias] = suggestColumns(name, columns);
  const blanks = columns.length === 1 && / {2}|\S \S/.test(columns[0] as string);
  const remedy = blanks ? 'Separate the columns by tabs or commas, not blanks.'
    : alias !== undefined ? `Is it "${excerpt(alias)}"? Then name that column under \`columns\` in the study file.` : 'Add the column, or name yours under `columns` in the study file.';
  return mismatch('MISSING_COLUMN', { file, line: 1 }, `the columns ${shown}`, `a column "${excerpt(name)}"`, remedy);
}

/** Text of a participants table; the first column should be the id. null becomes `n/a`. */
export function writeParticipants(columns: readonly string[], rows: readonly Record<string, ParticipantValue>[]): string {
  return writeTsv(columns, rows.map((row) => columns.map((c) => row[c] ?? null)));
}
