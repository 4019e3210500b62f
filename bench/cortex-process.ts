/**
 * A whole-cortex fit in a process of its own, so that its memory is its own:
 *   node cortex-process.js MESH_LEVEL COLUMNS RANK TOLERANCE OUT
 * Two hemispheres of an icosphere in six parts; a column is the parts' values and noise smooth along the mesh. The matrix is made here, before the clock runs.
 */
import { writeFileSync } from 'node:fs';
import { Factorizer } from '../analysis/opnmf/index.js';
import { createRandom } from '../analysis/random.js';
import { icosphere, type Icosphere } from '../simulate/mesh.js';
import { peakMemory } from './memory.js';

export interface CortexAnswer {
  m: number;
  n: number;
  /** Factorizer and fit: decomposition, all starts, H. */
  seconds: number;
  passes: number;
  error: number;
  residual: number;
  converged: boolean;
  spread: number | null;
  /** Peak resident memory once the matrix was made, and at the end. */
  matrixMb: number | null;
  memoryMb: number | null;
}

const PARTS = 6, STEPS = 3, NOISE = 2.5;

function main(): void {
  const [level, columns, rank, tolerance] = process.argv.slice(2, 6).map(Number) as [number, number, number, number];
  const out = process.argv[6] as string;
  const { x, m } = cortex(level, columns);
  const matrixMb = peakMemory('self');
  const began = performance.now();
  const fit = Factorizer.of(x, m, columns, rank).factorize({ rank, solver: 'accelerated', tolerance, maxIterations: 5_000, seed: 0 });
  const seconds = (performance.now() - began) / 1000;
  writeFileSync(out, fit.W);
  const { passes, error, residual, converged, spread } = fit;
  process.stdout.write(`${JSON.stringify({ m, n: columns, seconds, passes, error, residual, converged, spread, matrixMb, memoryMb: peakMemory('self') } satisfies CortexAnswer)}\n`);
}

function cortex(level: number, n: number): { x: Float64Array; m: number } {
  const sphere = icosphere(level), half = sphere.points.length / 3, m = 2 * half;
  const part = nearestOf(sphere, PARTS);
  const x = new Float64Array(m * n);
  let field: Float64Array = new Float64Array(half), spare: Float64Array = new Float64Array(half), least = Infinity;
  for (let c = 0; c < n; c++) {
    const random = createRandom(`bench/cortex/${c}`), value = Float64Array.from({ length: PARTS }, () => random.normal());
    for (let side = 0; side < 2; side++) {
      for (let v = 0; v < half; v++) field[v] = NOISE * random.normal();
      for (let step = 0; step < STEPS; step++) { mix(sphere, field, spare); [field, spare] = [spare, field]; }
      for (let v = 0; v < half; v++) {
        const y = (value[part[v] as number] as number) + (field[v] as number);
        if (y < least) least = y;
        x[(side * half + v) * n + c] = y;
      }
    }
  }
  for (let i = 0; i < x.length; i++) x[i] = (x[i] as number) - least;
  return { x, m };
}

/** Half itself, half the mean of its neighbours. */
function mix({ start, neighbours }: Icosphere, from: Float64Array, to: Float64Array): void {
  for (let v = 0; v < from.length; v++) {
    const a = start[v] as number, b = start[v + 1] as number;
    let s = 0;
    for (let e = a; e < b; e++) s += from[neighbours[e] as number] as number;
    to[v] = 0.5 * (from[v] as number) + (0.5 * s) / (b - a);
  }
}

/** The nearest of `count` vertices spread over the sphere: parts of about the same size. */
function nearestOf({ points }: Icosphere, count: number): Int32Array {
  const seeds = Array.from({ length: count }, (_, i) => 3 * i); // the first vertices are the icosahedron's
  return Int32Array.from({ length: points.length / 3 }, (_, v) => {
    let best = 0, most = -Infinity;
    seeds.forEach((s, i) => {
      const along = [0, 1, 2].reduce((sum, d) => sum + (points[s + d] as number) * (points[3 * v + d] as number), 0);
      if (along > most) { most = along; best = i; }
    });
    return best;
  });
}

main();
