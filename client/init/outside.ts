/** Where the files of a proposed study really lie when links lead out of its folder: what `outside` has to name. */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { fillTemplate } from '../../activities/ingest/templates.js';
import { isWithin } from '../../config/index.js';
import type { Proposal } from './propose.js';
import { fewestFolders, type Linked, type Places } from './roots.js';

export interface Outside {
  /** Absolute, links followed; seldom a single file, where its folder would be a home folder. Empty: no link leads out, or `forPerson`. */
  folders: string[];
  /** Files of the study that lie there. */
  files: number;
  /** It would take a home folder as a whole, or more folders than a person would name. */
  forPerson: boolean;
}

/** More folders than a person would name. */
const MOST_FOLDERS = 20;

/** Looks where every file of the proposal lies. What does not exist is passed over: `check` says so. */
export async function findOutside(directory: string, proposal: Proposal, home = homedir()): Promise<Outside> {
  const study = await realpath(directory), places = placesOf(study, home), groups: Linked[][] = [], exits = new Map<string, Promise<string | null>>();
  for (const names of namesOf(proposal)) {
    const found = await Promise.all(names.map(({ name, id }) => linked(study, name, id, places, exits)));
    groups.push(found.filter((one) => one !== null));
  }
  const folders = fewestFolders(groups, places), files = new Set(groups.flat().filter((one) => one.path !== one.folder).map((one) => one.path)).size;
  const forPerson = folders.length > MOST_FOLDERS || folders.some((folder) => places.never(folder));
  return { folders: forPerson ? [] : folders, files, forPerson };
}

interface Named { name: string; id: string | null }

/** Paths relative to the study's folder. One group: one kind of file of one cohort's participants, or a file of nobody in particular. */
function namesOf({ cohorts, metrics, hemispheres, region, midline, spectroscopy }: Proposal): Named[][] {
  const groups: Named[][] = [], alone = (name: string | null | undefined): void => { if (name != null && name !== '') groups.push([{ name, id: null }]); };
  for (const { folder, prefix, ids, table, tissue } of cohorts) {
    for (const { template } of metrics) groups.push(ids.flatMap((id) => hemispheres.map((side) => ({ name: join(folder, fillTemplate(template, { id, prefix, side })), id }))));
    if (spectroscopy !== null) groups.push(ids.map((id) => ({ name: join(folder, fillTemplate(spectroscopy.template, { id, prefix })), id })));
    if (folder !== '.') alone(folder);
    if (table !== null) for (const name of [table, table.replace(/\.[^.]*$/, '.json')]) alone(join(folder, name));
    if (tissue !== null) alone(join(folder, tissue.file));
  }
  if (region !== null) for (const name of Object.values(region.kind === 'labels' ? region.files.files : region.files)) alone(name);
  if (region?.kind === 'labels') alone(region.files.table);
  for (const name of Object.values(midline ?? {})) alone(name);
  return groups;
}

/** null: within the study's folder, or not there. */
async function linked(study: string, name: string, id: string | null, places: Places, exits: Map<string, Promise<string | null>>): Promise<Linked | null> {
  const path = await realpath(join(study, name)).catch(() => null);
  if (path === null || isWithin(study, path)) return null;
  const annex = /^(.*\/annex\/objects)\/[^/]{2,3}\/[^/]{2,3}\//.exec(path.replaceAll(sep, '/'))?.[1];
  if (annex !== undefined) return { path, folder: resolve(annex), id };
  if (statSync(path).isDirectory()) return { path, folder: path, id };
  const exit = await exitOf(study, dirname(name), exits);
  // A folder that was linked is meant as a whole.
  return { path, folder: exit !== null && isWithin(exit, path) && !places.wide(exit) ? exit : dirname(path), id };
}

/** The folder that the first link out of the study on the way to `folder` leads to; null when there is none. */
function exitOf(study: string, folder: string, exits: Map<string, Promise<string | null>>): Promise<string | null> {
  if (folder === '.') return Promise.resolve(null);
  let exit = exits.get(folder);
  if (exit === undefined) {
    exit = exitOf(study, dirname(folder), exits).then(async (earlier) => {
      if (earlier !== null) return earlier;
      const real = await realpath(join(study, folder));
      return isWithin(study, real) ? null : real;
    });
    exits.set(folder, exit);
  }
  return exit;
}

/** What is too wide to be allowed on this machine. `study`: its folder, links followed. */
export function placesOf(study: string, home: string): Places {
  const mine = existsSync(home) ? realpathSync(home) : home, shared = ['/home', '/Users', ...(/^(homes?|users)$/i.test(basename(dirname(mine))) ? [dirname(mine)] : [])];
  const never = (folder: string): boolean => folder === dirname(folder) || isWithin(folder, mine) || folder === '/root' || shared.includes(folder) || shared.includes(dirname(folder));
  return { never, wide: (folder) => never(folder) || dirname(dirname(folder)) === dirname(folder) || isWithin(folder, study) || isMount(folder) };
}

function isMount(folder: string): boolean {
  try {
    return statSync(folder).dev !== statSync(dirname(folder)).dev;
  } catch {
    return false;
  }
}
