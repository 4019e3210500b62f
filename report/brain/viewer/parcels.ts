/** A surface cut along the borders of its labels: what belongs to each label, the borders as lines, and a place for each number. */
import { normalsOf } from '../geometry.js';
import type { Surface } from './unpack.js';

export interface Parcels {
  points: Float32Array;
  normals: Float32Array;
  grey: Float32Array;
  /** Triangles by label: [0] is the surface outside the region. */
  triangles: number[][];
  /** Two points (x, y, z) a line, a little off the surface. */
  borders: Float32Array;
  /** Where the number of a label can stand: for each direction it faces, its innermost vertex and about how far (mm) the border is. */
  middles: { vertex: number; room: number }[][];
}

/** Share of the largest extent by which borders stand off the surface. */
const OFF = 0.001;

export function cutParcels({ points, triangles, grey, box }: Surface, labels: Uint16Array, rank: number): Parcels {
  const normals = normalsOf(points, triangles);
  const cut = { points: [...points], normals: [...normals], grey: [...grey] };
  const made = new Map<string, number>();
  const vertex = (...corners: number[]): number => {
    const key = [...corners].sort((a, b) => a - b).join();
    let v = made.get(key);
    if (v === undefined) {
      v = cut.grey.length;
      for (let k = 0; k < 3; k++) for (const list of [cut.points, cut.normals]) list.push(corners.reduce((s, c) => s + list[3 * c + k]!, 0) / corners.length);
      cut.grey.push(corners.reduce((s, c) => s + cut.grey[c]!, 0) / corners.length);
      made.set(key, v);
    }
    return v;
  };
  const parts: number[][] = Array.from({ length: rank + 1 }, () => []), lines: number[] = [];
  for (let i = 0; i < triangles.length; i += 3) {
    const corners = [triangles[i]!, triangles[i + 1]!, triangles[i + 2]!], [la, lb, lc] = corners.map((v) => labels[v]!) as [number, number, number];
    if (la === lb && lb === lc) { parts[la]?.push(...corners); continue; }
    // The corner that differs comes first; with three labels any does.
    const first = la === lb ? 2 : la === lc ? 1 : 0;
    const [a, b, c] = [0, 1, 2].map((k) => corners[(first + k) % 3]!) as [number, number, number];
    const ab = vertex(a, b), ca = vertex(c, a);
    if (labels[b] === labels[c]) {
      parts[labels[a]!]?.push(a, ab, ca);
      parts[labels[b]!]?.push(ab, b, c, ab, c, ca);
      lines.push(ab, ca);
    } else {
      const bc = vertex(b, c), middle = vertex(a, b, c);
      parts[labels[a]!]?.push(a, ab, middle, a, middle, ca);
      parts[labels[b]!]?.push(b, bc, middle, b, middle, ab);
      parts[labels[c]!]?.push(c, ca, middle, c, middle, bc);
      lines.push(ab, middle, bc, middle, ca, middle);
    }
  }
  const off = OFF * Math.max(...box.size);
  const borders = Float32Array.from(lines.flatMap((v) => [0, 1, 2].map((k) => cut.points[3 * v + k]! + off * cut.normals[3 * v + k]!)));
  return { points: Float32Array.from(cut.points), normals: Float32Array.from(cut.normals), grey: Float32Array.from(cut.grey), triangles: parts, borders, middles: middlesOf(points, normals, triangles, labels, rank) };
}

/** The innermost vertex has the most steps to another label. */
function middlesOf(points: Float32Array, normals: Float32Array, triangles: ArrayLike<number>, labels: Uint16Array, rank: number): Parcels['middles'] {
  const neighbours = new Map<number, number[]>(), steps = new Map<number, number>();
  let front: number[] = [];
  for (let i = 0; i < triangles.length; i += 3) for (let k = 0; k < 3; k++) {
    const a = triangles[i + k]!, b = triangles[i + ((k + 1) % 3)]!;
    for (const [from, to] of [[a, b], [b, a]] as const) {
      if (labels[from] === 0) continue;
      if (labels[from] !== labels[to]) { if (!steps.has(from)) { steps.set(from, 0); front.push(from); } } else {
        const own = neighbours.get(from);
        if (own === undefined) neighbours.set(from, [to]); else own.push(to);
      }
    }
  }
  // A label that has the whole surface has no border to start from: all of it is equally far.
  for (let distance = 1; front.length > 0; distance++) {
    const next: number[] = [];
    for (const v of front) for (const to of neighbours.get(v) ?? []) if (!steps.has(to)) { steps.set(to, distance); next.push(to); }
    front = next;
  }
  const length = edgeLength(points, triangles, labels), best = Array.from({ length: rank + 1 }, () => new Map<string, { vertex: number; steps: number }>());
  labels.forEach((label, vertex) => {
    if (label === 0) return;
    const own = steps.get(vertex) ?? 0;
    for (const [k, s] of [[0, 1], [0, -1], [1, 1], [1, -1], [2, 1], [2, -1]] as const) {
      if (s * normals[3 * vertex + k]! > 0.5 && own > (best[label]?.get(`${k} ${s}`)?.steps ?? -1)) best[label]?.set(`${k} ${s}`, { vertex, steps: own });
    }
  });
  return best.map((places) => [...places.values()].map(({ vertex, steps: own }) => ({ vertex, room: (own + 0.5) * length })));
}

/** Mean length of the edges inside the region. */
function edgeLength(points: Float32Array, triangles: ArrayLike<number>, labels: Uint16Array): number {
  let sum = 0, count = 0;
  for (let i = 0; i < triangles.length; i += 3) {
    const a = triangles[i]!, b = triangles[i + 1]!;
    if (labels[a] === 0 || labels[b] === 0) continue;
    sum += Math.hypot(points[3 * a]! - points[3 * b]!, points[3 * a + 1]! - points[3 * b + 1]!, points[3 * a + 2]! - points[3 * b + 2]!);
    count++;
  }
  return count === 0 ? 0 : sum / count;
}
