/** The content of one GIFTI <Data> element as numbers. */
import { mismatch } from './format-error.js';
import { INTENT_CODES, DATA_TYPES, type GiftiArray } from './gifti-types.js';
import type { Budget } from './inflate.js';
import { NumberScanner } from './number-scanner.js';
import { WIDTH, decodeNumbers } from './numbers.js';
import { rowMajor } from './row-major.js';

export interface ArrayHeader {
  array: GiftiArray;
  encoding: 'ASCII' | 'Base64Binary' | 'GZipBase64Binary';
  little: boolean;
  columnMajor: boolean;
  size: number;
}

type At = { file: string; line: number };

/**
 * The attributes of <DataArray>.
 * @throws FormatError BAD_GIFTI, UNSUPPORTED_GIFTI (external files, complex and other types)
 */
export function readArrayHeader(attributes: Readonly<Record<string, string>>, at: At): ArrayHeader {
  const text = (name: string): string => (attributes[name] ?? '').trim();
  const encoding = text('Encoding');
  if (encoding === 'ExternalFileBinary' || text('ExternalFileName') !== '') {
    throw mismatch('UNSUPPORTED_GIFTI', at, 'data in an external file', 'data inside the .gii file', 'Convert it to GZipBase64Binary, for instance with `wb_command -gifti-convert` or `mris_convert`.');
  }
  if (encoding !== 'ASCII' && encoding !== 'Base64Binary' && encoding !== 'GZipBase64Binary') {
    throw mismatch('BAD_GIFTI', at, `Encoding="${encoding.slice(0, 40)}"`, 'ASCII, Base64Binary or GZipBase64Binary', 'Export the file again.');
  }
  const type = DATA_TYPES[text('DataType')];
  if (type === undefined) throw mismatch('UNSUPPORTED_GIFTI', at, `DataType="${text('DataType').slice(0, 40)}"`, 'a real number type such as NIFTI_TYPE_FLOAT32', 'Convert the array to FLOAT32 or INT32.');
  const endian = text('Endian');
  if (encoding !== 'ASCII' && WIDTH[type] > 1 && endian !== 'LittleEndian' && endian !== 'BigEndian') {
    throw mismatch('BAD_GIFTI', at, `Endian="${endian.slice(0, 40)}"`, 'LittleEndian or BigEndian', 'Export the file again.');
  }
  const order = text('ArrayIndexingOrder');
  const count = Number(text('Dimensionality'));
  if (!Number.isInteger(count) || count < 1 || count > 6) throw mismatch('BAD_GIFTI', at, `Dimensionality="${text('Dimensionality').slice(0, 40)}"`, '1 to 6', 'Export the file again.');
  const dims: number[] = [];
  for (let d = 0; d < count; d++) {
    const value = text(`Dim${d}`);
    if (!/^\d{1,15}$/.test(value)) throw mismatch('BAD_GIFTI', at, `Dim${d}="${value.slice(0, 40)}"`, 'a whole number', 'Export the file again.');
    dims.push(Number(value));
  }
  if (dims.length > 1 && order !== 'RowMajorOrder' && order !== 'ColumnMajorOrder') {
    throw mismatch('BAD_GIFTI', at, `ArrayIndexingOrder="${order.slice(0, 40)}"`, 'RowMajorOrder or ColumnMajorOrder', 'Export the file again.');
  }
  const intent = text('Intent');
  return {
    array: { intent: INTENT_CODES[intent] ?? intent, type, dims, data: null, meta: new Map(), transforms: [] },
    encoding, little: endian !== 'BigEndian', columnMajor: order === 'ColumnMajorOrder', size: dims.reduce((p, n) => p * n, 1),
  };
}

/**
 * Row-major numbers of a <Data> element. The declared size is held against the text and the file's budget before anything is allocated.
 * @throws FormatError SHORT_FILE, LONG_FILE, NOT_A_NUMBER, BAD_GIFTI, BAD_COMPRESSION, TOO_LARGE
 */
export function decodeData(text: string, header: ArrayHeader, budget: Budget, at: At): Float64Array {
  const { array, encoding, size } = header;
  const values = encoding === 'ASCII' ? readAscii(text, size, budget, at) : readBinary(text, header, budget, at);
  return header.columnMajor && array.dims.length > 1 ? rowMajor(values, array.dims) : values;
}

function readAscii(text: string, size: number, budget: Budget, at: At): Float64Array {
  const scan = new NumberScanner(Buffer.from(text, 'latin1'), at.file, 0, undefined, at.line);
  scan.need(size, 'the array');
  budget.spend(size * 8, 'the array');
  const out = new Float64Array(size);
  for (let i = 0; i < size; i++) out[i] = scan.next(`number ${i + 1} of ${size}`);
  if (scan.more()) throw mismatch('LONG_FILE', { file: at.file, line: scan.line() }, `"${scan.peek()}"`, `the end of the array after ${size} numbers`, 'The header and the data disagree: export the file again.');
  return out;
}

function readBinary(text: string, header: ArrayHeader, budget: Budget, at: At): Float64Array {
  const { array, encoding, size, little } = header;
  const base64 = text.replace(/\s+/g, '');
  const body = base64.replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9+/]*$/.test(body) || body.length % 4 === 1) throw mismatch('BAD_GIFTI', at, 'data that are not Base64', `Encoding="${encoding}"`, 'The file is damaged: copy or export it again.');
  const expected = size * WIDTH[array.type];
  const shape = `(${array.dims.join(', ')}) ${array.type}`;
  budget.spend(size * 8, `an array of shape ${shape}`);
  const packed = Buffer.from(base64, 'base64');
  const bytes = encoding === 'Base64Binary' ? packed : budget.inflate(packed, 'the array', expected);
  if (bytes.length !== expected) {
    throw mismatch(bytes.length < expected ? 'SHORT_FILE' : 'LONG_FILE', at, `${bytes.length} bytes of data`, `${expected} for shape ${shape}`, 'The header and the data disagree: copy or export the file again.');
  }
  return decodeNumbers(bytes, 0, size, array.type, little, at.file);
}
