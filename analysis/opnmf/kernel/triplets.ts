/** Leading singular triplets of X in kernel memory: U S is written to its place there, S and V are returned. */
import { createRandom } from '../../random.js';
import { leadingEigenpairs } from '../symmetric-eigen.js';
import { byFour, instantiate, newMemory, reserve, view, type KernelExports } from './module.js';

/** Up to this size of the smaller side through its Gram matrix, beyond by random projections. */
export const EXACT_SIDE = 1_500;

/** An eigenvalue of a Gram matrix below this part of the largest is of rounding size, and says nothing about a direction of X. */
export const ROUNDING = 1e-14;

interface Places {
  x: number;
  us: number;
  gram: number;
}

/**
 * `count` triplets (even) from the eigenvectors of the smaller Gram matrix. Triplets beyond the size of X or its numerical rank are zero. A
 * triplet does not depend on how many are asked for.
 */
export function exactTriplets(kernel: KernelExports, memory: WebAssembly.Memory, at: Places, m: number, n: number, count: number): { s: Float64Array; v: Float64Array } {
  const tall = at.gram === 0, side = tall ? n : m, found = Math.min(count, side);
  const ld = byFour(side), gram = reserve(memory, ld * ld);
  if (tall) kernel.gramOfColumns(at.x, m, n, gram);
  else spread(view(memory, at.gram, m * m), m, view(memory, gram, ld * ld), ld);
  const { values, vectors } = leadingEigenpairs(kernel, memory, gram, side, ld, found);
  const s = new Float64Array(count), near = new Float64Array(side * count);
  const least = (values[0] as number) * ROUNDING;
  for (let j = 0; j < found; j++) {
    const value = values[j] as number;
    if (!(value > least)) continue;
    s[j] = Math.sqrt(value);
    for (let i = 0; i < side; i++) near[i * count + j] = vectors[j * ld + i] as number;
  }
  if (tall) {
    multiply(kernel, memory, at.x, m, n, near, count, at.us);
    return { s, v: near };
  }
  const us = view(memory, at.us, m * count);
  us.set(near);
  const v = transposedMultiply(kernel, memory, at.x, m, n, at.us, count);
  for (let j = 0; j < count; j++) {
    const sj = s[j] as number;
    for (let i = 0; i < n; i++) v[i * count + j] = sj > 0 ? (v[i * count + j] as number) / sj : 0;
    for (let i = 0; i < m; i++) us[i * count + j] = (us[i * count + j] as number) * sj;
  }
  return { s, v };
}

/** Columns of the random projection: fixed, so that a triplet does not depend on how many are asked for. */
const PROJECTIONS = 64, POWER_ITERATIONS = 4;

/**
 * The same by subspace iteration from a seeded random start (Halko, Martinsson & Tropp 2011, algorithms 4.4 and 5.1), for matrices
 * large on both sides. The leading triplets come out accurate; those deep in a flat spectrum are a good basis rather than singular vectors.
 */
export function randomTriplets(kernel: KernelExports, memory: WebAssembly.Memory, at: Places, m: number, n: number, count: number): { s: Float64Array; v: Float64Array } {
  const q = Math.max(PROJECTIONS, count), random = createRandom('projection');
  const wide = reserve(memory, byFour(m) * q);
  let z: Float64Array = Float64Array.from({ length: n * q }, () => random.uniform() - 0.5);
  for (let round = 0; round < POWER_ITERATIONS; round++) {
    orthonormalize(z, n, q);
    multiply(kernel, memory, at.x, m, n, z, q, wide);
    z = transposedMultiply(kernel, memory, at.x, m, n, wide, q);
  }
  orthonormalize(z, n, q);
  multiply(kernel, memory, at.x, m, n, z, q, wide);
  const out = reserve(memory, q * q);
  kernel.cross(wide, wide, m, q, out);
  const { values, vectors } = leadingEigenpairs(kernel, memory, out, q, q, count);
  const s = new Float64Array(count), v = new Float64Array(n * count);
  const projected = view(memory, wide, m * q), us = view(memory, at.us, m * count);
  for (let j = 0; j < count; j++) s[j] = Math.sqrt(Math.max(0, values[j] as number));
  for (let i = 0; i < m; i++) for (let j = 0; j < count; j++) us[i * count + j] = dot(projected, i * q, vectors, j * q, q);
  for (let i = 0; i < n; i++) for (let j = 0; j < count; j++) v[i * count + j] = dot(z, i * q, vectors, j * q, q);
  return { s, v };
}

function spread(a: Float64Array, size: number, target: Float64Array, ld: number): void {
  for (let i = 0; i < size; i++) target.set(a.subarray(i * size, (i + 1) * size), i * ld);
}

/** XX' (m x m, both triangles) into `target`, through the columns of X' in memory of its own. */
export function gramOfRows(x: Float64Array, m: number, n: number, target: Float64Array): void {
  const memory = newMemory(), kernel = instantiate(memory), mp = byFour(m);
  const at = reserve(memory, n * m + 4), out = reserve(memory, mp * mp);
  const turned = view(memory, at, n * m);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) turned[j * m + i] = x[i * n + j] as number;
  kernel.gramOfColumns(at, n, m, out);
  mirrored(view(memory, out, mp * mp), mp, target, m);
}

function mirrored(upper: Float64Array, stride: number, target: Float64Array, size: number): Float64Array {
  for (let i = 0; i < size; i++) for (let j = i; j < size; j++) { const a = upper[i * stride + j] as number; target[i * size + j] = a; target[j * size + i] = a; }
  return target;
}

/** X B (m x k) into `out` (room for m rounded up to 4 rows), k even. */
function multiply(kernel: KernelExports, memory: WebAssembly.Memory, x: number, m: number, n: number, b: Float64Array, k: number, out: number): void {
  const at = reserve(memory, n * k + 4 * k);
  view(memory, at, n * k).set(b);
  kernel.product(x, n * 8, byFour(m), n, k, at, out, at + n * k * 8, false);
}

/** X'B (n x k) of the m x k matrix at `b`, k even. */
function transposedMultiply(kernel: KernelExports, memory: WebAssembly.Memory, x: number, m: number, n: number, b: number, k: number): Float64Array {
  const at = reserve(memory, n * k);
  kernel.project(x, n * 8, byFour(m), n, k, b, at);
  return view(memory, at, n * k).slice();
}

/** Modified Gram-Schmidt, twice; a column that vanishes stays zero. */
function orthonormalize(a: Float64Array, rows: number, columns: number): void {
  for (let j = 0; j < columns; j++) {
    for (let round = 0; round < 2; round++) {
      for (let q = 0; q < j; q++) {
        let inner = 0;
        for (let i = 0; i < rows; i++) inner += (a[i * columns + q] as number) * (a[i * columns + j] as number);
        for (let i = 0; i < rows; i++) a[i * columns + j] = (a[i * columns + j] as number) - inner * (a[i * columns + q] as number);
      }
    }
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += (a[i * columns + j] as number) ** 2;
    const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
    for (let i = 0; i < rows; i++) a[i * columns + j] = (a[i * columns + j] as number) * scale;
  }
}

function dot(a: Float64Array, from: number, b: Float64Array, at: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += (a[from + i] as number) * (b[at + i] as number);
  return sum;
}
