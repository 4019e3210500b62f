/** The files of a folder, as `init` looks at them. */
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isWithin } from '../../config/index.js';
import { SulcusError } from '../../contracts/errors.js';

/** Folders deeper than this, and more files than this, are no study that could be guessed at. */
const DEEPEST = 8, MOST_FILES = 500_000;
/** What sulcus itself writes, and what others keep beside data. */
const SKIPPED = new Set(['node_modules', 'results', 'truth', 'logs', 'verify', 'temp']);

export interface Walked {
  /** Paths relative to the folder, with `/`. */
  files: string[];
  /** Links that lead to nothing: data that were moved, or not fetched. */
  broken: number;
}

/**
 * All files below a folder, hidden ones and results left out. Links to folders are followed where they lead out of it, and in the folder itself; what lies
 * in it is seen anyway.
 */
export async function walk(directory: string): Promise<Walked> {
  const files: string[] = [];
  let broken = 0, top = directory;
  /** `links`: where the links on the way led to, none of which is followed a second time. */
  const visit = async (folder: string, depth: number, links: readonly string[]): Promise<void> => {
    const entries = await readdir(join(directory, folder), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.') || entry.name.startsWith('results')) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const kind = entry.isSymbolicLink() ? await stat(join(directory, path)).then((s) => (s.isFile() ? 'file' : s.isDirectory() ? 'linked folder' : ''), () => 'broken') : entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : '';
      if (kind === 'file') files.push(path);
      if (kind === 'broken') broken++;
      if (files.length > MOST_FILES) throw new SulcusError('TOO_MANY_FILES', `${directory} holds more than ${MOST_FILES} files`, { remedy: 'name the folder of one study' });
      if (!kind.endsWith('folder') || depth >= DEEPEST || SKIPPED.has(entry.name)) continue;
      const target = kind === 'folder' ? null : await realpath(join(directory, path));
      if (target === null) await visit(path, depth + 1, links);
      else if (!links.includes(target) && (depth === 0 || !isWithin(top, target))) await visit(path, depth + 1, [...links, target]);
    }
  };
  try {
    top = await realpath(directory);
    await visit('', 0, [top]);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new SulcusError('NO_FOLDER', `${directory} does not exist`, { remedy: 'name a folder that holds the data', cause: error });
    if (code === 'ENOTDIR') throw new SulcusError('NO_FOLDER', `${directory} is a file`, { remedy: 'name the folder it lies in', cause: error });
    if (code === 'EACCES') throw new SulcusError('NO_FOLDER', `a folder below ${directory} may not be read`, { remedy: 'give yourself the right to read it', cause: error });
    throw error;
  }
  return { files, broken };
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
