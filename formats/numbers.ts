/** Numbers of binary formats as doubles. Types are named by kind and bytes, as in NumPy: `f4`, `i2`, `u1` ... */
import { mismatch } from './format-error.js';

export type NumberType = 'u1' | 'i1' | 'u2' | 'i2' | 'u4' | 'i4' | 'u8' | 'i8' | 'f4' | 'f8';

/** Bytes of one value. */
export const WIDTH: Readonly<Record<NumberType, number>> = { u1: 1, i1: 1, u2: 2, i2: 2, u4: 4, i4: 4, u8: 8, i8: 8, f4: 4, f8: 8 };

export function isNumberType(text: string): text is NumberType {
  return Object.hasOwn(WIDTH, text);
}

/**
 * `count` values from byte `offset` on. The caller has checked that the bytes are there.
 * @throws FormatError INVALID_VALUE for 8-byte integers beyond 2^53, which no double holds exactly
 */
export function decodeNumbers(bytes: Uint8Array, offset: number, count: number, type: NumberType, little: boolean, file: string): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new Float64Array(count);
  switch (type) {
    case 'u1': for (let i = 0; i < count; i++) out[i] = bytes[offset + i] as number; break;
    case 'i1': for (let i = 0; i < count; i++) out[i] = view.getInt8(offset + i); break;
    case 'u2': for (let i = 0; i < count; i++) out[i] = view.getUint16(offset + i * 2, little); break;
    case 'i2': for (let i = 0; i < count; i++) out[i] = view.getInt16(offset + i * 2, little); break;
    case 'u4': for (let i = 0; i < count; i++) out[i] = view.getUint32(offset + i * 4, little); break;
    case 'i4': for (let i = 0; i < count; i++) out[i] = view.getInt32(offset + i * 4, little); break;
    case 'f4': for (let i = 0; i < count; i++) out[i] = view.getFloat32(offset + i * 4, little); break;
    case 'f8': for (let i = 0; i < count; i++) out[i] = view.getFloat64(offset + i * 8, little); break;
    case 'i8': case 'u8':
      for (let i = 0; i < count; i++) {
        const value = type === 'i8' ? view.getBigInt64(offset + i * 8, little) : view.getBigUint64(offset + i * 8, little);
        out[i] = Number(value);
        if (!Number.isSafeInteger(out[i])) throw mismatch('INVALID_VALUE', { file, offset: offset + i * 8 }, `the integer ${value}`, 'at most 2^53 in size', 'Save the array as float64.');
      }
  }
  return out;
}

/** Bytes of `values` in the type and byte order. Integers must be whole and in range: nothing is rounded or wrapped. */
export function encodeNumbers(values: ArrayLike<number>, type: Exclude<NumberType, 'u8' | 'i8'>, little: boolean): Uint8Array {
  const width = WIDTH[type];
  const out = new Uint8Array(values.length * width);
  const view = new DataView(out.buffer);
  const [low, high] = type.startsWith('u') ? [0, 2 ** (8 * width) - 1] : [-(2 ** (8 * width - 1)), 2 ** (8 * width - 1) - 1];
  const integer = !type.startsWith('f');
  const set = setter(view, type, little);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (integer && !(Number.isInteger(value) && value >= low && value <= high)) {
      throw mismatch('INVALID_VALUE', { file: `value ${i}` }, String(value), `an integer from ${low} to ${high}`, 'Write the values as floating point.');
    }
    set(i * width, value);
  }
  return out;
}

function setter(view: DataView, type: Exclude<NumberType, 'u8' | 'i8'>, little: boolean): (at: number, value: number) => void {
  switch (type) {
    case 'u1': return (at, value) => view.setUint8(at, value);
    case 'i1': return (at, value) => view.setInt8(at, value);
    case 'u2': return (at, value) => view.setUint16(at, value, little);
    case 'i2': return (at, value) => view.setInt16(at, value, little);
    case 'u4': return (at, value) => view.setUint32(at, value, little);
    case 'i4': return (at, value) => view.setInt32(at, value, little);
    case 'f4': return (at, value) => view.setFloat32(at, value, little);
    case 'f8': return (at, value) => view.setFloat64(at, value, little);
  }
}
