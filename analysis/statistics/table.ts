/** Tables of participants: named columns of equal length, one row a participant. */
import { StatisticsError } from './errors.js';

/** One value; null is missing. */
export type Cell = number | string | null;
/** Columns by name, all of the same length. */
export type Table = Record<string, readonly Cell[]>;

export interface CompleteRows {
  /** The asked columns, complete rows only, in the order of the table. */
  table: Table;
  n: number;
  /** Row numbers (from 0) of the table given that were kept. */
  rows: number[];
  /** Rows left out, and the columns each has no value in. */
  leftOut: { row: number; missing: string[] }[];
}

/** The column; UNKNOWN_COLUMN when the table does not have it. */
export function column(table: Table, name: string): readonly Cell[] {
  const values = Object.hasOwn(table, name) ? table[name] : undefined;
  if (values === undefined) {
    const parts = name.split(':'), remedy = parts.length > 1 && parts.every((part) => Object.hasOwn(table, part)) ? `write the interaction as an array: [${parts.map((part) => `'${part}'`).join(', ')}]` : undefined;
    throw new StatisticsError('UNKNOWN_COLUMN', `there is no column '${name}'`, { column: name, ...(remedy && { remedy }) });
  }
  return values;
}

/**
 * Listwise deletion over the columns of one analysis.
 * Throws UNKNOWN_COLUMN, UNEQUAL_LENGTHS, NON_FINITE (NaN and infinities are errors, not missing values), NO_ROWS.
 */
export function completeRows(table: Table, columns: readonly string[]): CompleteRows {
  const names = [...new Set(columns)];
  const data = names.map((name) => column(table, name));
  const length = data[0]?.length ?? 0;
  names.forEach((name, j) => {
    const found = data[j]!.length;
    if (found !== length) throw new StatisticsError('UNEQUAL_LENGTHS', `column '${name}' has ${found} rows and '${names[0]}' has ${length}`, { column: name });
    checkFinite(name, data[j]!);
  });
  const rows: number[] = [];
  const leftOut: CompleteRows['leftOut'] = [];
  for (let i = 0; i < length; i++) {
    const missing = names.filter((_, j) => data[j]![i] === null || data[j]![i] === undefined);
    if (missing.length === 0) rows.push(i);
    else leftOut.push({ row: i, missing });
  }
  if (rows.length === 0) throw noRows(names, data);
  const kept = leftOut.length === 0 ? data : data.map((values) => rows.map((i) => values[i]!));
  return { table: Object.fromEntries(names.map((name, j) => [name, kept[j]!])), n: rows.length, rows, leftOut };
}

function checkFinite(name: string, values: readonly Cell[]): void {
  const bad = values.findIndex((v) => typeof v === 'number' && !Number.isFinite(v));
  if (bad >= 0) throw new StatisticsError('NON_FINITE', `column '${name}' holds ${String(values[bad])} in row ${bad + 1}`, { column: name });
}

function noRows(names: string[], data: (readonly Cell[])[]): StatisticsError {
  const empty = names.find((_, j) => data[j]!.every((v) => v === null || v === undefined));
  if (empty !== undefined) return new StatisticsError('NO_ROWS', `column '${empty}' has no value in any row`, { column: empty });
  return new StatisticsError('NO_ROWS', `no row has a value in every one of ${names.map((n) => `'${n}'`).join(', ')}`);
}

/** Rows of a table by number; every column is taken. */
export function takeRows(table: Table, rows: readonly number[]): Table {
  return Object.fromEntries(Object.entries(table).map(([name, values]) => [name, rows.map((i) => values[i] ?? null)]));
}

/** True when every value present is a number, and there is one. */
export function isNumeric(values: readonly Cell[]): boolean {
  let any = false;
  for (const v of values) {
    if (typeof v === 'string') return false;
    if (v !== null && v !== undefined) any = true;
  }
  return any;
}

/** A complete column as numbers. Throws NOT_NUMERIC, NON_FINITE. */
export function numbers(table: Table, name: string): Float64Array {
  const values = column(table, name);
  const out = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (typeof v !== 'number') throw new StatisticsError('NOT_NUMERIC', `column '${name}' is not numeric: row ${i + 1} holds ${v === null ? 'nothing' : `'${String(v)}'`}`, { column: name });
    out[i] = v;
  }
  checkFinite(name, values);
  return out;
}

/** Levels present among the values: those of `order` first and in that order, the others after them by code point. */
export function levelsOf(values: readonly Cell[], order: readonly string[] = []): string[] {
  const present = new Set<string>();
  for (const v of values) if (v !== null && v !== undefined) present.add(String(v));
  const known = order.filter((level) => present.has(level));
  const others = [...present].filter((level) => !order.includes(level)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return [...known, ...others];
}
