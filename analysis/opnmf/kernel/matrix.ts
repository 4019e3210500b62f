/**
 * X in the kernel's shared memory, with what every fit of it needs: its leading singular triplets, which also make the coarse matrix U S (m x
 * r, the leading part of X) whose passes cost r / n of a pass over X; and the Gram matrix XX' when X has more columns than rows.
 * Prepared once; any number of threads read it. Nothing of size m x m is formed when m > n.
 */
import { EXACT_SIDE, exactTriplets, gramOfRows, randomTriplets, ROUNDING } from './triplets.js';
import { byFour, even, instantiate, newMemory, reserve, view } from './module.js';

/** Can be posted to another thread: the memory is shared, the rest is small. */
export interface PreparedMatrix {
  readonly memory: WebAssembly.Memory;
  readonly m: number;
  readonly n: number;
  /** ||X||_F^2 */
  readonly norm2: number;
  /** The highest rank it was prepared for. */
  readonly maxRank: number;
  /** Byte offsets in the memory; 0: not there. `us` is m x usColumns: left singular vectors times singular values. */
  readonly at: { readonly x: number; readonly us: number; readonly gram: number };
  readonly usColumns: number;
  /** Whether passes over the leading part are worth the detour. */
  readonly compressed: boolean;
  /** Columns of U S that are all of X: its numerical rank, even; Infinity when X has more rank than columns were computed. */
  readonly exactColumns: number;
  /** Rows of X that are all zero. */
  readonly zeroRows: readonly number[];
  /** Singular values, descending, and right singular vectors (n x usColumns, row-major). */
  readonly s: Float64Array;
  readonly v: Float64Array;
}

/** Columns of the coarse matrix at a rank: enough that what they leave out hardly bends the way to the fixed point (docs/opnmf.md). */
export function coarseColumnsOf(rank: number): number {
  return Math.max(32, byFour(2 * rank + 12));
}

/** Copies X (m x n, row-major, with the squared norm and zero rows given) into new shared memory and decomposes it. */
export function prepareMatrix(x: Float64Array, m: number, n: number, maxRank: number, norm2: number, zeroRows: readonly number[]): PreparedMatrix {
  const memory = newMemory(), kernel = instantiate(memory);
  const wide = m < n && m <= EXACT_SIDE;
  const at = { x: reserve(memory, byFour(m) * n + 4), us: 0, gram: 0 };
  view(memory, at.x, m * n).set(x);
  const side = Math.min(m, n);
  const compressed = 2 * coarseColumnsOf(maxRank) <= (wide ? m / 2 : n) && coarseColumnsOf(maxRank) <= side;
  const usColumns = even(Math.min(side, coarseColumnsOf(maxRank)));
  at.us = reserve(memory, byFour(m) * usColumns);
  if (wide) {
    at.gram = reserve(memory, byFour(m) * m);
    gramOfRows(x, m, n, view(memory, at.gram, m * m));
  }
  const { s, v } = (side <= EXACT_SIDE ? exactTriplets : randomTriplets)(kernel, memory, at, m, n, usColumns);
  const rank = s.findIndex((value) => !(value ** 2 > ROUNDING * (s[0] as number) ** 2));
  return { memory, m, n, norm2, maxRank, at, usColumns, compressed, exactColumns: rank < 0 ? (usColumns < side ? Infinity : usColumns) : even(rank), zeroRows, s, v };
}
