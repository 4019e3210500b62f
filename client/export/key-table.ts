/** Who is who: a table for the laboratory alone, which never lies in what is passed on. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { SulcusError } from '../../contracts/errors.js';
import { writeTsv } from '../../formats/index.js';
import { logPseudonym, participantPseudonym } from '../../security/index.js';
import { participantOf, resultRows, type ReadResult } from './rows.js';

const COLUMNS = ['cohort', 'participant', 'pseudonym', 'in_logs'];

/** Everybody the results name, those left out too: logs speak of them. */
export function keyTable(read: ReadResult, key: Uint8Array): string {
  const people = new Map([...resultRows(read, 'participants'), ...resultRows(read, 'exclusions')].map(participantOf).map((who) => [JSON.stringify(who), who]));
  return writeTsv(COLUMNS, [...people.values()].map((who) => [who.cohort, who.id, `sub-${participantPseudonym(key, who)}`, logPseudonym(key, who.id)]));
}

/** Throws KEY_TABLE_INSIDE when `file` is in the export folder, KEY_TABLE_EXISTS when it is there and no such table. */
export async function checkKeyTable(file: string, exportFolder: string): Promise<void> {
  const way = relative(await realPath(exportFolder), await realPath(file));
  if (way === '' || !(way === '..' || way.startsWith(`..${sep}`))) {
    throw new SulcusError('KEY_TABLE_INSIDE', `${file} would be in the export folder, and be passed on with it`, { file, remedy: 'keep the table of pseudonyms where only the laboratory reads' });
  }
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => { if (error.code === 'ENOENT') return null; if (error.code === 'EISDIR') return ''; throw error; });
  if (text !== null && !text.startsWith(`${COLUMNS.join('\t')}\n`)) {
    throw new SulcusError('KEY_TABLE_EXISTS', `${file} exists and is no table of pseudonyms`, { file, remedy: 'name another file' });
  }
}

/** Whole or not at all, for its owner alone to read. */
export async function writeKeyTable(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const aside = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    const handle = await open(aside, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

/** Absolute and without links, also of what does not exist yet. */
async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error;
    return join(await realPath(dirname(path)), basename(path));
  }
}
