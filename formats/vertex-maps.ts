/** One map (a number a vertex) out of the formats that hold arrays: GIFTI, curv, mgh, .npy, .mat. Used by readVertexValues and readVertexLabels. */
import type { Hemisphere } from '../contracts/study.js';
import { FormatError, excerpt, mismatch } from './format-error.js';
import { readCurv } from './freesurfer-curv.js';
import { readGifti } from './gifti-read.js';
import { INTENT, giftiHemisphere, type GiftiArray } from './gifti-types.js';
import type { LabelEntry } from './label-table.js';
import { listOf, readMat } from './mat-read.js';
import { readMgh } from './mgh.js';
import { readNpy } from './npy.js';
import type { VertexFormat, VertexHints, VertexSource } from './vertex-hints.js';

export interface VertexMap {
  /** As stored: every vertex of the file, NaN kept. */
  values: Float64Array;
  hemisphere: Hemisphere | null;
  table: LabelEntry[] | null;
  /** True when the file says that these are labels (GIFTI). */
  labels: boolean;
}

export type ArrayFormat = Extract<VertexFormat, 'gifti' | 'curv' | 'mgh' | 'npy' | 'mat'>;

/** @throws FormatError as the format's reader, and SEVERAL_MAPS, NO_SUCH_MAP, NO_SUCH_VARIABLE, WRONG_KIND */
export function readMap(bytes: Uint8Array, format: ArrayFormat, hints: VertexHints): VertexMap {
  const { file } = hints;
  const plain = (values: Float64Array): VertexMap => ({ values, hemisphere: null, table: null, labels: false });
  switch (format) {
    case 'curv': {
      one(1, hints);
      return plain(readCurv(bytes, { file }).values);
    }
    case 'mgh': {
      const { data, frames } = readMgh(bytes, { file, frame: hints.map });
      if (hints.map === undefined) one(frames, hints);
      return plain(data);
    }
    case 'npy': {
      const { shape, data } = readNpy(bytes, { file });
      return plain(column(shape, data, hints));
    }
    case 'mat': {
      const numeric = readMat(bytes, { file, variable: hints.variable }).filter((v) => v.data !== null);
      const chosen = hints.variable === undefined ? numeric : numeric.filter((v) => v.name === hints.variable);
      const [first] = chosen;
      if (first?.data == null || chosen.length > 1) {
        throw mismatch(hints.variable === undefined && chosen.length > 1 ? 'SEVERAL_MAPS' : 'NO_SUCH_VARIABLE', { file }, `the numeric variables ${listOf(numeric)}`, hints.variable === undefined ? 'one' : `"${excerpt(hints.variable)}"`, 'Name the variable.');
      }
      return plain(column(first.shape, first.data, hints));
    }
    case 'gifti': return readGiftiMap(bytes, hints);
  }
}

const isMap = (array: GiftiArray): boolean => array.intent !== INTENT.points && array.intent !== INTENT.triangles;
const columnsOf = (array: GiftiArray): number => array.dims.slice(1).reduce((p, n) => p * n, 1);

function readGiftiMap(bytes: Uint8Array, hints: VertexHints): VertexMap {
  const { file } = hints;
  let before = 0;
  // Only the map that is wanted is decoded; every array is counted.
  const wanted = (array: GiftiArray): boolean => {
    if (!isMap(array)) return false;
    const first = before;
    before += columnsOf(array);
    return (hints.map ?? 0) >= first && (hints.map ?? 0) < before;
  };
  const gifti = readGifti(bytes, { file, only: wanted });
  const maps = gifti.arrays.filter(isMap);
  if (maps.length === 0) throw mismatch('WRONG_KIND', { file }, gifti.arrays.length > 0 ? 'a surface without values' : 'no data array', 'one value per vertex', 'Give the .shape.gii, .func.gii or .label.gii file.');
  one(maps.reduce((n, a) => n + columnsOf(a), 0), hints);
  let index = hints.map ?? 0;
  const array = maps.find((a) => { if (index < columnsOf(a)) return true; index -= columnsOf(a); return false; });
  const columns = array === undefined ? 1 : columnsOf(array), data = array?.data ?? new Float64Array(0);
  const values = columns === 1 ? data : Float64Array.from({ length: data.length / columns }, (_, i) => data[i * columns + index] as number);
  return { values, hemisphere: giftiHemisphere(gifti), table: gifti.labels.length > 0 ? gifti.labels : null, labels: array?.intent === INTENT.label };
}

/** One vector of an array: itself when it is one, else the column (or row) across the axis that has the mesh's vertices. */
function column(shape: readonly number[], data: Float64Array, hints: VertexHints): Float64Array {
  const { file, vertices } = hints;
  const axes = shape.filter((n) => n !== 1);
  if (axes.length <= 1) { one(1, hints); return data; }
  const [rows, columns] = axes as [number, number];
  const fits = (n: number): boolean => vertices === undefined || n === vertices || n === 2 * vertices;
  if (axes.length > 2 || (!fits(rows) && !fits(columns))) {
    throw mismatch('WRONG_KIND', { file }, `an array of ${shape.join(' x ')}`, vertices === undefined ? 'one value per vertex' : `one value for each of ${vertices} vertices`, 'Save one vector, or vertices x maps.');
  }
  const byRows = fits(rows);
  one(byRows ? columns : rows, hints);
  const map = hints.map ?? 0;
  return byRows ? Float64Array.from({ length: rows }, (_, i) => data[i * columns + map] as number) : data.slice(map * columns, (map + 1) * columns);
}

/** Throws unless `maps` has the map wanted: the only one, or the one with the number. */
function one(maps: number, { file, map }: VertexHints): void {
  if (map === undefined && maps > 1) throw mismatch('SEVERAL_MAPS', { file }, `${maps} maps`, 'one', 'Say which map (counted from 0), or give one map per file.');
  if (map !== undefined && !(map >= 0 && map < maps)) throw mismatch('NO_SUCH_MAP', { file }, `${maps} map${maps === 1 ? '' : 's'}`, `one with number ${map} (counted from 0)`, 'Correct the number of the map.');
}

/**
 * The vertices wanted of all values of a file: one hemisphere's half, then `select`.
 * @throws FormatError SHORT_FILE, LONG_FILE, WRONG_HEMISPHERE, INVALID_VALUE (select beyond the mesh)
 */
export function arrange(all: Float64Array, format: VertexFormat, stated: Hemisphere | null, hints: VertexHints): { source: VertexSource; values: Float64Array } {
  const { file, hemisphere, select } = hints;
  if (hemisphere !== undefined && stated !== null && stated !== hemisphere) {
    throw mismatch('WRONG_HEMISPHERE', { file }, `the ${stated} hemisphere, as the file says`, `the ${hemisphere} one`, 'Correct the path, or the file\'s AnatomicalStructurePrimary.');
  }
  const vertices = hints.vertices ?? all.length;
  const combined = all.length === 2 * vertices && hints.vertices !== undefined && hemisphere !== undefined && vertices > 0;
  if (all.length !== vertices && !combined) {
    const both = all.length === 2 * vertices;
    throw mismatch(all.length < vertices ? 'SHORT_FILE' : 'LONG_FILE', { file }, `${all.length} values`, `${vertices}`, both ? 'It looks like both hemispheres in one file: split it, or say which half.' : 'It belongs to another mesh.');
  }
  const mine = combined ? all.subarray(hemisphere === 'right' ? vertices : 0, hemisphere === 'right' ? 2 * vertices : vertices) : all;
  const source = { format, vertices, hemisphere: stated, combined };
  if (select === undefined) return { source, values: mine };
  const values = new Float64Array(select.length);
  for (let i = 0; i < select.length; i++) {
    const v = select[i] as number;
    if (v < 0 || v >= vertices) throw new FormatError('INVALID_VALUE', `${file}: vertex index ${v} was asked for, but the mesh has ${vertices} vertices`, { file, remedy: 'Give vertex indices of this mesh.' });
    values[i] = mine[v] as number;
  }
  return { source, values };
}
