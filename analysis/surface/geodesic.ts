/** Distances along a surface. */
import { SurfaceError } from './errors.js';
import { MinHeap } from './min-heap.js';
import type { Mesh } from './types.js';

/** Flat triangles with their edge lengths, and those at each vertex: triangle i has corners 3i .. 3i + 2, and opposite each the length at its place. */
interface FlatTriangles {
  corners: number[];
  opposite: number[];
}

/**
 * Geodesic distance in mm from the nearest of `sources` to every vertex by fast marching on triangles (Kimmel & Sethian 1998, PNAS 95:8431):
 * from the smallest distance outwards, a vertex is reached along edges and across triangles. Meshes like CIVET's are a third obtuse triangles, across
 * which few fronts pass; so the triangles that flipping each edge would give are crossed too (their plane is the two triangles unfolded). On such
 * meshes 1 % from the exact distance on average, 5 % at most.
 * @param most distances above this stay Infinity, and are not computed
 * @throws SurfaceError BAD_SOURCE
 */
export function geodesicDistances(mesh: Mesh, sources: readonly number[], most = Infinity): Float64Array {
  const n = mesh.points.length / 3;
  const distance = new Float64Array(n).fill(Infinity), done = new Uint8Array(n), heap = new MinHeap();
  const { corners, opposite } = flatTriangles(mesh), around = trianglesAround(corners, n);
  const offer = (v: number, d: number): void => {
    if (d >= distance[v]! || d > most) return;
    distance[v] = d;
    heap.push(v, d);
  };
  for (const s of sources) {
    if (!Number.isInteger(s) || s < 0 || s >= n) throw new SurfaceError('BAD_SOURCE', `no vertex ${s} on a surface of ${n}`, 'give indices of vertices, from 0');
    offer(s, 0);
  }
  for (let v = heap.pop(); v >= 0; v = heap.pop()) {
    if (done[v] !== 0) continue;
    done[v] = 1;
    for (let e = around.rows[v]!; e < around.rows[v + 1]!; e++) {
      const first = 3 * around.triangles[e]!;
      const k = corners[first] === v ? 0 : corners[first + 1] === v ? 1 : 2, l = (k + 1) % 3, m = (k + 2) % 3;
      for (const [to, other] of [[l, m], [m, l]] as const) {
        const w = corners[first + to]!, u = corners[first + other]!;
        if (done[w] !== 0) continue;
        offer(w, distance[v]! + opposite[first + other]!);
        if (done[u] !== 0) offer(w, across(distance[v]!, distance[u]!, opposite[first + to]!, opposite[first + other]!, opposite[first + k]!));
      }
    }
  }
  return distance;
}

/**
 * The distance at the third corner of a triangle whose corners A and B have distances a and b, when a straight front passes: its slope along AB is
 * known, and its whole slope is 1; Infinity when the way back from the corner does not cross AB, or there is no such front.
 * @param c length of AB; `toA` and `toB` those of the other edges
 */
function across(a: number, b: number, c: number, toA: number, toB: number): number {
  const along = (b - a) / c, up = Math.sqrt(1 - along * along), [x, y] = apex(toA, toB, c);
  const crossing = x - (along / up) * y;
  return crossing >= 0 && crossing <= c ? a + along * x + up * y : Infinity;
}

/** Where the point with distances a and b from (0, 0) and (c, 0) lies, above the line; NaN when there is none. */
function apex(a: number, b: number, c: number): [number, number] {
  const x = (a * a - b * b + c * c) / (2 * c);
  return [x, Math.sqrt(a * a - x * x)];
}

/** The mesh's triangles, and for each edge inside it whose two triangles make a convex quadrilateral, the two triangles of its other diagonal. */
function flatTriangles({ points: p, triangles: t }: Mesh): FlatTriangles {
  const corners: number[] = [], opposite: number[] = [];
  const length = (a: number, b: number): number => {
    const x = p[3 * a]! - p[3 * b]!, y = p[3 * a + 1]! - p[3 * b + 1]!, z = p[3 * a + 2]! - p[3 * b + 2]!;
    return Math.sqrt(x * x + y * y + z * z);
  };
  const firstSeen = new Map<number, number>(), n = p.length / 3;
  for (let i = 0; i < t.length; i += 3) {
    const [a, b, c] = [t[i]!, t[i + 1]!, t[i + 2]!];
    corners.push(a, b, c);
    opposite.push(length(b, c), length(c, a), length(a, b));
    for (const [u, v, third] of [[b, c, a], [c, a, b], [a, b, c]] as const) {
      const edge = u < v ? u * n + v : v * n + u, other = firstSeen.get(edge);
      if (other === undefined) { firstSeen.set(edge, third); continue; }
      const uv = length(u, v), [x1, y1] = apex(length(u, third), length(v, third), uv), [x2, y2] = apex(length(u, other), length(v, other), uv);
      const crossing = x1 + ((x2 - x1) * y1) / (y1 + y2);
      if (!(crossing > 0 && crossing < uv)) continue;
      const diagonal = Math.sqrt((x1 - x2) * (x1 - x2) + (y1 + y2) * (y1 + y2));
      for (const w of [u, v]) {
        corners.push(third, other, w);
        opposite.push(length(other, w), length(w, third), diagonal);
      }
    }
  }
  return { corners, opposite };
}

function trianglesAround(corners: readonly number[], n: number): { rows: Int32Array; triangles: Int32Array } {
  const rows = new Int32Array(n + 1);
  for (const v of corners) rows[v + 1] = rows[v + 1]! + 1;
  for (let v = 0; v < n; v++) rows[v + 1] = rows[v + 1]! + rows[v]!;
  const fill = rows.slice(0, n), triangles = new Int32Array(corners.length);
  corners.forEach((v, i) => { triangles[fill[v]!++] = Math.floor(i / 3); });
  return { rows, triangles };
}
