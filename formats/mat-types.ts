/** MATLAB's numbers for types in .mat files of level 5 ("MAT-File Format", MathWorks, R2023). */
import type { NumberType } from './numbers.js';

/** Storage types of data elements. */
export const STORED: Readonly<Record<number, NumberType>> = { 1: 'i1', 2: 'u1', 3: 'i2', 4: 'u2', 5: 'i4', 6: 'u4', 7: 'f4', 9: 'f8', 12: 'i8', 13: 'u8' };
export const MATRIX = 14, COMPRESSED = 15;

/** Array classes. */
export const CLASSES: Readonly<Record<number, string>> = {
  1: 'cell', 2: 'struct', 3: 'object', 4: 'char', 5: 'sparse', 6: 'double', 7: 'single', 8: 'int8', 9: 'uint8', 10: 'int16', 11: 'uint16', 12: 'int32', 13: 'uint32',
  14: 'int64', 15: 'uint64', 16: 'function', 17: 'opaque',
};
export const FIRST_NUMERIC = 6, LAST_NUMERIC = 15;

export interface MatVariable {
  name: string;
  /** MATLAB's class, e.g. `double`; `logical` for 0/1 arrays. */
  class: string;
  shape: number[];
  /** Row-major, as in .npy, although MATLAB stores columns first; null when the class is not numeric (or the variable was not asked for). */
  data: Float64Array | null;
}
