/** Writing an export beside its place and moving it there whole. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { StudyResults } from '../../contracts/results.js';
import { SulcusError } from '../../contracts/errors.js';
import { bidsFiles } from './bids.js';
import { checkKeyTable, keyTable, writeKeyTable } from './key-table.js';
import type { ReadResult } from './rows.js';

/** Throws NO_RESULTS. */
export function checkResults(folder: string): void {
  if (!existsSync(join(folder, 'results.json'))) throw new SulcusError('NO_RESULTS', `${folder} holds no results.json`, { remedy: 'name a results folder' });
}

/**
 * Exports a results folder as a BIDS derivative into `target`, which is replaced when an earlier export is in it. `key`: of the pseudonyms of participants, or
 * null to name them by their identifiers; `table`: where to write who is who, before anything is exported. Returns the number of files.
 * @throws SulcusError NO_RESULTS, BAD_RESULTS, OUT_NOT_EMPTY, BAD_LABEL, PSEUDONYM_COLLISION, KEY_TABLE_INSIDE, KEY_TABLE_EXISTS
 */
export async function exportBids(folder: string, target: string, key: Uint8Array | null, table: string | null = null): Promise<number> {
  checkResults(folder);
  const results = await readResultsFile(folder);
  if (!(await isReplaceable(target))) throw new SulcusError('OUT_NOT_EMPTY', `${target} is not empty and holds no export of sulcus`, { remedy: 'choose another folder' });
  const read: ReadResult = (path) => { const file = join(folder, path); return existsSync(file) ? readFileSync(file) : null; };
  if (table !== null) await checkKeyTable(table, target);
  const files = bidsFiles(results, read, key);
  if (table !== null && key !== null) await writeKeyTable(table, keyTable(read, key));
  const tag = randomBytes(4).toString('hex'), fresh = join(dirname(target), `.${basename(target)}.new-${tag}`), old = join(dirname(target), `.${basename(target)}.old-${tag}`);
  try {
    for (const [path, content] of files) {
      await mkdir(dirname(join(fresh, path)), { recursive: true });
      await writeFile(join(fresh, path), content);
    }
    const existed = existsSync(target);
    if (existed) await rename(target, old);
    await rename(fresh, target);
    if (existed) await rm(old, { recursive: true, force: true });
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    throw error;
  }
  return files.length;
}

async function readResultsFile(folder: string): Promise<StudyResults> {
  const file = join(folder, 'results.json'), text = await readFile(file, 'utf8');
  try {
    const results = JSON.parse(text) as StudyResults;
    if (typeof results.schema === 'string' && results.schema.startsWith('sulcus/results/')) return results;
  } catch (cause) {
    throw new SulcusError('NO_RESULTS', `${file} is no JSON`, { file, remedy: 'run the study again: results are written whole or not at all', cause });
  }
  throw new SulcusError('NO_RESULTS', `${file} is no result of sulcus`, { file, remedy: 'name a results folder' });
}

async function isReplaceable(target: string): Promise<boolean> {
  const names = await readdir(target).catch((error: NodeJS.ErrnoException) => { if (error.code === 'ENOENT') return []; if (error.code === 'ENOTDIR') return ['']; throw error; });
  if (names.length === 0) return true;
  const text = names.includes('dataset_description.json') ? await readFile(join(target, 'dataset_description.json'), 'utf8') : '';
  return /"GeneratedBy"[^]*"Name": "sulcus"/.test(text);
}
