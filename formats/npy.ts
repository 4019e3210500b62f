/** NumPy .npy arrays (NEP 1, format versions 1.0 to 3.0): float32, float64, int32 and int64, either byte order, C or Fortran order. */
import { FormatError } from './format-error.js';

export interface NpyArray {
  shape: number[];
  /** As stored, without the byte order, e.g. `f8`. */
  dtype: string;
  /** Row-major (C order) whatever the file's order, converted to doubles. Length: product of the shape. */
  data: Float64Array;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/**
 * Reads an array.
 * @throws FormatError NOT_NPY, UNSUPPORTED_NPY (other types), SHORT_FILE, LONG_FILE
 */
export function readNpy(bytes: Uint8Array, options: { file: string }): NpyArray {
  const { file } = options;
  if (bytes.length < 12 || MAGIC.some((m, i) => bytes[i] !== m)) {
    throw new FormatError('NOT_NPY', `${file}: the file does not begin as a .npy array does`, { file, remedy: 'Write it with numpy.save (not savez, not text).' });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const major = bytes[6] as number;
  const long = major >= 2;
  const start = (long ? 12 : 10) + (long ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(start, bytes.length)).toString('latin1', long ? 12 : 10);
  const descr = /'descr'\s*:\s*'([<>|=]?)([a-zA-Z]\d+)'/.exec(header);
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  const shapeText = /'shape'\s*:\s*\(([^)]*)\)/.exec(header)?.[1];
  if (order === undefined || shapeText === undefined) throw new FormatError('NOT_NPY', `${file}: the header cannot be read`, { file, remedy: 'Write the file again with numpy.save.' });
  const dtype = descr?.[2] ?? '';
  const get = reader(view, dtype, descr?.[1] !== '>');
  if (get === null) {
    const stated = /'descr'\s*:\s*([^,]*(?:\[[^\]]*\])?)/.exec(header)?.[1] ?? '?';
    throw new FormatError('UNSUPPORTED_NPY', `${file}: the array's type is ${stated}, expected f4, f8, i4 or i8`, { file, remedy: 'Save it as float64: np.save(path, X.astype("f8")).' });
  }
  const shape = shapeText.split(',').map((s) => s.trim()).filter((s) => s !== '').map((s) => Number(s.replace(/L$/, '')));
  const size = shape.reduce((p, n) => p * n, 1);
  const width = Number(dtype.slice(1));
  const expected = start + size * width;
  if (bytes.length !== expected) {
    throw new FormatError(bytes.length < expected ? 'SHORT_FILE' : 'LONG_FILE', `${file}: ${bytes.length} bytes, an array of shape (${shape.join(', ')}) needs ${expected}`, { file, remedy: 'Copy the file again.' });
  }
  const data = new Float64Array(size);
  if (order === 'False' || shape.length < 2) {
    for (let i = 0; i < size; i++) data[i] = get(start + i * width);
  } else {
    const counter = new Array<number>(shape.length).fill(0);
    for (let i = 0; i < size; i++) {
      let offset = 0, stride = 1;
      for (let d = 0; d < shape.length; d++) { offset += (counter[d] as number) * stride; stride *= shape[d] as number; }
      data[i] = get(start + offset * width);
      for (let d = shape.length - 1; d >= 0; d--) {
        counter[d] = (counter[d] as number) + 1;
        if ((counter[d] as number) < (shape[d] as number)) break;
        counter[d] = 0;
      }
    }
  }
  return { shape, dtype, data };
}

function reader(view: DataView, dtype: string, little: boolean): ((offset: number) => number) | null {
  switch (dtype) {
    case 'f8': return (o) => view.getFloat64(o, little);
    case 'f4': return (o) => view.getFloat32(o, little);
    case 'i4': return (o) => view.getInt32(o, little);
    case 'i8': return (o) => Number(view.getBigInt64(o, little));
    default: return null;
  }
}

/** Bytes of a float64 array in C order, little-endian, format 1.0. `data` has as many values as the shape's product. */
export function writeNpy(data: ArrayLike<number>, shape: readonly number[]): Uint8Array {
  const size = shape.reduce((p, n) => p * n, 1);
  if (size !== data.length) throw new FormatError('INVALID_VALUE', `${data.length} values do not fill the shape (${shape.join(', ')})`, { remedy: 'Give the shape of the data.' });
  const dict = `{'descr': '<f8', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const start = Math.ceil((10 + dict.length + 1) / 64) * 64;
  const out = new Uint8Array(start + size * 8);
  out.set(MAGIC);
  const view = new DataView(out.buffer);
  out[6] = 1;
  view.setUint16(8, start - 10, true);
  out.set(Buffer.from(dict.padEnd(start - 11) + '\n', 'latin1'), 10);
  for (let i = 0; i < size; i++) view.setFloat64(start + i * 8, data[i] as number, true);
  return out;
}
