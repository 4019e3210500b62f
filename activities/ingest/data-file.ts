/** Reading files that others made: only plain files, and only of a size that data of their kind can have. A pipe would never end, and a disk image fill the memory. */
import { readFileSync, statSync, type BigIntStats, type Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Bounds } from '../../config/index.js';
import { SulcusError } from '../../contracts/errors.js';

const MIB = 2 ** 20;
/** Tables and volumes. */
export const MOST_BYTES = 1024 * MIB;
/** LCModel tables and the like. */
export const MOST_TABLE_BYTES = 64 * MIB;

/** Vertex files of a mesh: text of both hemispheres at any precision, or several maps in GIFTI. */
export const mostVertexBytes = (mesh: number): number => 64 * MIB + 128 * mesh;

/** Throws UNREADABLE_FILE for what is no plain file, TOO_LARGE for what is larger than `most`. */
export function refuseOther(stats: Stats | BigIntStats, name: string, most: number): void {
  if (!stats.isFile()) {
    throw new SulcusError('UNREADABLE_FILE', `${name}: found ${stats.isDirectory() ? 'a folder' : 'a pipe or device'}, expected a file`, { file: name, remedy: stats.isDirectory() ? 'name the file in it' : 'name a plain file' });
  }
  if (stats.size > most) {
    throw new SulcusError('TOO_LARGE', `${name}: found ${Math.round(Number(stats.size) / MIB)} MiB, expected at most ${Math.round(most / MIB)}`, { file: name, remedy: 'check what the file is' });
  }
}

/** Bytes of a file. Throws as refuseOther; failures of the disk pass through. */
export async function readDataFile(path: string, name: string, most = MOST_BYTES): Promise<Uint8Array> {
  refuseOther(await stat(path), name, most);
  return await readFile(path);
}

/**
 * Bytes of a file of the study; `name` is relative to its folder. Throws OUTSIDE_STUDY when it lies, its links followed, neither in the study's folder nor
 * where the study file allows; otherwise as readDataFile.
 */
export async function readWithin(bounds: Bounds, directory: string, name: string, most = MOST_BYTES): Promise<Uint8Array> {
  const path = resolve(directory, name);
  if (!(await bounds.hold(path))) throw new SulcusError('OUTSIDE_STUDY', `${name}: a link leads out of the study's folder`, { file: name, remedy: 'name the folder it leads to under `outside` in the study file' });
  return await readDataFile(path, name, most);
}

export function readDataFileSync(path: string, name: string, most = MOST_BYTES): Uint8Array {
  refuseOther(statSync(path), name, most);
  return readFileSync(path);
}
