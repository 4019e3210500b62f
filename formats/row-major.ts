/** The order of values in arrays of two and more dimensions. Row-major is C's and NumPy's, column-major is Fortran's, MATLAB's and R's. */

/** Column-major (first index fastest) to row-major. The other way round: give the dimensions reversed. */
export function rowMajor(values: Float64Array, dims: readonly number[]): Float64Array {
  const out = new Float64Array(values.length);
  if (dims.length === 2) {
    const [rows, columns] = dims as [number, number];
    for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[r * columns + c] = values[c * rows + r] as number;
    return out;
  }
  const index = new Array<number>(dims.length).fill(0);
  for (let i = 0; i < values.length; i++) {
    let at = 0;
    for (let d = 0; d < dims.length; d++) at = at * (dims[d] as number) + (index[d] as number);
    out[at] = values[i] as number;
    for (let d = 0; d < dims.length; d++) {
      index[d] = (index[d] as number) + 1;
      if ((index[d] as number) < (dims[d] as number)) break;
      index[d] = 0;
    }
  }
  return out;
}
