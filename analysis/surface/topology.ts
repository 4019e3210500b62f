/** Which vertices are neighbours, and whether the triangles form a surface. */
import { SurfaceError } from './errors.js';
import type { Mesh } from './types.js';

/** Neighbours of vertex i, ascending: neighbours[rows[i]] .. neighbours[rows[i + 1] - 1]. */
export interface Adjacency {
  rows: Int32Array;
  neighbours: Int32Array;
}

const DAMAGED = 'the file is damaged or not a cortical surface: write or copy it again';

/**
 * Neighbours of every vertex of a surface: one connected piece, every edge in at most two triangles. A boundary is allowed (patches, cuts).
 * @throws SurfaceError MESH_NOT_FINITE, MESH_BAD_INDEX, MESH_DEGENERATE, MESH_NON_MANIFOLD, MESH_DISCONNECTED
 */
export function adjacencyOf(mesh: Mesh): Adjacency {
  const { points, triangles: t } = mesh;
  const n = points.length / 3;
  const bad = points.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) throw new SurfaceError('MESH_NOT_FINITE', `vertex ${Math.floor(bad / 3)} of the surface has a coordinate that is not finite`, DAMAGED);
  if (!Number.isInteger(n) || t.length % 3 !== 0) throw new SurfaceError('MESH_BAD_INDEX', 'the surface has an incomplete vertex or triangle', DAMAGED);
  checkTriangles(t, n);
  const adjacency = collect(t, n);
  checkConnected(adjacency, n);
  return adjacency;
}

function checkTriangles(t: Int32Array, n: number): void {
  for (let i = 0; i < t.length; i += 3) {
    const a = t[i]!, b = t[i + 1]!, c = t[i + 2]!;
    for (const v of [a, b, c]) if (v < 0 || v >= n) throw new SurfaceError('MESH_BAD_INDEX', `triangle ${i / 3} names vertex ${v}, but the surface has ${n} vertices`, DAMAGED);
    if (a === b || b === c || a === c) throw new SurfaceError('MESH_DEGENERATE', `triangle ${i / 3} names a vertex twice (${a}, ${b}, ${c})`, DAMAGED);
  }
}

/** Every triangle names each of its edges twice, once from either end: rows are filled, sorted, and equal neighbours joined. */
function collect(t: Int32Array, n: number): Adjacency {
  const start = new Int32Array(n + 1);
  for (let i = 0; i < t.length; i++) start[t[i]! + 1] = start[t[i]! + 1]! + 2;
  for (let v = 0; v < n; v++) start[v + 1] = start[v + 1]! + start[v]!;
  const raw = new Int32Array(2 * t.length), fill = start.slice(0, n);
  for (let i = 0; i < t.length; i += 3) for (let k = 0; k < 3; k++) {
    const v = t[i + k]!;
    raw[fill[v]!++] = t[i + ((k + 1) % 3)]!;
    raw[fill[v]!++] = t[i + ((k + 2) % 3)]!;
  }
  const rows = new Int32Array(n + 1), neighbours = new Int32Array(raw.length);
  let count = 0;
  for (let v = 0; v < n; v++) {
    const row = raw.subarray(start[v], start[v + 1]).sort();
    for (let i = 0; i < row.length; i++) {
      if (i > 1 && row[i] === row[i - 2]) throw new SurfaceError('MESH_NON_MANIFOLD', `the edge between vertices ${v} and ${row[i]!} belongs to more than two triangles`, DAMAGED);
      if (i === 0 || row[i] !== row[i - 1]) neighbours[count++] = row[i]!;
    }
    rows[v + 1] = count;
  }
  return { rows, neighbours: neighbours.slice(0, count) };
}

function checkConnected({ rows, neighbours }: Adjacency, n: number): void {
  if (n === 0) throw new SurfaceError('MESH_BAD_INDEX', 'the surface has no vertices', DAMAGED);
  const seen = new Uint8Array(n), queue = new Int32Array(n);
  seen[0] = 1;
  let end = 1;
  for (let at = 0; at < end; at++) {
    const v = queue[at]!;
    for (let e = rows[v]!; e < rows[v + 1]!; e++) {
      const w = neighbours[e]!;
      if (seen[w] === 0) { seen[w] = 1; queue[end++] = w; }
    }
  }
  if (end === n) return;
  throw new SurfaceError('MESH_DISCONNECTED', `the surface is not one piece: ${n - end} of its ${n} vertices cannot be reached from the first (vertex ${seen.indexOf(0)} is one)`, `give one hemisphere's surface; ${DAMAGED}`);
}
