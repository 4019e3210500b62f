/**
 * NIfTI-1 and NIfTI-2 volumes in one file (.nii, .nii.gz), either byte order, every integer and floating-point type up to 64 bits, scl_slope and
 * scl_inter. nifti-reader-js reads the header; sizes, decompression, orientation and values are handled here, held against the file first.
 */
import { readHeader, type NIFTI1, type NIFTI2 } from 'nifti-reader-js';
import { FormatError, mismatch, refusePointer } from './format-error.js';
import { Budget, peekGzip } from './inflate.js';
import { orientationOf, type Orientation } from './nifti-orientation.js';
import { WIDTH, type NumberType } from './numbers.js';

/** One volume of three dimensions. Voxels stay in the file's bytes and are read one by one. */
export interface NiftiVolume extends Orientation {
  /** Voxels along i, j and k. */
  shape: [number, number, number];
  /** Scaled value of voxel i + shape[0] * (j + shape[1] * k); NaN and infinities as stored. */
  at(index: number): number;
  type: NumberType;
  version: 1 | 2;
  /** Everything before the data: the header and its extensions, which may name a person. */
  header: Uint8Array;
}

export interface NiftiOptions {
  /** Name used in messages. */
  file: string;
  /** Which volume of a series, from 0. Absent: a series is refused. */
  frame?: number | null | undefined;
}

const TYPES: Readonly<Record<number, NumberType>> = { 2: 'u1', 4: 'i2', 8: 'i4', 16: 'f4', 64: 'f8', 256: 'i1', 512: 'u2', 768: 'u4', 1024: 'i8', 1280: 'u8' };
const NAMES: Readonly<Record<number, string>> = { 0: 'unknown', 1: 'bits', 32: 'complex numbers', 128: 'RGB colours', 1536: '128-bit numbers', 1792: 'complex numbers', 2048: 'complex numbers', 2304: 'RGBA colours' };
/** Maps of a masked brain are mostly zeros and compress far better than measurements: a volume may always expand to about 256 MiB. */
const VOLUME_FLOOR = 4 * 2 ** 20;
/** Bytes that may follow the data. */
const PADDING = 4096;
const AGAIN = 'The file is damaged: copy or convert it again.';

/**
 * Reads a volume. A fourth dimension of 1 is no series.
 * @throws FormatError NOT_NIFTI, UNSUPPORTED_NIFTI (complex, RGB, header/image pairs), BAD_NIFTI, NO_ORIENTATION, SEVERAL_VOLUMES, SHORT_FILE,
 * BAD_COMPRESSION, TOO_LARGE, POINTER_FILE, EMPTY_FILE
 */
export function readNifti(bytes: Uint8Array, options: NiftiOptions): NiftiVolume {
  const { file } = options;
  refusePointer(bytes, file);
  if (bytes.length === 0) throw new FormatError('EMPTY_FILE', `${file}: the file is empty`, { file, remedy: 'Copy or convert it again.' });
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const { header, srow } = readNiftiHeader(zipped ? peekGzip(bytes, file) : bytes, file);
  const type = typeOf(header, file);
  const [nx, ny, nz, frames] = shapeOf(header, file);
  const voxels = nx * ny * nz, offset = header.vox_offset, needed = offset + voxels * frames * WIDTH[type];
  const least = header.magic.startsWith('n+1') ? 352 : 544;
  if (!Number.isInteger(offset) || offset < least) throw mismatch('BAD_NIFTI', { file }, `data that begin at byte ${offset}`, `at ${least} or later`, AGAIN);
  const all = zipped ? new Budget(file, Math.max(bytes.length, VOLUME_FLOOR)).inflate(bytes, 'the volume', needed + PADDING) : bytes;
  if (all.length < needed) throw mismatch('SHORT_FILE', { file }, `${all.length} bytes`, `${needed} (${nx} x ${ny} x ${nz}${frames > 1 ? ` x ${frames}` : ''} voxels of ${WIDTH[type]} bytes from byte ${offset})`, AGAIN);
  const frame = frameOf(options.frame ?? null, frames, file);
  const { slope, inter } = scalingOf(header, file);
  return {
    ...orientationOf(header, srow, file), shape: [nx, ny, nz], type, version: least === 352 ? 1 : 2,
    header: all.subarray(0, offset),
    at: reader(all, offset + frame * voxels * WIDTH[type], type, header.littleEndian, slope, inter),
  };
}

/** What the header of a volume or series says. */
export interface NiftiShape {
  shape: [number, number, number];
  /** Volumes that follow one another; 1: no series. */
  volumes: number;
  /** Where the data begin. */
  offset: number;
  /** Bytes of the file, when it is not compressed. */
  bytes: number;
}

/**
 * The header alone, from the first bytes of a file (4 KiB do), for programs of others to read the data: any type of voxels will do.
 * @throws FormatError NOT_NIFTI, UNSUPPORTED_NIFTI (header/image pairs), BAD_NIFTI, SHORT_FILE, BAD_COMPRESSION, POINTER_FILE, EMPTY_FILE
 */
export function readNiftiShape(start: Uint8Array, file: string): NiftiShape {
  refusePointer(start, file);
  if (start.length === 0) throw new FormatError('EMPTY_FILE', `${file}: the file is empty`, { file, remedy: 'Copy or convert it again.' });
  const bytes = start[0] === 0x1f && start[1] === 0x8b ? peekGzip(start, file) : start, { header } = readNiftiHeader(bytes, file);
  const [nx, ny, nz, volumes] = shapeOf(header, file);
  return { shape: [nx, ny, nz], volumes, offset: header.vox_offset, bytes: header.vox_offset + Math.ceil((nx * ny * nz * volumes * header.numBitsPerVoxel) / 8) };
}

/** The library's header and the sform, which it overwrites by the qform in some files. Only the header's own bytes are given to it. */
function readNiftiHeader(bytes: Uint8Array, file: string): { header: NIFTI1 | NIFTI2; srow: number[] } {
  const magic = (at: number, text: string): boolean => [...text].every((c, i) => bytes[at + i] === c.charCodeAt(0));
  const one = magic(344, 'n+1'), two = magic(4, 'n+2'), size = one ? 348 : 540;
  if (magic(344, 'ni1') || magic(4, 'ni2')) throw new FormatError('UNSUPPORTED_NIFTI', `${file}: a header (.hdr) whose image is in another file`, { file, remedy: 'Convert the pair to one .nii or .nii.gz file.' });
  if (!one && !two) throw mismatch('NOT_NIFTI', { file }, guess(bytes), 'a NIfTI volume (.nii, .nii.gz)', 'Convert it to NIfTI.');
  if (bytes.length < size) throw mismatch('SHORT_FILE', { file }, `${bytes.length} bytes`, `a header of ${size}`, AGAIN);
  // A copy: a Buffer may lie anywhere in a larger ArrayBuffer, and its slice() does not copy.
  const head = new Uint8Array(bytes.subarray(0, size));
  let header: NIFTI1 | NIFTI2;
  try {
    header = readHeader(head.buffer);
  } catch (cause) {
    throw mismatch('BAD_NIFTI', { file }, 'a damaged header', `a NIfTI-${one ? 1 : 2} header of ${size} bytes`, AGAIN, cause);
  }
  const view = new DataView(head.buffer), little = header.littleEndian;
  const srow = Array.from({ length: 12 }, (_, i) => (one ? view.getFloat32(280 + 4 * i, little) : view.getFloat64(400 + 8 * i, little)));
  return { header, srow };
}

function guess(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  if (head.startsWith('CDF') || head.startsWith('\x89HDF')) return 'a MINC (.mnc) or HDF5 file';
  if (head.startsWith('mrtrix')) return 'an MRtrix image (.mif)';
  if (head.startsWith('NRRD')) return 'an NRRD image';
  if (bytes[0] === 0 && bytes[1] === 0 && bytes[2] === 0 && bytes[3] === 1) return 'a FreeSurfer volume (.mgh)';
  if (bytes.length >= 348 && ((bytes[0] === 0x5c && bytes[1] === 1) || (bytes[2] === 1 && bytes[3] === 0x5c))) return 'an Analyze 7.5 header';
  return 'something else';
}

function typeOf(header: NIFTI1 | NIFTI2, file: string): NumberType {
  const code = header.datatypeCode, type = TYPES[code];
  if (type === undefined) throw new FormatError('UNSUPPORTED_NIFTI', `${file}: voxels of type ${code}${NAMES[code] === undefined ? '' : ` (${NAMES[code]})`}`, { file, remedy: 'Give a map of real numbers.' });
  if (header.numBitsPerVoxel !== 8 * WIDTH[type]) throw mismatch('BAD_NIFTI', { file }, `${header.numBitsPerVoxel} bits a voxel`, `${8 * WIDTH[type]} for type ${code}`, AGAIN);
  return type;
}

/** nx, ny, nz, and how many volumes follow one another. */
function shapeOf({ dims }: NIFTI1 | NIFTI2, file: string): [number, number, number, number] {
  const used = dims[0]!, sizes = dims.slice(1, 1 + used);
  if (!Number.isInteger(used) || used < 1 || used > 7) throw mismatch('BAD_NIFTI', { file }, `${used} dimensions`, '3 (at most 7)', AGAIN);
  if (!sizes.every((n) => Number.isInteger(n) && n >= 1)) throw mismatch('BAD_NIFTI', { file }, `dimensions ${sizes.join(' x ')}`, 'positive ones', AGAIN);
  const [nx, ny = 1, nz = 1, ...more] = sizes as [number, ...number[]];
  return [nx, ny, nz, more.reduce((product, n) => product * n, 1)];
}

function frameOf(frame: number | null, frames: number, file: string): number {
  if (frame === null && frames > 1) throw new FormatError('SEVERAL_VOLUMES', `${file}: a series of ${frames} volumes, expected one`, { file, remedy: 'Give one map a file, or say which volume: frame, counted from 0.' });
  if (frame !== null && !(Number.isInteger(frame) && frame >= 0 && frame < frames)) throw mismatch('SEVERAL_VOLUMES', { file }, `${frames} volumes`, `one with number ${frame} (counted from 0)`, 'Correct the number of the volume.');
  return frame ?? 0;
}

/** value = slope * stored + inter; a slope of 0 or not a number means that values are as stored. */
function scalingOf({ scl_slope, scl_inter }: NIFTI1 | NIFTI2, file: string): { slope: number; inter: number } {
  if (scl_slope === 0 || Number.isNaN(scl_slope)) return { slope: 1, inter: 0 };
  if (!Number.isFinite(scl_slope) || !Number.isFinite(scl_inter)) throw mismatch('BAD_NIFTI', { file }, `scaling ${scl_slope} x + ${scl_inter}`, 'finite numbers', AGAIN);
  return { slope: scl_slope, inter: scl_inter };
}

function reader(bytes: Uint8Array, offset: number, type: NumberType, little: boolean, slope: number, inter: number): (index: number) => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), width = WIDTH[type];
  const raw: Record<NumberType, (at: number) => number> = {
    u1: (at) => view.getUint8(at), i1: (at) => view.getInt8(at), u2: (at) => view.getUint16(at, little), i2: (at) => view.getInt16(at, little),
    u4: (at) => view.getUint32(at, little), i4: (at) => view.getInt32(at, little), f4: (at) => view.getFloat32(at, little), f8: (at) => view.getFloat64(at, little),
    u8: (at) => Number(view.getBigUint64(at, little)), i8: (at) => Number(view.getBigInt64(at, little)),
  };
  const read = raw[type];
  return (index) => slope * read(offset + index * width) + inter;
}
