/** The analysed vertices of each hemisphere, from labels and names, from masks, or from lists. */
import { SulcusError } from '../../contracts/errors.js';
import type { Hemisphere, RegionSpec, StudySpec } from '../../contracts/study.js';
import { findRegion, FormatError, readLabelTable, readVertexLabels, type LabelEntry, type VertexLabels } from '../../formats/index.js';
import type { RegionDocument } from './documents.js';
import { readInput } from './read-input.js';
import { readVertexList } from './vertex-list.js';

export class RegionError extends SulcusError {}

/**
 * The region of a study, ascending vertices by hemisphere. With a midline mask both counts are in the document, whether the midline is dropped or kept.
 * @throws RegionError EMPTY_REGION, BAD_MASK, NO_LABEL_TABLE, REGION_FILE_MISSING; MISSING_FILE; and the readers' errors
 */
export async function readRegion(spec: StudySpec, directory: string): Promise<RegionDocument> {
  const { region, surface } = spec;
  const { midline = 'keep', midlineMask = null } = region;
  let midlineDropped = 0;
  const hemispheres: RegionDocument['hemispheres'] = [], counts: NonNullable<RegionDocument['counts']> = [];
  for (const side of surface.hemispheres) {
    const all = await selected(region, side, surface.vertices, directory);
    let vertices = all;
    if (midline === 'drop' || midlineMask !== null) {
      const mask = await readMask(fileOf(midlineMask, side, 'midline_mask'), side, surface.vertices, directory);
      const cortex = all.filter((v) => mask[v] === 1);
      counts.push({ side, region: all.length, cortex: cortex.length });
      if (midline === 'drop') { vertices = cortex; midlineDropped += all.length - cortex.length; }
    }
    if (vertices.length === 0) {
      const why = all.length > 0 ? `: none of its ${all.length} vertices is in the midline mask` : '';
      throw new RegionError('EMPTY_REGION', `the region has no vertex in the ${side} hemisphere${why}`, { remedy: 'check region: include, labels and masks in the study file' });
    }
    hemispheres.push({ side, vertices });
  }
  return { hemispheres, meshVertices: surface.vertices, midlineDropped, ...(counts.length > 0 ? { counts } : {}) };
}

async function selected(region: RegionSpec, side: Hemisphere, mesh: number, directory: string): Promise<number[]> {
  switch (region.kind) {
    case 'mask': return where(await readMask(fileOf(region.mask, side, 'mask'), side, mesh, directory), (v) => v === 1);
    case 'vertices': return listed(region.vertices[side], side, mesh, directory);
    case 'labels': {
      const name = fileOf(region.labels, side, 'labels');
      const { labels, table: own } = labelsOf(await read(name, directory), name, side, mesh);
      const source = region.table ?? name;
      const table = region.table === null ? own : readLabelTable(await read(region.table, directory), { file: region.table });
      if (table === null) throw new RegionError('NO_LABEL_TABLE', `${name} has label numbers but no names`, { file: name, remedy: 'name the table of the labels: region: table' });
      const numbers = new Set(entriesOf(table, region.include, side, source).map((e) => e.number));
      return where(labels, (l) => numbers.has(l));
    }
  }
}

/** The region's entries of one hemisphere. A table that has a name for the other hemisphere only has no such region here. */
function entriesOf(table: readonly LabelEntry[], include: readonly string[], side: Hemisphere, file: string): LabelEntry[] {
  return findRegion(table, include, { file }).filter((e) => e.hemisphere === null || e.hemisphere === side);
}

async function listed(list: string | number[] | undefined, side: Hemisphere, mesh: number, directory: string): Promise<number[]> {
  if (list === undefined) throw missingFile('vertices', side);
  if (list === 'all') return Array.from({ length: mesh }, (_, v) => v);
  if (typeof list === 'string') return readVertexList(await read(list, directory), { file: list, vertices: mesh });
  const outside = list.find((v) => v >= mesh);
  if (outside !== undefined) throw new RegionError('BAD_VERTEX_LIST', `region.vertices.${side} has vertex ${outside}; the mesh has vertices 0 to ${mesh - 1}`, { remedy: 'count vertices from 0' });
  return [...new Set(list)].sort((a, b) => a - b);
}

async function readMask(name: string, side: Hemisphere, mesh: number, directory: string): Promise<Int32Array> {
  const bytes = await read(name, directory);
  const { labels: mask, format, combined } = labelsOf(bytes, name, side, mesh);
  const bad = mask.findIndex((v) => v !== 0 && v !== 1);
  if (bad < 0) return mask;
  const header = /^\W*x\W*\n/.test(Buffer.from(bytes.subarray(0, 10)).toString('latin1')) ? 1 : 0;
  const line = format === 'text' ? bad + 1 + header + (combined && side === 'right' ? mesh : 0) : null;
  throw new RegionError('BAD_MASK', `${name}${line === null ? '' : ` line ${line}`}: found ${mask[bad]} at vertex ${bad}, expected 0 or 1`, { file: name, line, remedy: 'give a 0/1 mask, 1 for the vertices to use' });
}

/** Vertices of CIVET's fine mesh, whose first 40,962 are those of the standard mesh. */
const FINE = 163_842, STANDARD = 40_962;

function labelsOf(bytes: Uint8Array, file: string, hemisphere: Hemisphere, vertices: number): VertexLabels {
  try {
    return readVertexLabels(bytes, { file, vertices, hemisphere });
  } catch (error) {
    const fine = error instanceof FormatError && error.code === 'LONG_FILE' && vertices === STANDARD && error.message.includes(String(FINE));
    throw fine ? new FormatError('LONG_FILE', error.message, { file, line: error.line, remedy: `it is of CIVET's fine mesh, whose first ${STANDARD} vertices are this mesh: cut it with head -n ${STANDARD}`, cause: error }) : error;
  }
}

function fileOf(files: Partial<Record<Hemisphere, string>> | null, side: Hemisphere, key: string): string {
  const file = files?.[side];
  if (file === undefined) throw missingFile(key, side);
  return file;
}

function missingFile(key: string, side: Hemisphere): RegionError {
  return new RegionError('REGION_FILE_MISSING', `region: ${key} names no file for the ${side} hemisphere`, { remedy: `add ${side}: FILE under ${key}` });
}

function read(name: string, directory: string): Promise<Uint8Array> {
  return readInput(directory, name, 'check the path under region: in the study file');
}

function where(values: Int32Array, test: (value: number) => boolean): number[] {
  const out: number[] = [];
  values.forEach((v, i) => { if (test(v)) out.push(i); });
  return out;
}
