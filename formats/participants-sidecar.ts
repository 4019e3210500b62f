/** participants.json beside participants.tsv (BIDS 1.9, "Tabular files"): what columns mean, their units, and the dictionary of their codes. */
import { excerpt, mismatch } from './format-error.js';
import type { ParticipantTable } from './participants.js';
import { decodeText } from './text.js';

export interface ColumnDescription {
  description: string | null;
  /** As written, e.g. `years`. */
  units: string | null;
  /** Code to meaning, e.g. `1` -> `ASD`; null when the column has no dictionary. */
  levels: Map<string, string> | null;
}

/**
 * Columns by name. `Levels` may hold texts, objects with a Description, or be a list of the codes alone.
 * @throws FormatError BAD_JSON, EMPTY_FILE, POINTER_FILE, BAD_TEXT
 */
export function readSidecar(input: Uint8Array | string, options: { file: string }): Map<string, ColumnDescription> {
  const { file } = options;
  const json = parseJson(decodeText(input, file), file);
  if (!isObject(json)) throw mismatch('BAD_JSON', { file }, Array.isArray(json) ? 'a list' : `a ${typeof json}`, 'an object with the columns\' names', 'Write { "age": { "Units": "years" } } and the like.');
  return new Map(Object.entries(json).map(([column, value]) => [column, describeColumn(column, value, file)]));
}

function describeColumn(column: string, value: unknown, file: string): ColumnDescription {
  if (typeof value === 'string') return { description: value, units: null, levels: null };
  if (!isObject(value)) throw mismatch('BAD_JSON', { file }, `"${excerpt(column)}" without a description`, 'an object with Description, Units or Levels', 'Correct the entry of the column.');
  const text = (name: string): string | null => {
    const v = Object.hasOwn(value, name) ? value[name] : undefined;
    if (v === undefined || v === null) return null;
    if (typeof v !== 'string') throw mismatch('BAD_JSON', { file }, `${name} of "${excerpt(column)}" that is no text`, 'a text', 'Write it in quotation marks.');
    return v;
  };
  return { description: text('Description') ?? text('LongName'), units: text('Units') ?? text('Unit'), levels: readLevels(column, Object.hasOwn(value, 'Levels') ? value.Levels : undefined, file) };
}

function readLevels(column: string, levels: unknown, file: string): Map<string, string> | null {
  if (levels === undefined || levels === null || levels === '') return null;
  if (Array.isArray(levels) && levels.every((l) => typeof l === 'string' || typeof l === 'number')) return new Map(levels.map((l) => [String(l), String(l)]));
  if (!isObject(levels)) throw mismatch('BAD_JSON', { file }, `Levels of "${excerpt(column)}" that are no dictionary`, 'an object of codes and meanings', 'Write "Levels": { "1": "patient", "2": "control" }.');
  return new Map(Object.entries(levels).map(([code, meaning]) => {
    const said = isObject(meaning) && typeof meaning.Description === 'string' ? meaning.Description : meaning;
    if (typeof said !== 'string') throw mismatch('BAD_JSON', { file }, `level "${excerpt(code)}" of "${excerpt(column)}" without a meaning`, 'a text', 'Write the meaning in quotation marks.');
    return [code, said];
  }));
}

/** The meaning of a code; codes that are numbers also match when written otherwise (`1`, `1.0`, `01`). null when the dictionary lacks it. */
export function levelOf({ levels }: Pick<ColumnDescription, 'levels'>, code: string): string | null {
  if (levels === null) return null;
  const exact = levels.get(code.trim());
  if (exact !== undefined) return exact;
  const number = Number(code);
  if (code.trim() === '' || !Number.isFinite(number)) return null;
  for (const [key, meaning] of levels) if (key.trim() !== '' && Number(key) === number) return meaning;
  return null;
}

/** Codes in the table that its dictionary does not explain: one row each, with the first line they stand on. */
export function unexplainedLevels(table: ParticipantTable, sidecar: ReadonlyMap<string, ColumnDescription>): { column: string; code: string; line: number }[] {
  return table.columns.flatMap((column) => {
    const described = sidecar.get(column);
    if (!described?.levels) return [];
    const seen = new Set<string>();
    return table.rows.flatMap(({ text, line }) => {
      const code = text[column] ?? null;
      if (code === null || seen.has(code)) return [];
      seen.add(code);
      return levelOf(described, code) === null ? [{ column, code, line }] : [];
    });
  });
}

/** How many years one unit of an age is (BIDS recommends years); null for units that are none of time. */
export function yearsPerUnit(units: string): number | null {
  const unit = units.trim().toLowerCase().replace(/s$/, '');
  if (['year', 'yr', 'y', 'a', 'annum', 'jahr', 'jahre'].includes(unit)) return 1;
  if (['month', 'mo', 'mon', 'monat', 'monate'].includes(unit)) return 1 / 12;
  if (['week', 'wk', 'w'].includes(unit)) return 7 / 365.25;
  return ['day', 'd', 'tag', 'tage'].includes(unit) ? 1 / 365.25 : null;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const position = /position (\d+)/.exec(message)?.[1];
    const line = position === undefined ? undefined : text.slice(0, Number(position)).split('\n').length;
    throw mismatch('BAD_JSON', { file, ...(line === undefined ? {} : { line }) }, excerpt(message), 'JSON', 'Correct the file; an editor that knows JSON shows where.', cause);
  }
}
