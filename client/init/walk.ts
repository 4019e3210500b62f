/** The files of a folder, as `init` looks at them. */
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SulcusError } from '../../contracts/errors.js';

/** Folders deeper than this, and more files than this, are no study that could be guessed at. */
const DEEPEST = 8, MOST_FILES = 500_000;
/** What sulcus itself writes, and what others keep beside data. */
const SKIPPED = new Set(['node_modules', 'results', 'truth', 'logs', 'verify', 'temp']);

/** Paths of all files below a folder, relative to it, with `/`; hidden ones and results left out. Links to folders are not followed. */
export async function walk(directory: string): Promise<string[]> {
  const files: string[] = [];
  const visit = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(join(directory, folder), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.') || entry.name.startsWith('results')) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const kind = entry.isSymbolicLink() ? await stat(join(directory, path)).then((s) => (s.isFile() ? 'file' : s.isDirectory() ? 'linked folder' : ''), () => '') : entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : '';
      if (kind === 'file') files.push(path);
      if ((kind === 'folder' || (kind === 'linked folder' && depth === 0)) && depth < DEEPEST && !SKIPPED.has(entry.name)) await visit(path, depth + 1);
      if (files.length > MOST_FILES) throw new SulcusError('TOO_MANY_FILES', `${directory} holds more than ${MOST_FILES} files`, { remedy: 'name the folder of one study' });
    }
  };
  try {
    await visit('', 0);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new SulcusError('NO_FOLDER', `${directory} does not exist`, { remedy: 'name a folder that holds the data', cause: error });
    if (code === 'ENOTDIR') throw new SulcusError('NO_FOLDER', `${directory} is a file`, { remedy: 'name the folder it lies in', cause: error });
    if (code === 'EACCES') throw new SulcusError('NO_FOLDER', `a folder below ${directory} may not be read`, { remedy: 'give yourself the right to read it', cause: error });
    throw error;
  }
  return files;
}

/** Bytes of a file, or null when it is larger than a table or a vertex file can be. */
export async function readSmall(directory: string, path: string, most = 64 * 1024 * 1024): Promise<Uint8Array | null> {
  const file = await open(join(directory, path)).catch(() => null);
  if (file === null) return null;
  try {
    return (await file.stat()).size > most ? null : await file.readFile();
  } finally {
    await file.close();
  }
}
