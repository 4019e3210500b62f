/** Tables of counts of two categorical variables. */
import { StatisticsError } from './errors.js';
import { completeRows, levelsOf, type CompleteRows, type Table } from './table.js';

export interface Contingency {
  n: number;
  leftOut: CompleteRows['leftOut'];
  rows: string[];
  columns: string[];
  counts: number[][];
}

/** Counts of complete rows; levels that vanish are dropped. Numeric columns are taken as labels. Throws as completeRows, and SINGLE_LEVEL_FACTOR. */
export function crossTabulate(table: Table, rowVariable: string, columnVariable: string, order: readonly string[] = []): Contingency {
  const { table: kept, n, leftOut } = completeRows(table, [rowVariable, columnVariable]);
  const rows = levelsOf(kept[rowVariable]!, order), columns = levelsOf(kept[columnVariable]!);
  for (const [name, levels] of [[rowVariable, rows], [columnVariable, columns]] as const) {
    if (levels.length < 2) throw new StatisticsError('SINGLE_LEVEL_FACTOR', `'${name}' has only the level '${levels[0]}' among the ${n} rows analysed`, { column: name, group: levels[0]! });
  }
  const counts = rows.map(() => columns.map(() => 0));
  for (let i = 0; i < n; i++) counts[rows.indexOf(String(kept[rowVariable]![i]))]![columns.indexOf(String(kept[columnVariable]![i]))]! += 1;
  return { n, leftOut, rows, columns, counts };
}

/** Checks counts, drops empty rows and columns. Throws BAD_TABLE; SINGLE_LEVEL_FACTOR when fewer than 2 x 2 cells remain. */
export function usedCells(counts: readonly (readonly number[])[]): { counts: number[][]; rows: number[]; columns: number[]; n: number } {
  const width = counts[0]?.length ?? 0;
  if (counts.some((row) => row.length !== width)) throw new StatisticsError('BAD_TABLE', 'the rows of the table differ in length');
  if (counts.some((row) => row.some((v) => !Number.isInteger(v) || v < 0))) throw new StatisticsError('BAD_TABLE', 'counts must be whole numbers of at least 0');
  const total = (line: readonly number[]): number => line.reduce((a, b) => a + b, 0);
  const filled = counts.filter((row) => total(row) > 0);
  const keep = Array.from({ length: width }, (_, j) => j).filter((j) => filled.some((row) => row[j]! > 0));
  const used = filled.map((row) => keep.map((j) => row[j]!));
  if (used.length < 2 || keep.length < 2) throw new StatisticsError('SINGLE_LEVEL_FACTOR', `only ${used.length} row(s) and ${keep.length} column(s) of the table hold counts: 2 by 2 are needed`);
  const rows = used.map(total), columns = keep.map((_, j) => used.reduce((s, row) => s + row[j]!, 0));
  return { counts: used, rows, columns, n: total(rows) };
}
