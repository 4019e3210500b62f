import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SulcusError } from '../../contracts/errors.js';

/** Reads a file the study names, relative to its folder. Throws MISSING_FILE with the remedy; other failures of the disk pass through. */
export async function readInput(directory: string, name: string, remedy: string): Promise<Uint8Array> {
  try {
    return await readFile(resolve(directory, name));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new SulcusError('MISSING_FILE', `${name} does not exist`, { file: name, remedy, cause });
  }
}
