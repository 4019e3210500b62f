/** The analysed vertices of each hemisphere, from labels and a table or from masks. */
import { SulcusError } from '../../contracts/errors.js';
import type { Hemisphere, RegionSpec, StudySpec } from '../../contracts/study.js';
import { findRegion, readLabelTable, readLabelText } from '../../formats/index.js';
import type { RegionDocument } from './documents.js';
import { readInput } from './read-input.js';

export class RegionError extends SulcusError {}

export async function readRegion(spec: StudySpec, directory: string): Promise<RegionDocument> {
  const mesh = spec.surface.vertices;
  let midlineDropped = 0;
  const hemispheres = [];
  for (const side of spec.surface.hemispheres) {
    let vertices = await selected(spec.region, side, mesh, directory);
    if (spec.region.kind === 'labels' && spec.region.midline === 'drop') {
      const mask = await readMask(fileOf(spec.region.midlineMask, side, 'midline_mask'), mesh, directory);
      const kept = vertices.filter((v) => mask[v] === 1);
      midlineDropped += vertices.length - kept.length;
      vertices = kept;
    }
    if (vertices.length === 0) throw new RegionError('EMPTY_REGION', `the region has no vertex in the ${side} hemisphere`, { remedy: 'check region: include, labels and masks in the study file' });
    hemispheres.push({ side, vertices });
  }
  return { hemispheres, meshVertices: mesh, midlineDropped };
}

async function selected(region: RegionSpec, side: Hemisphere, mesh: number, directory: string): Promise<number[]> {
  if (region.kind === 'mask') return where(await readMask(fileOf(region.mask, side, 'mask'), mesh, directory), (v) => v === 1);
  const table = readLabelTable(await read(region.table, directory), { file: region.table });
  const entries = findRegion(table, region.include, { file: region.table }).filter((e) => e.hemisphere === null || e.hemisphere === side);
  const numbers = new Set(entries.map((e) => e.number));
  const name = fileOf(region.labels, side, 'labels');
  return where(readLabelText(await read(name, directory), { file: name, vertices: mesh }), (l) => numbers.has(l));
}

async function readMask(name: string, mesh: number, directory: string): Promise<Int32Array> {
  const mask = readLabelText(await read(name, directory), { file: name, vertices: mesh });
  const bad = mask.findIndex((v) => v !== 0 && v !== 1);
  if (bad >= 0) throw new RegionError('BAD_MASK', `${name} line ${bad + 1}: ${mask[bad]} where a mask holds 0 or 1`, { file: name, line: bad + 1, remedy: 'give a 0/1 mask, 1 for the vertices to use' });
  return mask;
}

function fileOf(files: Partial<Record<Hemisphere, string>> | null, side: Hemisphere, key: string): string {
  const file = files?.[side];
  if (file === undefined) throw new RegionError('REGION_FILE_MISSING', `region: ${key} names no file for the ${side} hemisphere`, { remedy: `add ${side}: FILE under ${key}` });
  return file;
}

function read(name: string, directory: string): Promise<Uint8Array> {
  return readInput(directory, name, 'check the path under region: in the study file');
}

function where(values: Int32Array, test: (value: number) => boolean): number[] {
  const out: number[] = [];
  values.forEach((v, i) => { if (test(v)) out.push(i); });
  return out;
}
