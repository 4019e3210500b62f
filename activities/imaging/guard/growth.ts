/** Whether files of a program change: number, sizes and times of what is in its folders. */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface Extent {
  bytes: number;
  /** Differs when anything changed. */
  mark: string;
}

/** Entries that are looked at. In a folder with more, changes among the others are seen only as far as they change these. */
const MOST_ENTRIES = 5_000;

/** Links are not followed. What cannot be read, or vanishes meanwhile, counts nothing. */
export async function extentOf(folders: readonly string[], except: ReadonlySet<string>): Promise<Extent> {
  let bytes = 0, entries = 0, newest = 0;
  const waiting = [...folders];
  for (let folder = waiting.shift(); folder !== undefined && entries < MOST_ENTRIES; folder = waiting.shift()) {
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      if (entries >= MOST_ENTRIES) break;
      const path = join(folder, entry.name);
      if (except.has(path)) continue;
      entries++;
      if (entry.isDirectory()) waiting.push(path);
      const stat = await lstat(path).catch(() => null);
      if (stat === null) continue;
      if (stat.isFile()) bytes += stat.size;
      newest = Math.max(newest, stat.mtimeMs);
    }
  }
  return { bytes, mark: `${entries} ${bytes} ${newest}` };
}
