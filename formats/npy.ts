/** NumPy .npy arrays (NEP 1, format versions 1.0 to 3.0): real numbers of 1 to 8 bytes and booleans, either byte order, C or Fortran order. */
import { FormatError, mismatch, refusePointer } from './format-error.js';
import { WIDTH, decodeNumbers, encodeNumbers, isNumberType } from './numbers.js';
import { rowMajor } from './row-major.js';

export interface NpyArray {
  shape: number[];
  /** As stored, without the byte order, e.g. `f8`. */
  dtype: string;
  /** Row-major (C order) whatever the file's order, converted to doubles. Length: product of the shape. */
  data: Float64Array;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** Headers are short; NumPy itself refuses longer ones. */
const LONGEST_HEADER = 10_000;
const MOST_DIMENSIONS = 32;

/**
 * Reads an array. The shape is held against the file's length before anything is allocated.
 * @throws FormatError NOT_NPY, UNSUPPORTED_NPY (other types), SHORT_FILE, LONG_FILE, INVALID_VALUE (integers beyond 2^53), POINTER_FILE
 */
export function readNpy(bytes: Uint8Array, options: { file: string }): NpyArray {
  const { file } = options;
  refusePointer(bytes, file);
  if (bytes.length < 12 || MAGIC.some((m, i) => bytes[i] !== m)) {
    const zip = bytes[0] === 0x50 && bytes[1] === 0x4b;
    throw mismatch('NOT_NPY', { file, offset: 0 }, zip ? 'a zip archive (.npz)' : 'another beginning', 'that of a .npy array', 'Write it with numpy.save (not savez, not text).');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const long = (bytes[6] as number) >= 2;
  const start = (long ? 12 : 10) + (long ? view.getUint32(8, true) : view.getUint16(8, true));
  if (start > bytes.length || start > LONGEST_HEADER) throw mismatch('NOT_NPY', { file, offset: 8 }, `a header of ${start} bytes`, `at most ${Math.min(bytes.length, LONGEST_HEADER)}`, 'Write the file again with numpy.save.');
  const { dtype, little, fortran, shape } = readNpyHeader(Buffer.from(bytes.buffer, bytes.byteOffset, start).toString('latin1', long ? 12 : 10), file);
  const type = dtype === 'b1' ? 'u1' : dtype;
  if (!isNumberType(type)) throw mismatch('UNSUPPORTED_NPY', { file, offset: 10 }, `the type ${dtype}`, 'a real number type such as f8, f4 or i4', 'Save it as float64: np.save(path, X.astype("f8")).');
  const size = shape.reduce((p, n) => p * n, 1);
  const expected = start + size * WIDTH[type];
  if (bytes.length !== expected) {
    throw mismatch(bytes.length < expected ? 'SHORT_FILE' : 'LONG_FILE', { file }, `${bytes.length} bytes`, `${expected} for an array of shape (${shape.join(', ')})`, 'The file is cut short or damaged: copy or write it again.');
  }
  const data = decodeNumbers(bytes, start, size, type, little, file);
  return { shape, dtype, data: fortran && shape.length > 1 ? rowMajor(data, shape) : data };
}

function readNpyHeader(header: string, file: string): { dtype: string; little: boolean; fortran: boolean; shape: number[] } {
  const descr = /'descr'\s*:\s*('[^']{0,40}'|\[)/.exec(header)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  const words = /'shape'\s*:\s*\(([\d\sL,]*)\)/.exec(header)?.[1]?.split(',').map((s) => s.trim().replace(/L$/, '')).filter((s) => s !== '');
  if (descr === undefined || order === undefined || words === undefined || words.length > MOST_DIMENSIONS || words.some((w) => !/^\d{1,15}$/.test(w))) {
    throw mismatch('NOT_NPY', { file, offset: 10 }, 'a header that cannot be read', "'descr', 'fortran_order' and 'shape'", 'Write the file again with numpy.save.');
  }
  const match = /^'([<>|=]?)([a-zA-Z]\d+)'$/.exec(descr);
  return { dtype: match?.[2] ?? descr, little: match?.[1] !== '>', fortran: order === 'True', shape: words.map(Number) };
}

/**
 * Bytes of an array in C order, little-endian, format 1.0. `data` has as many values as the shape's product, row-major. `dtype` default f8;
 * `fortran` stores it in Fortran order (MATLAB's).
 * @throws FormatError INVALID_VALUE
 */
export function writeNpy(data: ArrayLike<number>, shape: readonly number[], options: { dtype?: 'f8' | 'f4' | 'i4'; fortran?: boolean } = {}): Uint8Array {
  const { dtype = 'f8', fortran = false } = options;
  const size = shape.reduce((p, n) => p * n, 1);
  if (size !== data.length) throw new FormatError('INVALID_VALUE', `${data.length} values do not fill the shape (${shape.join(', ')})`, { remedy: 'Give the shape of the data.' });
  const dict = `{'descr': '<${dtype}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const start = Math.ceil((10 + dict.length + 1) / 64) * 64;
  const head = Buffer.from('\x93NUMPY\x01\x00  ' + dict.padEnd(start - 11) + '\n', 'latin1');
  head.writeUInt16LE(start - 10, 8);
  const ordered = fortran && shape.length > 1 ? rowMajor(Float64Array.from(data), [...shape].reverse()) : data;
  return Buffer.concat([head, encodeNumbers(ordered, dtype, true)]);
}
