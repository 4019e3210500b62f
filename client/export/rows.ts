/** What an export reads and writes: tables of a results folder row by row; files of the derivative. */
import { readTsv } from '../../formats/index.js';

/** The text or bytes of a file of the results folder; null when it is not there. */
export type ReadResult = (path: string) => Uint8Array | null;

export type BidsFile = [path: string, content: string | Uint8Array];

export interface Row { [column: string]: string | null }

/** Rows of tables/NAME.tsv; none when there is no such table. */
export function resultRows(read: ReadResult, name: string): Row[] {
  const path = `tables/${name}.tsv`, bytes = read(path);
  if (bytes === null) return [];
  const table = readTsv(bytes, { file: path });
  return table.rows.map(({ cells }) => Object.fromEntries(table.columns.map((c, i) => [c, cells[i] ?? null])));
}

/** Whom a row of any of these tables is about. */
export const participantOf = (row: Row): { cohort: string; id: string } => ({ cohort: row['cohort'] ?? '', id: row['participant'] ?? '' });
