import { resolve } from 'node:path';
import { SulcusError } from '../../contracts/errors.js';
import { readDataFile } from './data-file.js';

/** Reads a file the study names, relative to its folder. Throws MISSING_FILE with the remedy, UNREADABLE_FILE and TOO_LARGE; other failures of the disk pass through. */
export async function readInput(directory: string, name: string, remedy: string): Promise<Uint8Array> {
  try {
    return await readDataFile(resolve(directory, name), name);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw cause;
    throw new SulcusError('MISSING_FILE', `${name} does not exist`, { file: name, remedy, cause });
  }
}
