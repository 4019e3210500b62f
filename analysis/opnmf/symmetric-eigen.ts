/** The largest eigenvalues of a symmetric matrix in kernel memory and their vectors; kernel/assembly/eigen.ts does the work. */
import { createRandom } from '../random.js';
import { even, reserve, view, type KernelExports } from './kernel/module.js';

export interface Eigenpairs {
  /** Descending. */
  values: Float64Array;
  /** One vector of unit length after the other, `stride` values each of which the first `size` count; its largest entry in absolute value is positive. */
  vectors: Float64Array;
  stride: number;
}

/**
 * The `count` leading eigenpairs of the size x size matrix at the byte offset `a`, of which the upper triangle is read, rows of `ld` values (even, at least size). It is
 * overwritten. A pair does not depend on how many are asked for.
 */
export function leadingEigenpairs(kernel: KernelExports, memory: WebAssembly.Memory, a: number, size: number, ld: number, count: number): Eigenpairs {
  const wanted = Math.min(count, size), row = ld * 8, lanes = 4 * Math.ceil(wanted / 4);
  const scale = kernel.equilibrate(a, size, row);
  const diagonal = reserve(memory, (9 + wanted) * ld + even(lanes)), offDiagonal = diagonal + row, squares = offDiagonal + row, start = squares + row, work = start + row;
  const vectors = work + 5 * row, values = vectors + wanted * row;
  kernel.tridiagonalize(a, size, row, diagonal, offDiagonal, work, work + row);
  const d = view(memory, diagonal, size), e = view(memory, offDiagonal, size), e2 = view(memory, squares, size);
  for (let i = 0; i < size; i++) e2[i] = (e[i] as number) * (e[i] as number);
  const { least, most, norm } = gershgorin(d, e);
  for (let j = 0; j < wanted; j += 4) kernel.bisect(diagonal, squares, size, j, least, most, norm, values);
  const random = createRandom('eigenvectors'), begin = view(memory, start, size);
  for (let i = 0; i < size; i++) begin[i] = random.uniform() - 0.5;
  kernel.eigenvectors(a, size, row, diagonal, offDiagonal, norm, values, wanted, start, vectors, work);
  return { values: view(memory, values, wanted).map((v) => v * scale), vectors: view(memory, vectors, wanted * ld).slice(), stride: ld };
}

/** Where the eigenvalues of a tridiagonal matrix lie; offDiagonal[i] couples i and i + 1. */
function gershgorin(diagonal: Float64Array, offDiagonal: Float64Array): { least: number; most: number; norm: number } {
  const size = diagonal.length;
  let least = Infinity, most = -Infinity;
  for (let i = 0; i < size; i++) {
    const radius = (i > 0 ? Math.abs(offDiagonal[i - 1] as number) : 0) + (i < size - 1 ? Math.abs(offDiagonal[i] as number) : 0);
    least = Math.min(least, (diagonal[i] as number) - radius);
    most = Math.max(most, (diagonal[i] as number) + radius);
  }
  return { least, most, norm: Math.max(Math.abs(least), Math.abs(most)) };
}
