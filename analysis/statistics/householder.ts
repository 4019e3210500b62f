/**
 * Householder QR with column pivoting inside blocks (Golub & Van Loan, Matrix Computations, 5.2.1 and 5.4.2). Blocks keep their order,
 * so the squared effects of a block are its sequential sum of squares; inside a block the longest remaining column goes first.
 */
export interface HouseholderQr {
  n: number;
  p: number;
  /** Column-major n x p: R above the diagonal, Householder vectors on and below it. */
  packed: Float64Array;
  diagonal: Float64Array;
  /** 2 / v'v of each reflection. */
  tau: Float64Array;
  /** pivot[k] = column of the input at place k. */
  pivot: number[];
  /** Columns found (the factorisation stops at the first block that is exhausted). */
  rank: number;
}

/** `columns`: p columns of n values with norm about 1. `blocks`: sizes, summing to p. A remaining norm <= tolerance is rank deficiency. */
export function householderQr(columns: readonly Float64Array[], blocks: readonly number[], tolerance: number): HouseholderQr {
  const p = columns.length, n = columns[0]?.length ?? 0;
  const packed = new Float64Array(n * p);
  columns.forEach((c, j) => packed.set(c, j * n));
  const qr: HouseholderQr = { n, p, packed, diagonal: new Float64Array(p), tau: new Float64Array(p), pivot: columns.map((_, j) => j), rank: 0 };
  let end = 0;
  for (const size of blocks) {
    end += size;
    while (qr.rank < end) {
      const k = qr.rank;
      let best = k, longest = -1;
      for (let j = k; j < end; j++) {
        const norm = tailNorm(packed, j * n, k, n);
        if (norm > longest) { longest = norm; best = j; }
      }
      if (longest <= tolerance) return qr;
      if (best !== k) swap(qr, k, best);
      reflect(qr, k, longest);
      qr.rank = k + 1;
    }
  }
  return qr;
}

function tailNorm(a: Float64Array, at: number, from: number, n: number): number {
  let s = 0;
  for (let i = from; i < n; i++) s += a[at + i]! * a[at + i]!;
  return Math.sqrt(s);
}

function swap(qr: HouseholderQr, k: number, j: number): void {
  const { packed, n, pivot } = qr;
  const held = packed.slice(k * n, k * n + n);
  packed.copyWithin(k * n, j * n, j * n + n);
  packed.set(held, j * n);
  const t = pivot[k]!; pivot[k] = pivot[j]!; pivot[j] = t;
}

function reflect(qr: HouseholderQr, k: number, norm: number): void {
  const { packed, n, p } = qr;
  const at = k * n;
  const head = packed[at + k]!;
  const alpha = head > 0 ? -norm : norm;
  packed[at + k] = head - alpha;
  qr.diagonal[k] = alpha;
  qr.tau[k] = 1 / (norm * (norm + Math.abs(head)));
  for (let j = k + 1; j < p; j++) applyReflection(qr, k, packed, j * n);
}

function applyReflection(qr: HouseholderQr, k: number, target: Float64Array, offset: number): void {
  const { packed, n } = qr;
  const at = k * n;
  let s = 0;
  for (let i = k; i < n; i++) s += packed[at + i]! * target[offset + i]!;
  s *= qr.tau[k]!;
  if (s !== 0) for (let i = k; i < n; i++) target[offset + i]! -= s * packed[at + i]!;
}

/** Q'y, a new vector of n: the first p entries are the effects, the rest the residual. */
export function applyQt(qr: HouseholderQr, y: Float64Array): Float64Array {
  const e = y.slice();
  for (let k = 0; k < qr.rank; k++) applyReflection(qr, k, e, 0);
  return e;
}

/** Q e, a new vector of n. */
export function applyQ(qr: HouseholderQr, e: Float64Array): Float64Array {
  const y = e.slice();
  for (let k = qr.rank - 1; k >= 0; k--) applyReflection(qr, k, y, 0);
  return y;
}

/** Solves R x = e over the first `size` places. */
export function solveUpper(qr: HouseholderQr, e: Float64Array, size = qr.rank): Float64Array {
  const x = new Float64Array(size);
  for (let i = size - 1; i >= 0; i--) {
    let s = e[i]!;
    for (let j = i + 1; j < size; j++) s -= qr.packed[j * qr.n + i]! * x[j]!;
    x[i] = s / qr.diagonal[i]!;
  }
  return x;
}

/** Solves R' z = d. */
export function solveLower(qr: HouseholderQr, d: Float64Array): Float64Array {
  const z = new Float64Array(qr.rank);
  for (let i = 0; i < qr.rank; i++) {
    let s = d[i]!;
    for (let j = 0; j < i; j++) s -= qr.packed[i * qr.n + j]! * z[j]!;
    z[i] = s / qr.diagonal[i]!;
  }
  return z;
}
