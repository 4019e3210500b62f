/** Cholesky factorisation of a sparse symmetric positive definite matrix, banded by the reverse Cuthill-McKee order (1969). */
import type { SymmetricMatrix } from '../../surface/index.js';

export interface BandedCholesky {
  /** order[i]: the row of the matrix at place i. */
  order: Int32Array;
  bandwidth: number;
  /** Row i of the factor: places i - bandwidth .. i. */
  factor: Float64Array;
}

/** Throws RangeError when the matrix is not positive definite. */
export function bandedCholesky(a: SymmetricMatrix): BandedCholesky {
  const n = a.diagonal.length, order = reverseCuthillMckee(a), place = new Int32Array(n);
  order.forEach((v, i) => { place[v] = i; });
  let bandwidth = 0;
  for (let v = 0; v < n; v++) for (let e = a.rows[v]!; e < a.rows[v + 1]!; e++) bandwidth = Math.max(bandwidth, place[v]! - place[a.columns[e]!]!);
  const w = bandwidth + 1, f = new Float64Array(n * w);
  for (let i = 0; i < n; i++) {
    const v = order[i]!;
    f[i * w + bandwidth] = a.diagonal[v]!;
    for (let e = a.rows[v]!; e < a.rows[v + 1]!; e++) { const j = place[a.columns[e]!]!; if (j < i) f[i * w + j - i + bandwidth] = a.values[e]!; }
  }
  for (let i = 0; i < n; i++) {
    const from = Math.max(0, i - bandwidth), ri = i * w + bandwidth - i;
    for (let j = from; j < i; j++) {
      const rj = j * w + bandwidth - j;
      let s = f[ri + j]!;
      for (let k = Math.max(from, j - bandwidth); k < j; k++) s -= f[ri + k]! * f[rj + k]!;
      f[ri + j] = s / f[rj + j]!;
    }
    let d = f[ri + i]!;
    for (let k = from; k < i; k++) d -= f[ri + k]! * f[ri + k]!;
    if (!(d > 0)) throw new RangeError(`the matrix is not positive definite at row ${order[i]}`);
    f[ri + i] = Math.sqrt(d);
  }
  return { order, bandwidth, factor: f };
}

/** Solves A x = b; `x` may be `b`. */
export function solveBanded({ order, bandwidth, factor: f }: BandedCholesky, b: Float64Array, x: Float64Array): void {
  const n = order.length, w = bandwidth + 1, y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const ri = i * w + bandwidth - i;
    let s = b[order[i]!]!;
    for (let j = Math.max(0, i - bandwidth); j < i; j++) s -= f[ri + j]! * y[j]!;
    y[i] = s / f[ri + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    const ri = i * w + bandwidth - i, v = y[i]! / f[ri + i]!;
    y[i] = v;
    for (let j = Math.max(0, i - bandwidth); j < i; j++) y[j] = y[j]! - f[ri + j]! * v;
  }
  for (let i = 0; i < n; i++) x[order[i]!] = y[i]!;
}

/** Breadth first from a vertex at the edge of each connected piece, neighbours of few neighbours first; then reversed. */
function reverseCuthillMckee({ rows, columns, diagonal }: SymmetricMatrix): Int32Array {
  const n = diagonal.length, order = new Int32Array(n), placed = new Uint8Array(n);
  const degree = (v: number): number => rows[v + 1]! - rows[v]!;
  const walk = (from: number, seen: Uint8Array, queue: Int32Array, start: number): number => {
    let end = start;
    queue[end++] = from;
    seen[from] = 1;
    for (let at = start; at < end; at++) {
      const v = queue[at]!, next: number[] = [];
      for (let e = rows[v]!; e < rows[v + 1]!; e++) { const u = columns[e]!; if (seen[u] === 0) { seen[u] = 1; next.push(u); } }
      for (const u of next.sort((a, b) => degree(a) - degree(b) || a - b)) queue[end++] = u;
    }
    return end;
  };
  let end = 0;
  const scratch = new Int32Array(n);
  for (let v = 0; v < n; v++) {
    if (placed[v] !== 0) continue;
    let edge = v;
    for (let pass = 0; pass < 2; pass++) edge = scratch[walk(edge, placed.slice(), scratch, 0) - 1]!;
    end = walk(edge, placed, order, end);
  }
  return order.reverse();
}
