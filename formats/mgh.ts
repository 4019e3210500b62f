/**
 * FreeSurfer mgh and mgz (gzip) volumes, big-endian; here for surface overlays: n x 1 x 1 (or 1 x n x 1, or n folded into three dimensions)
 * by frames. Header of 284 bytes, values with the first index fastest, then tags that are not read.
 */
import { gzipSync } from 'node:zlib';
import { FormatError, mismatch, refusePointer } from './format-error.js';
import { ByteReader } from './byte-reader.js';
import { Budget, peekGzip } from './inflate.js';
import { WIDTH, decodeNumbers, encodeNumbers, type NumberType } from './numbers.js';

export interface MghHeader {
  /** Width, height, depth. */
  shape: [number, number, number];
  frames: number;
  type: NumberType;
  /** Voxel indices to scanner RAS (mm), row-major 4 x 4; null when the header marks it invalid, as overlays often do. */
  affine: Float64Array | null;
}

export interface MghFile extends MghHeader {
  /** First index fastest, then frames (frame f: n values from f n on); as stored (NaN is kept). With `frame`: that frame alone. */
  data: Float64Array;
}

const START = 284;
/** Command lines and the like after the values: some kilobytes. */
const MOST_TAGS = 2 ** 20;
const TYPES: Readonly<Record<number, NumberType>> = { 0: 'u1', 1: 'i4', 3: 'f4', 4: 'i2', 10: 'u2' };
const CODES = { u1: 0, i4: 1, f4: 3, i2: 4, u2: 10 } as const;

/** True when the bytes (decompressed) begin as an mgh file: version 1 and a known type. */
export function isMgh(bytes: Uint8Array): boolean {
  if (bytes.length < START) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getInt32(0) === 1 && view.getInt32(20) >= 0 && view.getInt32(20) <= 10;
}

/**
 * Reads an mgh or mgz file. `vertices`: how many values a frame must have; `frame`: the only one to decode (0-based).
 * @throws FormatError NOT_MGH, BAD_MGH, UNSUPPORTED_MGH, NO_SUCH_MAP, SHORT_FILE, LONG_FILE, BAD_COMPRESSION, TOO_LARGE, POINTER_FILE, EMPTY_FILE
 */
export function readMgh(bytes: Uint8Array, options: { file: string; vertices?: number | undefined; frame?: number | undefined }): MghFile {
  const { file, vertices, frame } = options;
  refusePointer(bytes, file);
  if (bytes.length === 0) throw new FormatError('EMPTY_FILE', `${file}: the file is empty`, { file, remedy: 'Export the file again.' });
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const header = readMghHeader(zipped ? peekGzip(bytes, file) : bytes, file);
  const { shape: [width, height, depth], frames, type } = header;
  const size = width * height * depth;
  if (vertices !== undefined && size !== vertices) {
    throw mismatch(size < vertices ? 'SHORT_FILE' : 'LONG_FILE', { file, offset: 4 }, `${width} x ${height} x ${depth} values`, `${vertices}`, 'The file belongs to another mesh, or is a volume.');
  }
  if (frame !== undefined && frame >= frames) throw mismatch('NO_SUCH_MAP', { file, offset: 16 }, `${frames} frames`, `one with number ${frame} (counted from 0)`, 'Correct the number of the map.');
  const bytesOfData = size * frames * WIDTH[type];
  const budget = new Budget(file, bytes.length);
  const plain = zipped ? budget.inflate(bytes, 'the volume', START + bytesOfData + MOST_TAGS) : bytes;
  const reader = new ByteReader(plain, file, START);
  reader.need(bytesOfData, `${width} x ${height} x ${depth} x ${frames} values`);
  const wanted = frame === undefined ? size * frames : size;
  budget.spend(wanted * 8, 'the data');
  const data = decodeNumbers(plain, START + (frame ?? 0) * size * WIDTH[type], wanted, type, false, file);
  return { ...header, data };
}

/** The header alone (of decompressed bytes). */
function readMghHeader(bytes: Uint8Array, file: string): MghHeader {
  const reader = new ByteReader(bytes, file);
  if (bytes.length >= 4 && reader.i32('the version') !== 1) throw mismatch('NOT_MGH', { file, offset: 0 }, 'another version than 1', 'an mgh or mgz file', 'Give an .mgh or .mgz file.');
  reader.offset = 4;
  reader.need(START - 4, 'the header of 284 bytes');
  const dims = ['width', 'height', 'depth', 'frames'].map((what) => {
    const n = reader.i32(what);
    if (n < 1) throw mismatch('BAD_MGH', { file, offset: reader.offset - 4 }, `${what} ${n}`, 'at least 1', 'The file is damaged: copy or export it again.');
    return n;
  }) as [number, number, number, number];
  const code = reader.i32('the type');
  const type = TYPES[code];
  if (type === undefined) throw mismatch('UNSUPPORTED_MGH', { file, offset: 20 }, `data type ${code}`, '0 (uchar), 1 (int), 3 (float), 4 (short) or 10 (ushort)', 'Convert it: `mri_convert -odt float`.');
  reader.skip(4, 'the degrees of freedom');
  const good = reader.i16('the flag of the geometry') === 1;
  const [dx, dy, dz, ...rest] = Array.from({ length: 15 }, () => reader.f32('the geometry')) as [number, number, number, ...number[]];
  const [width, height, depth, frames] = dims;
  return { shape: [width, height, depth], frames, type, affine: good ? affineOf([dx, dy, dz], rest, [width, height, depth]) : null };
}

/** Column j = direction cosines j x spacing j; the origin so that the volume's centre is at `centre` (FreeSurfer's vox2ras). */
function affineOf(spacing: readonly number[], geometry: readonly number[], shape: readonly number[]): Float64Array {
  const centre = geometry.slice(9, 12);
  const affine = new Float64Array(16);
  affine[15] = 1;
  for (let r = 0; r < 3; r++) {
    let origin = centre[r] as number;
    for (let c = 0; c < 3; c++) {
      const value = (geometry[c * 3 + r] as number) * (spacing[c] as number);
      affine[r * 4 + c] = value;
      origin -= value * (shape[c] as number) / 2;
    }
    affine[r * 4 + 3] = origin;
  }
  return affine;
}

/**
 * Bytes of an overlay: maps of n values each as n x 1 x 1 x frames, without geometry. `type` default f4 (seven digits); integers must fit.
 * @throws FormatError INVALID_VALUE
 */
export function writeMgh(maps: readonly ArrayLike<number>[], options: { type?: keyof typeof CODES; gzip?: boolean } = {}): Uint8Array {
  const { type = 'f4', gzip = true } = options;
  const size = maps[0]?.length ?? 0;
  if (size === 0 || maps.some((m) => m.length !== size)) throw new FormatError('INVALID_VALUE', 'an overlay needs maps of one and the same size', { remedy: 'Give one value per vertex in every map.' });
  const head = Buffer.alloc(START);
  [1, size, 1, 1, maps.length, CODES[type], 0].forEach((v, i) => head.writeInt32BE(v, i * 4));
  const out = Buffer.concat([head, ...maps.map((m) => encodeNumbers(m, type, false))]);
  return gzip ? gzipSync(out) : out;
}
