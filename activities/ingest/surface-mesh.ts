/** A subject's surface in any format, in the coordinates that volumes and transforms use. */
import { SurfaceError, transformPoints, type Mesh } from '../../analysis/surface/index.js';
import { describe, detectFormat, FormatError, INTENT, readFreesurferSurface, readGifti, readObj, refusePointer, type GiftiArray } from '../../formats/index.js';

/**
 * Reads an MNI .obj (MINC world coordinates), a GIFTI surface or a FreeSurfer surface; the content decides which. FreeSurfer's coordinates are
 * relative to the centre of its volume, in its own files and in GIFTI files that carry that centre (VolGeomC_*) and are not marked as
 * scanner coordinates: the centre is added.
 * @param placed the coordinates will be looked up in a volume: a FreeSurfer surface that does not tell its centre is refused
 * @throws FormatError
 */
export function readSurfaceMesh(bytes: Uint8Array, options: { file: string; placed: boolean }): Mesh {
  const { file, placed } = options;
  refusePointer(bytes, file);
  const format = detectFormat(bytes);
  if (format === 'mni-obj') return readObj(bytes, { file });
  if (format === 'gifti') return giftiMesh(bytes, file);
  if (format !== 'freesurfer-surface') throw new FormatError('WRONG_KIND', `${file}: found ${describe(bytes)}, expected a surface (MNI .obj, GIFTI or FreeSurfer)`, { file, remedy: 'Give the mesh of the hemisphere.' });
  const { points, triangles, centre } = readFreesurferSurface(bytes, { file });
  if (centre === null && placed) throw noCentre(file);
  return { points: moved(points, centre ?? [0, 0, 0]), triangles };
}

function giftiMesh(bytes: Uint8Array, file: string): Mesh {
  const { arrays } = readGifti(bytes, { file, only: ({ intent }) => intent === INTENT.points || intent === INTENT.triangles });
  const points = only(arrays, INTENT.points, 'points', file), triangles = only(arrays, INTENT.triangles, 'triangles', file);
  const wrong = triangles.data.findIndex((v) => !Number.isInteger(v) || v < 0 || v >= points.data.length / 3);
  if (wrong >= 0) throw new FormatError('BAD_GIFTI', `${file}: found vertex ${triangles.data[wrong]} in triangle ${Math.floor(wrong / 3)}, expected 0 to ${points.data.length / 3 - 1}`, { file, remedy: 'Export the surface again.' });
  const centre = ['VolGeomC_R', 'VolGeomC_A', 'VolGeomC_S'].map((key) => Number(points.array.meta.get(key) ?? 0)) as [number, number, number];
  const scanner = points.array.transforms.some((t) => /SCANNER|^1$/.test(t.dataSpace));
  return { points: scanner || !centre.every(Number.isFinite) ? points.data : moved(points.data, centre), triangles: Int32Array.from(triangles.data) };
}

function only(arrays: readonly GiftiArray[], intent: string, what: string, file: string): { array: GiftiArray; data: Float64Array } {
  const found = arrays.filter((a) => a.intent === intent), array = found[0];
  if (array?.data == null || found.length > 1 || array.dims.length !== 2 || array.dims[1] !== 3) {
    throw new FormatError('WRONG_KIND', `${file}: found ${found.length} arrays of ${what}${found.length === 1 ? ` (${array?.dims.join(' x ')})` : ''}, expected one of N x 3`, { file, remedy: 'Give a GIFTI surface (.surf.gii).' });
  }
  return { array, data: array.data };
}

function moved(points: Float64Array, [x, y, z]: readonly [number, number, number]): Float64Array {
  return x === 0 && y === 0 && z === 0 ? points : transformPoints([1, 0, 0, x, 0, 1, 0, y, 0, 0, 1, z], points);
}

function noCentre(file: string): SurfaceError {
  return new SurfaceError('NO_CENTRE', `${file}: a FreeSurfer surface that does not tell where the centre of its volume is, so it cannot be placed in another volume`, 'convert it with `mris_convert --to-scanner` to GIFTI', file);
}
