/** The fewest folders that hold linked files, none of them wider than a person would allow. No disk is looked at but by `Places`. */
import { basename, dirname } from 'node:path';
import { isWithin } from '../../config/index.js';

export interface Linked {
  /** Where the file (or a cohort's folder) really lies. */
  path: string;
  /** The folder that is to be allowed for it, at least. */
  folder: string;
  /** The participant whose file it is. */
  id: string | null;
}

export interface Places {
  /** `/`, home folders and what holds them: never as a whole when something narrower holds. */
  never(folder: string): boolean;
  /** These; and top-level folders, whole disks and what holds the study itself: only when that is where the participants are. */
  wide(folder: string): boolean;
}

/** As many folders side by side become the one that holds them. */
const SIDE_BY_SIDE = 3;
/** Into no more parts is a wide folder divided. */
const MOST_PARTS = 8;

/** `groups`: files of one kind, which a folder in common can be expected of. Sorted; no folder within another. */
export function fewestFolders(groups: readonly (readonly Linked[])[], places: Places): string[] {
  let folders = outermost(groups.flatMap((group) => (group.length === 0 ? [] : foldersOf(group, places))));
  for (;;) {
    const parent = folders.map((f) => dirname(f)).find((p, _, all) => all.filter((other) => other === p).length >= SIDE_BY_SIDE && !places.wide(p));
    if (parent === undefined) return folders;
    folders = outermost([...folders, parent]);
  }
}

function foldersOf(group: readonly Linked[], places: Places): string[] {
  const common = commonFolder(group.map((one) => one.folder));
  if (!places.wide(common)) return [aboveParticipant(common, group, places)];
  const here = group.filter((one) => one.folder === common), parts = new Map<string, Linked[]>();
  for (const one of group) if (one.folder !== common) parts.set(childOn(common, one.folder), [...(parts.get(childOn(common, one.folder)) ?? []), one]);
  if (places.never(common)) return [...here.map((one) => one.path), ...[...parts.values()].flatMap((part) => foldersOf(part, places))];
  // Sites or disks are named one by one, participants are not.
  const divide = here.length === 0 && parts.size <= MOST_PARTS && [...parts.values()].every((part) => new Set(part.map((one) => one.id)).size > 1);
  return divide ? [...parts.values()].flatMap((part) => foldersOf(part, places)) : [common];
}

/** Where one participant alone is linked, the folder above: the study file names nobody. */
function aboveParticipant(folder: string, group: readonly Linked[], places: Places): string {
  const ids = new Set(group.map((one) => one.id)), [id] = ids;
  if (ids.size !== 1 || id == null) return folder;
  const names = [id, id.replace(/^sub-/, '')].map((name) => new RegExp(`(?<![A-Za-z0-9])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![A-Za-z0-9])`));
  let narrowest = folder;
  for (let at = folder; at !== dirname(at); at = dirname(at)) if (names.some((name) => name.test(basename(at))) && !places.wide(dirname(at))) narrowest = dirname(at);
  return narrowest;
}

/** The deepest folder that holds all; of one, itself. */
function commonFolder(folders: readonly string[]): string {
  let common = folders[0] ?? '/';
  for (const folder of folders) while (!isWithin(common, folder)) common = dirname(common);
  return common;
}

/** The folder right below `folder` on the way to `path`. */
function childOn(folder: string, path: string): string {
  let child = path;
  while (dirname(child) !== folder) child = dirname(child);
  return child;
}

function outermost(folders: readonly string[]): string[] {
  return [...new Set(folders)].filter((one) => !folders.some((other) => other !== one && isWithin(other, one))).sort();
}
