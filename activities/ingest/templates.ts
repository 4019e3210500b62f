/** File templates: `{id}` and the rest filled in, and `*` in the last part of a path matched against what a folder holds. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Hemisphere } from '../../contracts/study.js';

/** How hemispheres are spelled: CIVET, FreeSurfer, BIDS and HCP. */
const HEMI: Record<Hemisphere, string> = { left: 'lh', right: 'rh' }, LETTER: Record<Hemisphere, string> = { left: 'L', right: 'R' };

/** Fills {id}, {label} (the id without `sub-`), {prefix} and {side}, {hemi}, {h} (left, lh, L) into a template. */
export function fillTemplate(template: string, values: { id: string; prefix: string; side?: Hemisphere }): string {
  const { id, prefix, side } = values;
  const given: Record<string, string> = { id, label: id.replace(/^sub-/, ''), prefix, ...(side === undefined ? {} : { side, hemi: HEMI[side], h: LETTER[side] }) };
  return template.replace(/\{([a-z]+)\}/g, (whole, name: string) => given[name] ?? whole);
}

/** Names in folders, each folder listed once. */
export class Folders {
  private readonly listed = new Map<string, Promise<ReadonlySet<string>>>();

  /** Files a path stands for; `*` in its last part matches anything. A folder that does not exist holds nothing. */
  async match(path: string): Promise<string[]> {
    const folder = dirname(path), pattern = basename(path);
    const names = await this.list(folder);
    if (!pattern.includes('*')) return names.has(pattern) ? [path] : [];
    const test = new RegExp(`^${pattern.split('*').map((p) => p.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`);
    return [...names].filter((n) => test.test(n)).sort().map((n) => join(folder, n));
  }

  private list(folder: string): Promise<ReadonlySet<string>> {
    let names = this.listed.get(folder);
    if (names === undefined) {
      names = readdir(folder).then((found) => new Set(found), (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
        return new Set<string>();
      });
      this.listed.set(folder, names);
    }
    return names;
  }
}
