/** How deep each vertex lies in the folds: what viewers shade sulci by. For pictures, not for statistics. */
import type { Mesh } from './types.js';

/** Width of the smoothing that takes the folds away, as a share of the surface's largest extent: 8 mm of 175. */
const WIDTH = 0.045;
const MOST_PASSES = 300;

/**
 * The distance from each vertex to the surface without its folds, along that surface's normal, in the unit of the points: negative in sulci,
 * positive on gyri. The smooth surface is that of repeated averaging over neighbours.
 * @param mesh every triangle's indices must be within the points; a boundary, several pieces and lone vertices are allowed
 */
export function foldDepth(mesh: Mesh): Float64Array {
  const { points, triangles } = mesh, n = points.length / 3, passes = passesFor(mesh);
  const rows = followers(triangles, n);
  let smooth = points.slice(), spare = new Float64Array(points.length);
  for (let pass = 0; pass < passes; pass++) { average(smooth, rows, spare); [smooth, spare] = [spare, smooth]; }
  const normals = normalsOf({ points: smooth, triangles }), depth = new Float64Array(n);
  for (let v = 0; v < n; v++) {
    let d = 0;
    for (let k = 0; k < 3; k++) d += (points[3 * v + k]! - smooth[3 * v + k]!) * normals[3 * v + k]!;
    depth[v] = d;
  }
  return depth;
}

/** A pass over a mesh of edge length h spreads by h / sqrt(2): as many passes as reach the width. */
function passesFor({ points, triangles: t }: Mesh): number {
  let edges = 0, extent = 0;
  for (let i = 0; i < t.length; i += 3) edges += distance(points, t[i]!, t[i + 1]!) / (t.length / 3);
  for (let k = 0; k < 3; k++) {
    let low = Infinity, high = -Infinity;
    for (let i = k; i < points.length; i += 3) { low = Math.min(low, points[i]!); high = Math.max(high, points[i]!); }
    extent = Math.max(extent, high - low);
  }
  return edges > 0 ? Math.max(1, Math.min(MOST_PASSES, Math.round(2 * ((WIDTH * extent) / edges) ** 2))) : 0;
}

/** Rows of neighbours: next[start[v]] .. next[start[v + 1] - 1]. On a closed surface every edge runs once each way, so that each neighbour is listed once. */
function followers(t: Int32Array, n: number): { start: Int32Array; next: Int32Array } {
  const start = new Int32Array(n + 1), next = new Int32Array(t.length);
  for (let i = 0; i < t.length; i++) start[t[i]! + 1] = start[t[i]! + 1]! + 1;
  for (let v = 0; v < n; v++) start[v + 1] = start[v + 1]! + start[v]!;
  const fill = start.slice(0, n);
  for (let i = 0; i < t.length; i++) { const v = t[i]!; next[fill[v]!] = t[i % 3 === 2 ? i - 2 : i + 1]!; fill[v] = fill[v]! + 1; }
  return { start, next };
}

/** Every vertex moved to the mean of its neighbours, written to `out`; a vertex without neighbours stays. */
function average(points: Float64Array, { start, next }: ReturnType<typeof followers>, out: Float64Array): void {
  for (let v = 0; v + 1 < start.length; v++) {
    const from = start[v]!, to = start[v + 1]!, count = to - from;
    if (count === 0) { for (let k = 0; k < 3; k++) out[3 * v + k] = points[3 * v + k]!; continue; }
    let x = 0, y = 0, z = 0;
    for (let i = from; i < to; i++) { const o = 3 * next[i]!; x += points[o]!; y += points[o + 1]!; z += points[o + 2]!; }
    out[3 * v] = x / count; out[3 * v + 1] = y / count; out[3 * v + 2] = z / count;
  }
}

/** Unit normals of the vertices, by the area of the triangles around them; 0 where there is none. */
function normalsOf({ points: p, triangles: t }: Mesh): Float64Array {
  const out = new Float64Array(p.length);
  for (let i = 0; i < t.length; i += 3) {
    const [a, b, c] = [3 * t[i]!, 3 * t[i + 1]!, 3 * t[i + 2]!];
    const ux = p[b]! - p[a]!, uy = p[b + 1]! - p[a + 1]!, uz = p[b + 2]! - p[a + 2]!, vx = p[c]! - p[a]!, vy = p[c + 1]! - p[a + 1]!, vz = p[c + 2]! - p[a + 2]!;
    const normal = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
    for (const o of [a, b, c]) for (let k = 0; k < 3; k++) out[o + k] = out[o + k]! + normal[k]!;
  }
  for (let o = 0; o < out.length; o += 3) {
    const length = Math.sqrt(out[o]! ** 2 + out[o + 1]! ** 2 + out[o + 2]! ** 2) || 1;
    for (let k = 0; k < 3; k++) out[o + k] = out[o + k]! / length;
  }
  return out;
}

const distance = (p: Float64Array, a: number, b: number): number => Math.sqrt((p[3 * a]! - p[3 * b]!) ** 2 + (p[3 * a + 1]! - p[3 * b + 1]!) ** 2 + (p[3 * a + 2]! - p[3 * b + 2]!) ** 2);
