/** BIDS participants.tsv (BIDS 1.9, "Participants file"), and any other table with one row per participant. */
import { FormatError } from './format-error.js';
import { readTsv, writeTsv } from './tsv.js';

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
}

const NUMERIC = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;

/**
 * Reads a participants table; `id` names the id column (default `participant_id`), `required` further columns that must exist.
 * @throws FormatError MISSING_COLUMN, EMPTY_ID, DUPLICATE_ID with the line; and readTsv's errors
 */
export function readParticipants(input: Uint8Array | string, options: { file: string; id?: string; required?: readonly string[] }): ParticipantTable {
  const { file, id: idColumn = 'participant_id', required = [] } = options;
  const { columns, rows } = readTsv(input, { file });
  for (const name of [idColumn, ...required]) {
    if (columns.includes(name)) continue;
    const only = columns.length === 1 && /[,;]| {2}/.test(columns[0] as string);
    throw new FormatError('MISSING_COLUMN', `${file} line 1: no column "${name}"; found ${columns.map((c) => `"${c}"`).join(', ')}`, {
      file, line: 1, remedy: only ? 'Separate the columns by tabs, not commas, semicolons or blanks.' : `Add the column, or name yours under \`columns\` in the study file.`,
    });
  }
  const types: ParticipantTable['types'] = {};
  columns.forEach((name, c) => {
    const present = rows.map((r) => r.cells[c]).filter((v): v is string => v !== null && v !== undefined);
    types[name] = name === idColumn ? 'text' : present.length === 0 ? 'empty' : present.every((v) => NUMERIC.test(v)) ? 'number' : 'text';
  });
  const idIndex = columns.indexOf(idColumn);
  const seen = new Map<string, number>();
  const participants = rows.map(({ line, cells }) => {
    const id = cells[idIndex];
    if (id === null || id === undefined) throw new FormatError('EMPTY_ID', `${file} line ${line}: ${idColumn} is empty`, { file, line, remedy: 'Give every row an id, or remove the row.' });
    const before = seen.get(id);
    if (before !== undefined) throw new FormatError('DUPLICATE_ID', `${file} line ${line}: the same ${idColumn} as on line ${before}`, { file, line, remedy: 'Keep one row per participant.' });
    seen.set(id, line);
    const values: Participant['values'] = {}, text: Participant['text'] = {};
    columns.forEach((name, c) => {
      const v = cells[c] ?? null;
      text[name] = v;
      values[name] = v !== null && types[name] === 'number' ? Number(v) : v;
    });
    return { id, line, values, text };
  });
  return { columns, types, rows: participants };
}

/** Text of a participants table; the first column should be the id. null becomes `n/a`. */
export function writeParticipants(columns: readonly string[], rows: readonly Record<string, ParticipantValue>[]): string {
  return writeTsv(columns, rows.map((row) => columns.map((c) => row[c] ?? null)));
}
