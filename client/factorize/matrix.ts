import { readFileSync } from 'node:fs';
import { SulcusError } from '../../contracts/errors.js';
import { readNpy } from '../../formats/index.js';

/** A .npy matrix, row-major doubles. Throws BAD_OPTION when the file cannot be read or has not two dimensions, FormatError when it is no .npy. */
export function readMatrix(path: string): { data: Float64Array; rows: number; columns: number } {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new SulcusError('BAD_OPTION', `${path} cannot be read (${(cause as NodeJS.ErrnoException).code ?? String(cause)})`, { cause });
  }
  const { shape, data } = readNpy(bytes, { file: path });
  const [rows, columns] = shape;
  if (shape.length !== 2 || rows === undefined || columns === undefined) {
    throw new SulcusError('BAD_OPTION', `${path} has ${shape.length} dimension${shape.length === 1 ? '' : 's'} where a matrix has 2`, { remedy: 'save vertices x columns' });
  }
  return { data, rows, columns };
}
