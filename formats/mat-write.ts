/** Writing MATLAB .mat files of level 5, as `load` of MATLAB, Octave and scipy.io reads them. */
import { deflateSync } from 'node:zlib';
import { FormatError } from './format-error.js';
import { COMPRESSED, MATRIX } from './mat-types.js';
import { encodeNumbers } from './numbers.js';
import { rowMajor } from './row-major.js';

export interface MatOutput {
  /** A MATLAB name: a letter, then letters, digits and underscores, at most 63. */
  name: string;
  /** At least two dimensions; a vector is [n, 1]. */
  shape: readonly number[];
  /** Row-major, as in .npy. */
  data: ArrayLike<number>;
}

/**
 * Bytes of a file of double arrays, little-endian, each compressed (as `save -v7` does) unless `compress` is false. The header bears no date,
 * so that equal arrays give equal files.
 * @throws FormatError INVALID_VALUE
 */
export function writeMat(variables: readonly MatOutput[], options: { compress?: boolean } = {}): Uint8Array {
  const header = Buffer.alloc(128, ' ');
  header.write('MATLAB 5.0 MAT-file, written by sulcus', 'latin1');
  header.fill(0, 116, 124);
  header.writeUInt16LE(0x0100, 124);
  header.write('IM', 126, 'latin1');
  return Buffer.concat([header, ...variables.map((v) => {
    const array = element(MATRIX, matrix(v));
    if (options.compress === false) return array;
    const packed = deflateSync(array);
    return Buffer.concat([tag(COMPRESSED, packed.length), packed]);
  })]);
}

function matrix({ name, shape, data }: MatOutput): Buffer {
  const size = shape.reduce((p, n) => p * n, 1);
  if (size !== data.length || shape.length < 2) throw new FormatError('INVALID_VALUE', `${data.length} values of "${name}" do not fill the shape (${shape.join(', ')})`, { remedy: 'Give two or more dimensions that fit the data.' });
  if (!/^[A-Za-z]\w{0,62}$/.test(name)) throw new FormatError('INVALID_VALUE', `"${name}" is no name of a MATLAB variable`, { remedy: 'Use a letter, then letters, digits and underscores.' });
  const flags = Buffer.alloc(8);
  flags.writeUInt32LE(6, 0); // class double
  const columns = rowMajor(Float64Array.from(data), [...shape].reverse());
  return Buffer.concat([
    element(6, flags), element(5, encodeNumbers(shape, 'i4', true)), element(1, Buffer.from(name, 'latin1')), element(9, encodeNumbers(columns, 'f8', true)),
  ]);
}

function tag(type: number, size: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeUInt32LE(type, 0);
  out.writeUInt32LE(size, 4);
  return out;
}

/** A data element: tag, bytes, padding to a multiple of 8. */
function element(type: number, body: Uint8Array): Buffer {
  return Buffer.concat([tag(type, body.length), body, Buffer.alloc((8 - (body.length % 8)) % 8)]);
}
