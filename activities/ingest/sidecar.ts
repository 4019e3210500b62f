/** The JSON file beside a participants table: dictionaries of its codes and units of its columns. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readSidecar, type ColumnDescription } from '../../formats/index.js';

/** Columns that are described, by name; empty when there is no such file. Throws the reader's errors. */
export async function readColumnDescriptions(directory: string, table: string): Promise<ReadonlyMap<string, ColumnDescription>> {
  const file = table.replace(/\.[a-z]+$/i, '.json');
  if (file === table) return new Map();
  try {
    return readSidecar(await readFile(resolve(directory, file)), { file });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw error;
  }
}
