import { readFileSync } from 'node:fs';
import type { Mesh } from '../../../analysis/surface/index.js';

export function fixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8')) as T;
}

/** A sphere: an icosahedron, each triangle divided into four `level` times. */
export function sphere(level: number, radius = 1): Mesh {
  const g = (1 + Math.sqrt(5)) / 2;
  const points: number[][] = [[-1, g, 0], [1, g, 0], [-1, -g, 0], [1, -g, 0], [0, -1, g], [0, 1, g], [0, -1, -g], [0, 1, -g], [g, 0, -1], [g, 0, 1], [-g, 0, -1], [-g, 0, 1]];
  let triangles = [
    [0, 11, 5], [0, 5, 1], [0, 1, 7], [0, 7, 10], [0, 10, 11], [1, 5, 9], [5, 11, 4], [11, 10, 2], [10, 7, 6], [7, 1, 8],
    [3, 9, 4], [3, 4, 2], [3, 2, 6], [3, 6, 8], [3, 8, 9], [4, 9, 5], [2, 4, 11], [6, 2, 10], [8, 6, 7], [9, 8, 1],
  ];
  const unit = (p: number[]): number[] => p.map((x) => x / Math.sqrt(p.reduce((s, y) => s + y * y, 0)));
  points.forEach((p, i) => { points[i] = unit(p); });
  for (let k = 0; k < level; k++) {
    const middles = new Map<string, number>();
    const middle = (a: number, b: number): number => {
      const key = a < b ? `${a} ${b}` : `${b} ${a}`;
      let m = middles.get(key);
      if (m === undefined) middles.set(key, (m = points.push(unit(points[a]!.map((x, i) => x + points[b]![i]!))) - 1));
      return m;
    };
    triangles = triangles.flatMap(([a, b, c]) => {
      const ab = middle(a!, b!), bc = middle(b!, c!), ca = middle(c!, a!);
      return [[a!, ab, ca], [b!, bc, ab], [c!, ca, bc], [ab, bc, ca]];
    });
  }
  return { points: Float64Array.from(points.flat(), (x) => x * radius), triangles: Int32Array.from(triangles.flat()) };
}

/** A flat square of n x n vertices, `step` mm apart, each cell cut along alternating diagonals; jitter moves the inner vertices within the plane. */
export function square(n: number, step: number, jitter = 0, random: () => number = () => 0.5): Mesh {
  const points = new Float64Array(3 * n * n), triangles: number[] = [];
  for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) {
    const inner = i > 0 && j > 0 && i < n - 1 && j < n - 1 && !(2 * i === n - 1 && 2 * j === n - 1) ? jitter : 0, v = i + n * j;
    points.set([(i + inner * (random() - 0.5)) * step, (j + inner * (random() - 0.5)) * step, 0], 3 * v);
    if (i === n - 1 || j === n - 1) continue;
    if ((i + j) % 2 === 0) triangles.push(v, v + 1, v + n + 1, v, v + n + 1, v + n); else triangles.push(v, v + 1, v + n, v + 1, v + n + 1, v + n);
  }
  return { points, triangles: Int32Array.from(triangles) };
}

/** Largest difference over the largest magnitude of `expected`, where both have a value. */
export function scaledError(actual: ArrayLike<number>, expected: ArrayLike<number | null>): number {
  let most = 0, scale = 0;
  for (let i = 0; i < expected.length; i++) {
    const e = expected[i];
    if (e === null || e === undefined) continue;
    most = Math.max(most, Math.abs(actual[i]! - e));
    scale = Math.max(scale, Math.abs(e));
  }
  return most / scale;
}
