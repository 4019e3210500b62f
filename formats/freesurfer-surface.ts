/**
 * FreeSurfer surfaces (lh.white, lh.pial, lh.sphere), big-endian. Triangles: FF FF FE, two lines of text, vertices, faces, float32 points,
 * int32 triangles, then the geometry of the volume. Quadrangles (FF FF FF: int16 hundredths of a mm; FF FF FD: float32) are split into
 * triangles as FreeSurfer does. Coordinates are "surface RAS": add `centre` for scanner coordinates.
 */
import { FormatError, mismatch, refusePointer } from './format-error.js';
import { ByteReader } from './byte-reader.js';
import { hex } from './freesurfer-curv.js';
import { decodeNumbers, encodeNumbers } from './numbers.js';
import type { SurfaceMesh } from './obj.js';

export interface FreesurferSurface extends SurfaceMesh {
  /** c_ras of the volume the surface was made from (mm), from the geometry after the triangles; null when absent or marked invalid. */
  centre: readonly [number, number, number] | null;
}

/** FreeSurfer's three surface formats by their first three bytes. */
export function surfaceKind(bytes: Uint8Array): 'triangles' | 'quads' | 'new-quads' | null {
  if (bytes.length < 9 || bytes[0] !== 0xff || bytes[1] !== 0xff) return null;
  if (bytes[2] === 0xfe) return 'triangles';
  if (bytes[2] === 0xfd) return 'new-quads';
  if (bytes[2] !== 0xff) return null;
  const vertices = threeBytes(bytes, 3), quads = threeBytes(bytes, 6);
  return bytes.length === 9 + 6 * vertices + 12 * quads ? 'quads' : null;
}

/**
 * Reads a surface.
 * @throws FormatError NOT_FREESURFER, BAD_FREESURFER (an index of no vertex), NOT_FINITE, SHORT_FILE, POINTER_FILE, EMPTY_FILE
 */
export function readFreesurferSurface(bytes: Uint8Array, options: { file: string }): FreesurferSurface {
  const { file } = options;
  refusePointer(bytes, file);
  if (bytes.length === 0) throw new FormatError('EMPTY_FILE', `${file}: the file is empty`, { file, remedy: 'Export the file again.' });
  const kind = surfaceKind(bytes);
  if (kind === null) {
    throw mismatch('NOT_FREESURFER', { file, offset: 0 }, `the first bytes ${hex(bytes)}`, 'a FreeSurfer surface (FF FF FE)', 'Give ?h.white, ?h.pial or the like; text forms (.asc) are converted by `mris_convert`.');
  }
  const reader = new ByteReader(bytes, file, 3);
  return kind === 'triangles' ? readTriangles(reader) : readQuads(reader, kind === 'quads');
}

function readTriangles(reader: ByteReader): FreesurferSurface {
  const { bytes, file } = reader;
  for (const line of ['the comment', 'the second line of the comment']) {
    const end = bytes.indexOf(10, reader.offset);
    if (end < 0) throw reader.short(1, line);
    reader.offset = end + 1;
  }
  const vertices = reader.i32('the number of vertices'), faces = reader.i32('the number of triangles');
  reader.need(vertices < 0 || faces < 0 ? -1 : vertices * 12 + faces * 12, `${vertices} vertices and ${faces} triangles`);
  const points = finite(decodeNumbers(bytes, reader.offset, vertices * 3, 'f4', false, file), reader);
  reader.offset += vertices * 12;
  const triangles = new Int32Array(faces * 3);
  for (let i = 0; i < triangles.length; i++) triangles[i] = vertex(reader, reader.i32('a triangle'), vertices);
  return { points, triangles, centre: readCentre(bytes.subarray(reader.offset)) };
}

function readQuads(reader: ByteReader, hundredths: boolean): FreesurferSurface {
  const { bytes, file } = reader;
  const vertices = reader.u24('the number of vertices'), quads = reader.u24('the number of quadrangles');
  const width = hundredths ? 2 : 4;
  reader.need(vertices * 3 * width + quads * 12, `${vertices} vertices and ${quads} quadrangles`);
  const points = finite(decodeNumbers(bytes, reader.offset, vertices * 3, hundredths ? 'i2' : 'f4', false, file), reader);
  if (hundredths) for (let i = 0; i < points.length; i++) points[i] = (points[i] as number) / 100;
  reader.offset += vertices * 3 * width;
  const triangles = new Int32Array(quads * 6);
  for (let q = 0; q < quads; q++) {
    const [a, b, c, d] = [0, 1, 2, 3].map(() => vertex(reader, reader.u24('a quadrangle'), vertices)) as [number, number, number, number];
    triangles.set(a % 2 === 0 ? [a, b, d, c, d, b] : [a, b, c, a, c, d], q * 6);
  }
  return { points, triangles, centre: null };
}

function vertex(reader: ByteReader, index: number, vertices: number): number {
  if (index >= 0 && index < vertices) return index;
  throw mismatch('BAD_FREESURFER', { file: reader.file, offset: reader.offset - 4 }, `vertex ${index} in a face`, `0 to ${vertices - 1}`, 'The file is damaged: copy or export it again.');
}

function finite(points: Float64Array, reader: ByteReader): Float64Array {
  const bad = points.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0) throw mismatch('NOT_FINITE', { file: reader.file, offset: reader.offset + bad * 4 }, String(points[bad]), `a coordinate of vertex ${Math.floor(bad / 3)}`, 'The file is damaged: copy or export it again.');
  return points;
}

/** `valid = 1 ...` and `cras   = x y z` of the volume geometry: lines of text after a binary tag. */
function readCentre(tail: Uint8Array): FreesurferSurface['centre'] {
  const text = Buffer.from(tail.buffer, tail.byteOffset, Math.min(tail.length, 4096)).toString('latin1');
  if (!/valid *= *1/.test(text)) return null;
  const match = /cras *= *([-+.\deE]+) +([-+.\deE]+) +([-+.\deE]+)/.exec(text);
  const numbers = match?.slice(1).map(Number);
  return numbers !== undefined && numbers.every(Number.isFinite) ? (numbers as [number, number, number]) : null;
}

function threeBytes(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 16) + ((bytes[at + 1] as number) << 8) + (bytes[at + 2] as number);
}

/** Bytes of a triangle surface (float32). The comment carries no user and no date, so that equal meshes give equal files. */
export function writeFreesurferSurface(mesh: SurfaceMesh): Uint8Array {
  const head = Buffer.from('\xff\xff\xfecreated by sulcus\n\n', 'latin1');
  const counts = encodeNumbers([mesh.points.length / 3, mesh.triangles.length / 3], 'i4', false);
  return Buffer.concat([head, counts, encodeNumbers(mesh.points, 'f4', false), encodeNumbers(mesh.triangles, 'i4', false)]);
}
