/** Hard parcellations: each vertex belongs to the component with its largest weight. */
import { ParcellationError } from './errors.js';

/** Labels 1..k of W (m x k, row-major); ties go to the lower component; 0 for a vertex with no weight at all (a zero row of X). */
export function hardLabels(w: Float64Array, m: number, k: number): Int32Array {
  const labels = new Int32Array(m);
  for (let i = 0; i < m; i++) {
    let best = 0, at = 0;
    for (let j = 0; j < k; j++) if ((w[i * k + j] as number) > best) { best = w[i * k + j] as number; at = j + 1; }
    labels[i] = at;
  }
  return labels;
}

/** Vertices of each component 1..k. */
export function componentSizes(labels: Int32Array, k: number): number[] {
  const sizes = new Array<number>(k).fill(0);
  for (const l of labels) if (l > 0) sizes[l - 1] = (sizes[l - 1] as number) + 1;
  return sizes;
}

/** overlap[i][j]: vertices with label i + 1 in `a` and j + 1 in `b`. */
export function overlapMatrix(a: Int32Array, b: Int32Array, k: number): number[][] {
  const counts = Array.from({ length: k }, () => new Array<number>(k).fill(0));
  a.forEach((la, i) => {
    const lb = b[i] as number;
    const row = counts[la - 1];
    if (row && lb > 0) row[lb - 1] = (row[lb - 1] as number) + 1;
  });
  return counts;
}

/** Adjusted Rand index (Hubert & Arabie 1985) of two labellings of the same vertices. Two trivial partitions agree: 1. Throws ParcellationError. */
export function adjustedRandIndex(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new ParcellationError('UNEQUAL_LENGTHS', `the two labellings have ${a.length} and ${b.length} vertices`);
  const pairs = (c: number): number => (c * (c - 1)) / 2;
  const cells = new Map<string, number>(), rows = new Map<number, number>(), columns = new Map<number, number>();
  for (let i = 0; i < a.length; i++) {
    const p = a[i] as number, q = b[i] as number;
    cells.set(`${p} ${q}`, (cells.get(`${p} ${q}`) ?? 0) + 1);
    rows.set(p, (rows.get(p) ?? 0) + 1);
    columns.set(q, (columns.get(q) ?? 0) + 1);
  }
  const sum = (counts: Iterable<number>): number => { let s = 0; for (const c of counts) s += pairs(c); return s; };
  const index = sum(cells.values()), byRow = sum(rows.values()), byColumn = sum(columns.values());
  const expected = a.length > 1 ? (byRow * byColumn) / pairs(a.length) : 0;
  const most = (byRow + byColumn) / 2;
  return most === expected ? 1 : (index - expected) / (most - expected);
}
