/**
 * MATLAB .mat files of level 5 (save -v6, -v7 with compressed elements; scipy.io.savemat; Octave -v7): real numeric and logical arrays, either
 * byte order. Structures, cells, text and sparse matrices are listed, not read. Level 4 and 7.3 (HDF5) are refused.
 */
import { FormatError, excerpt, mismatch, refusePointer } from './format-error.js';
import { ByteReader } from './byte-reader.js';
import { Budget } from './inflate.js';
import { CLASSES, COMPRESSED, FIRST_NUMERIC, LAST_NUMERIC, MATRIX, STORED, type MatVariable } from './mat-types.js';
import { WIDTH, decodeNumbers } from './numbers.js';
import { rowMajor } from './row-major.js';

const HEADER = 128;
const COMPLEX = 0x0800, LOGICAL = 0x0200;
const HDF5 = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');
const MOST_DIMENSIONS = 32;

/** True when the bytes begin as a .mat file of level 5 or 7.3. */
export function isMat(bytes: Uint8Array): boolean {
  return bytes.length >= HEADER && Buffer.from(bytes.buffer, bytes.byteOffset, 7).toString('latin1') === 'MATLAB ';
}

/**
 * Every variable of a file, in its order. `variable`: the only one whose numbers are wanted.
 * @throws FormatError NOT_MAT, UNSUPPORTED_MAT (7.3, complex), BAD_MAT, NO_SUCH_VARIABLE, SHORT_FILE, BAD_COMPRESSION, TOO_LARGE, POINTER_FILE, EMPTY_FILE
 */
export function readMat(bytes: Uint8Array, options: { file: string; variable?: string | undefined }): MatVariable[] {
  const { file, variable } = options;
  refusePointer(bytes, file);
  if (bytes.length === 0) throw new FormatError('EMPTY_FILE', `${file}: the file is empty`, { file, remedy: 'Export the file again.' });
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEADER)).toString('latin1');
  if (start.startsWith('MATLAB 7.3') || [0, 512].some((at) => HDF5.equals(bytes.subarray(at, at + 8)))) {
    throw mismatch('UNSUPPORTED_MAT', { file, offset: 0 }, 'a MATLAB 7.3 file (HDF5)', 'level 5', 'Save it in MATLAB with `save(name, \'X\', \'-v7\')`.');
  }
  if (!isMat(bytes)) throw mismatch('NOT_MAT', { file, offset: 0 }, 'another beginning', '"MATLAB 5.0 MAT-file"', 'Save it in MATLAB with `-v7`, in Octave with `-v7`, or with scipy.io.savemat (format 5).');
  const mark = start.slice(126);
  if (mark !== 'IM' && mark !== 'MI') throw mismatch('BAD_MAT', { file, offset: 126 }, 'no byte order mark', 'IM or MI', 'The file is damaged: copy or save it again.');
  const budget = new Budget(file, bytes.length);
  const reader = new ByteReader(bytes, file, HEADER, mark === 'IM');
  const variables: MatVariable[] = [];
  while (reader.left > 0) {
    const offset = reader.offset;
    const type = reader.u32('an element'), size = reader.u32('the size of an element');
    const body = reader.take(size, 'an element');
    if (type === COMPRESSED) {
      const inner = new ByteReader(budget.inflate(body, 'a compressed variable'), file, 0, reader.little);
      const innerType = inner.u32('a variable'), innerSize = inner.u32('the size of a variable');
      if (innerType !== MATRIX) throw mismatch('BAD_MAT', { file, offset }, `an element of type ${innerType}`, 'an array', 'The file is damaged: copy or save it again.');
      variables.push(readVariable(new ByteReader(inner.take(innerSize, 'a variable'), file, 0, reader.little), variable, budget));
    } else if (type === MATRIX) {
      // Elements start at multiples of 8 bytes; the last may lack its padding.
      reader.offset = Math.min(bytes.length, Math.ceil(reader.offset / 8) * 8);
      variables.push(readVariable(new ByteReader(body, file, 0, reader.little), variable, budget));
    } else {
      throw mismatch('BAD_MAT', { file, offset }, `an element of type ${type}`, 'an array', 'The file is damaged: copy or save it again.');
    }
  }
  if (variable !== undefined && !variables.some((v) => v.name === variable)) {
    throw new FormatError('NO_SUCH_VARIABLE', `${file}: no variable "${variable}"; it has ${listOf(variables)}`, { file, expected: variable, remedy: 'Give the name of a variable of the file.' });
  }
  return variables;
}

/** Names and shapes, for messages; at most ten. */
export function listOf(variables: readonly MatVariable[]): string {
  const named = variables.slice(0, 10).map((v) => `${excerpt(v.name)} (${v.shape.slice(0, 4).join(' x ')} ${v.class})`);
  return named.length === 0 ? 'none' : named.join(', ') + (variables.length > 10 ? ` and ${variables.length - 10} more` : '');
}

function readVariable(reader: ByteReader, wanted: string | undefined, budget: Budget): MatVariable {
  const { file } = reader;
  const flags = subElement(reader, 'the array flags').body;
  if (flags.length < 8) throw mismatch('BAD_MAT', { file }, `${flags.length} bytes of array flags`, '8', 'The file is damaged: copy or save it again.');
  const word = new ByteReader(flags, file, 0, reader.little).u32('the array flags');
  const code = word & 0xff;
  const dims = subElement(reader, 'the dimensions');
  if (dims.type !== 'i4' || dims.body.length < 8 || dims.body.length > 4 * MOST_DIMENSIONS) {
    // Opaque objects (tables, strings) have no dimensions here: there is nothing in them that could be read.
    if (code >= FIRST_NUMERIC && code <= LAST_NUMERIC) throw mismatch('BAD_MAT', { file }, `dimensions of ${dims.body.length} bytes`, 'two or more int32', 'The file is damaged: copy or save it again.');
    return { name: '', class: CLASSES[code] ?? `class ${code}`, shape: [], data: null };
  }
  const shape = Array.from(decodeNumbers(dims.body, 0, dims.body.length >> 2, 'i4', reader.little, file));
  const name = Buffer.from(subElement(reader, 'the name').body).toString('latin1');
  const variable: MatVariable = { name, class: (word & LOGICAL) !== 0 ? 'logical' : CLASSES[code] ?? `class ${code}`, shape, data: null };
  if (code < FIRST_NUMERIC || code > LAST_NUMERIC || (wanted !== undefined && wanted !== name)) return variable;
  if ((word & COMPLEX) !== 0) {
    if (wanted === name) throw new FormatError('UNSUPPORTED_MAT', `${file}: found a complex array "${excerpt(name)}", expected real numbers`, { file, found: 'complex', expected: 'real', remedy: 'Save real(X).' });
    return { ...variable, class: `complex ${variable.class}` };
  }
  const size = shape.reduce((p, n) => p * n, 1);
  const values = subElement(reader, `the values of ${excerpt(name)}`);
  if (values.type === null || shape.some((n) => n < 0) || values.body.length !== size * WIDTH[values.type]) {
    throw mismatch('BAD_MAT', { file }, `${values.body.length} bytes for "${excerpt(name)}"`, `an array of ${shape.join(' x ')} numbers`, 'The file is damaged: copy or save it again.');
  }
  budget.spend(size * 8, `the variable ${excerpt(name)}`);
  const data = decodeNumbers(values.body, 0, size, values.type, reader.little, file);
  return { ...variable, data: rowMajor(data, shape) };
}

/** A data element inside an array: type and size in 8 bytes, or both in 4 with up to 4 bytes of data after them. */
function subElement(reader: ByteReader, what: string): { type: keyof typeof WIDTH | null; body: Uint8Array } {
  const word = reader.u32(what);
  const small = word >>> 16;
  if (small !== 0) {
    if (small > 4) throw mismatch('BAD_MAT', { file: reader.file }, `a short element of ${small} bytes`, 'at most 4', 'The file is damaged: copy or save it again.');
    const body = reader.take(Math.min(4, reader.left), what).subarray(0, small);
    return { type: STORED[word & 0xffff] ?? null, body };
  }
  const body = reader.take(reader.u32(what), what);
  reader.offset = Math.min(reader.bytes.length, Math.ceil(reader.offset / 8) * 8);
  return { type: STORED[word] ?? null, body };
}
