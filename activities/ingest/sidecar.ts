/** The JSON file beside a participants table: dictionaries of its codes and units of its columns. */
import { resolve } from 'node:path';
import { readSidecar, type ColumnDescription } from '../../formats/index.js';
import { MOST_TABLE_BYTES, readDataFile } from './data-file.js';

/** Columns that are described, by name; empty when there is no such file. Throws the reader's errors. */
export async function readColumnDescriptions(directory: string, table: string): Promise<ReadonlyMap<string, ColumnDescription>> {
  const file = table.replace(/\.[a-z]+$/i, '.json');
  if (file === table) return new Map();
  try {
    return readSidecar(await readDataFile(resolve(directory, file), file, MOST_TABLE_BYTES), { file });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw error;
  }
}
