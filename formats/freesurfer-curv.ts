/**
 * FreeSurfer curv, thickness, area, sulc: one value a vertex, big-endian. New format: FF FF FF, vertices, faces, 1, float32. Old format:
 * vertices and faces in three bytes each, int16 in hundredths. The quadrangle surface also begins with FF FF FF: told apart by its length.
 */
import { FormatError, mismatch, refusePointer } from './format-error.js';
import { ByteReader } from './byte-reader.js';
import { decodeNumbers, encodeNumbers } from './numbers.js';

export interface FreesurferCurv {
  /** As stored (NaN is kept). */
  values: Float64Array;
  /** Faces of the mesh, as the file says; 0 when its writer did not know. */
  faces: number;
  old: boolean;
}

const START = 15, OLD_START = 6;

/** True when the bytes have the magic number and the length of a curv file. */
export function isCurv(bytes: Uint8Array): boolean {
  if (bytes.length < OLD_START) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = (view.getUint16(0) << 8) + view.getUint8(2);
  if (first !== 0xffffff) return first > 0 && bytes.length === OLD_START + 2 * first;
  return bytes.length >= START && view.getInt32(3) >= 0 && bytes.length === START + 4 * view.getInt32(3) * Math.max(1, view.getInt32(11));
}

/**
 * Reads a curv file.
 * @throws FormatError NOT_FREESURFER, UNSUPPORTED_FREESURFER (several values a vertex), SHORT_FILE, LONG_FILE, POINTER_FILE, EMPTY_FILE
 */
export function readCurv(bytes: Uint8Array, options: { file: string }): FreesurferCurv {
  const { file } = options;
  refusePointer(bytes, file);
  if (bytes.length === 0) throw new FormatError('EMPTY_FILE', `${file}: the file is empty`, { file, remedy: 'Export the file again.' });
  const reader = new ByteReader(bytes, file);
  const first = reader.u24('the magic number');
  const old = first !== 0xffffff;
  let count = first, faces: number;
  if (old) {
    faces = reader.u24('the number of faces');
    if (bytes.length !== OLD_START + 2 * count) {
      throw mismatch('NOT_FREESURFER', { file, offset: 0 }, `the first bytes ${hex(bytes)} and ${bytes.length} bytes`, 'a FreeSurfer curv file (FF FF FF, or the old format)', 'Give ?h.thickness, ?h.area or the like; text and GIFTI are other formats.');
    }
  } else {
    count = reader.i32('the number of vertices');
    faces = reader.i32('the number of faces');
    const each = reader.i32('the values per vertex');
    if (each !== 1) throw mismatch('UNSUPPORTED_FREESURFER', { file, offset: 11 }, `${each} values per vertex`, '1', 'Is this an old quadrangle surface? Give one measure per file.');
    reader.need(count * 4, `${count} values`);
    if (reader.left > count * 4) throw mismatch('LONG_FILE', { file, offset: START }, `${reader.left} bytes`, `${count * 4} for ${count} values`, 'Is this an old quadrangle surface? Export the file again.');
  }
  const values = decodeNumbers(bytes, reader.offset, count, old ? 'i2' : 'f4', false, file);
  if (old) for (let i = 0; i < count; i++) values[i] = (values[i] as number) / 100;
  return { values, faces, old };
}

/** Bytes of a curv file in the new format (float32: seven digits). `faces`: of the mesh; not used by readers. */
export function writeCurv(values: ArrayLike<number>, faces = 0): Uint8Array {
  const head = Buffer.alloc(START, 0xff);
  head.writeInt32BE(values.length, 3);
  head.writeInt32BE(faces, 7);
  head.writeInt32BE(1, 11);
  return Buffer.concat([head, encodeNumbers(values, 'f4', false)]);
}

/** The first four bytes, for messages. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 4), (b) => b.toString(16).padStart(2, '0').toUpperCase()).join(' ');
}
