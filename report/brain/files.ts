/**
 * Names and contents of the surface in a results folder, one place for who writes and who reads it:
 * surface/<side>.surf.gii (points in mm and triangles) and surface/<side>.shape.gii (of each of its vertices: which one it is in the study's
 * mesh, and how deep it lies in the folds).
 */
import type { Hemisphere } from '../../contracts/study.js';
import { FormatError, INTENT, readGifti, writeGiftiShape, writeGiftiSurface, type GiftiArray } from '../../formats/index.js';

export interface DrawnSurface {
  points: Float64Array;
  triangles: Int32Array;
  /** Index of each vertex in the study's mesh. */
  vertices: Int32Array;
  /** mm, negative in sulci. */
  depth: Float64Array;
}

export const surfacePath = (side: Hemisphere): string => `surface/${side}.surf.gii`;
export const shapePath = (side: Hemisphere): string => `surface/${side}.shape.gii`;
export const labelPath = (cohort: string, side: Hemisphere): string => `parcellation/${cohort}_${side}.txt`;

const VERTEX = 'vertex of the study mesh, from 0', DEPTH = 'depth in the folds, mm';

/** Paths in the results folder and bytes. Vertex numbers are exact in 32 bits up to 16 million. */
export function surfaceFiles(side: Hemisphere, { points, triangles, vertices, depth }: DrawnSurface): [surface: [path: string, bytes: Uint8Array], shape: [path: string, bytes: Uint8Array]] {
  return [
    [surfacePath(side), writeGiftiSurface({ points, triangles }, { hemisphere: side })],
    [shapePath(side), writeGiftiShape([{ name: VERTEX, values: vertices }, { name: DEPTH, values: depth }], { hemisphere: side })],
  ];
}

/** The surface of a hemisphere out of its two files. Throws FormatError. */
export function readSurfaceFiles(side: Hemisphere, surface: Uint8Array, shape: Uint8Array): DrawnSurface {
  const mesh = readGifti(surface, { file: surfacePath(side) }).arrays, maps = readGifti(shape, { file: shapePath(side) }).arrays;
  const named = (name: string): Float64Array => dataOf(maps.find((a) => a.meta.get('Name') === name), shapePath(side));
  return {
    points: dataOf(mesh.find((a) => a.intent === INTENT.points), surfacePath(side)),
    triangles: Int32Array.from(dataOf(mesh.find((a) => a.intent === INTENT.triangles), surfacePath(side))),
    vertices: Int32Array.from(named(VERTEX)), depth: named(DEPTH),
  };
}

function dataOf(array: GiftiArray | undefined, file: string): Float64Array {
  if (array?.data == null) throw new FormatError('WRONG_KIND', `${file}: not the surface that sulcus wrote`, { file, remedy: 'Run the study again: its results are written anew, nothing is computed.' });
  return array.data;
}
