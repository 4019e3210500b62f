/**
 * Geometric eigenmodes of the region: the smooth functions on it, ordered by spatial frequency, that surrogates are made of (Robinson et al. 2016; Pang et
 * al. 2023; Koussis et al. 2024). They solve C v = lambda M v within the region, with free borders.
 */
import { createRandom } from '../../random.js';
import type { SymmetricMatrix } from '../../surface/index.js';
import { bandedCholesky, solveBanded } from './banded.js';
import { largestEigenpairs } from './lanczos.js';
import type { RegionMesh, RegionSide } from './region-mesh.js';

/** Modes of each hemisphere; fewer in a small region. On the cingulate region of CIVET's mesh the 64th has a wavelength of 8 mm, six edges. */
const MOST_MODES = 64;

export interface RegionModes {
  /** Modes of each hemisphere. */
  count: number;
  /** Spatial frequency lambda of each, 1/mm2, ascending; the first is 0 (the constant). */
  frequency: Float64Array;
  /**
   * Per hemisphere: vertices x count, row-major, orthonormal in the mass. With mirrored hemispheres mode q of one is the mirror image of mode q of the
   * other, as nearly as their shapes allow.
   */
  sides: { values: Float64Array; mass: Float64Array }[];
  mirrored: boolean;
}

/**
 * With mirror images, one problem is solved for both hemispheres, in which a vertex and its image are bound together so strongly that every mode is a
 * symmetric function; its two halves are then made orthonormal, each in its hemisphere. Without them each hemisphere is solved by itself.
 * `onProgress` is called with the number of solutions so far; when it says false there are no modes: null.
 */
export function regionModes(region: RegionMesh, onProgress: (done: number) => boolean = () => true): RegionModes | null {
  const least = Math.min(...region.sides.map((s) => s.mass.length)), count = Math.max(2, Math.min(MOST_MODES, Math.floor(least / 3)));
  const mirrored = region.mirrored.length > 0;
  let done = 0;
  const goOn = (): boolean => onProgress(done++);
  const solved = mirrored ? [solve(region.sides, region.mirrored, count, goOn)] : region.sides.map((side) => solve([side], [], count, goOn));
  if (solved.includes(null)) return null;
  const raw = solved.flatMap((s) => s ?? []);
  const sides = raw.map((vectors, s) => ({ values: orthonormal(vectors, region.sides[s]!.mass), mass: region.sides[s]!.mass }));
  const frequency = Float64Array.from({ length: count }, (_, q) => sides.reduce((sum, side, s) => sum + energy(region.sides[s]!, side.values, q, count), 0) / sides.length);
  return { count, frequency: rising(frequency), sides, mirrored };
}

/** Modes of some hemispheres together, as vectors of each: `bound` are pairs (first side, second side). Null when stopped. */
function solve(sides: readonly RegionSide[], bound: readonly [number, number][], count: number, goOn: () => boolean): Float64Array[][] | null {
  const mass = Float64Array.from(sides.flatMap((s) => [...s.mass])), n = mass.length, root = mass.map(Math.sqrt);
  const area = mass.reduce((s, x) => s + x, 0), shift = 1 / area;
  // Stiffer than any function that the mesh can hold: a wave of two edges has about 10 / (area of a vertex).
  const bond = 10 * sides.length;
  const a = assemble(sides, bound, bond);
  const scaled: SymmetricMatrix = { ...a, values: a.values.slice(), diagonal: a.diagonal.map((d, i) => d / mass[i]! + shift) };
  for (let i = 0; i < n; i++) for (let e = a.rows[i]!; e < a.rows[i + 1]!; e++) scaled.values[e] = a.values[e]! / (root[i]! * root[a.columns[e]!]!);
  const cholesky = bandedCholesky(scaled);
  const found = largestEigenpairs((x, y) => { solveBanded(cholesky, x, y); return goOn(); }, n, count, createRandom('region modes'));
  if (found === null) return null;
  const { vectors } = found;
  return sides.map((side, s) => {
    const first = sides.slice(0, s).reduce((sum, other) => sum + other.mass.length, 0);
    return vectors.map((v) => Float64Array.from(side.mass, (_, i) => v[first + i]! / root[first + i]!));
  });
}

function assemble(sides: readonly RegionSide[], bound: readonly [number, number][], bond: number): SymmetricMatrix {
  const rows: Map<number, number>[] = [], diagonal: number[] = [];
  let first = 0;
  const starts: number[] = [];
  for (const { stiffness, mass } of sides) {
    starts.push(first);
    for (let i = 0; i < mass.length; i++) {
      const row = new Map<number, number>();
      for (let e = stiffness.rows[i]!; e < stiffness.rows[i + 1]!; e++) row.set(first + stiffness.columns[e]!, stiffness.values[e]!);
      rows.push(row);
      diagonal.push(stiffness.diagonal[i]!);
    }
    first += mass.length;
  }
  for (const [i, j] of bound) {
    const a = starts[0]! + i, b = starts[1]! + j;
    rows[a]!.set(b, -bond);
    rows[b]!.set(a, -bond);
    diagonal[a]! += bond;
    diagonal[b]! += bond;
  }
  const counts = Int32Array.from([0, ...rows.map((row) => row.size)]);
  for (let i = 0; i < rows.length; i++) counts[i + 1]! += counts[i]!;
  const sorted = rows.map((row) => [...row].sort((x, y) => x[0] - y[0]));
  return { rows: counts, columns: Int32Array.from(sorted.flatMap((row) => row.map(([c]) => c))), values: Float64Array.from(sorted.flatMap((row) => row.map(([, v]) => v))), diagonal: Float64Array.from(diagonal) };
}

/** Gram-Schmidt in the mass, low frequencies first, twice; a vector that the others determine is replaced by zeros. Row-major. */
function orthonormal(vectors: readonly Float64Array[], mass: Float64Array): Float64Array {
  const n = mass.length, count = vectors.length, done: Float64Array[] = [];
  for (const original of vectors) {
    const v = original.slice(), before = norm(v, mass);
    for (let pass = 0; pass < 2; pass++) for (const u of done) {
      let s = 0;
      for (let i = 0; i < n; i++) s += mass[i]! * u[i]! * v[i]!;
      for (let i = 0; i < n; i++) v[i] = v[i]! - s * u[i]!;
    }
    const length = norm(v, mass);
    done.push(length > 1e-6 * before ? v.map((x) => x / length) : v.fill(0));
  }
  const out = new Float64Array(n * count);
  for (let i = 0; i < n; i++) for (let q = 0; q < count; q++) out[i * count + q] = done[q]![i]!;
  return out;
}

function norm(v: Float64Array, mass: Float64Array): number {
  let s = 0;
  for (let i = 0; i < v.length; i++) s += mass[i]! * v[i]! * v[i]!;
  return Math.sqrt(s);
}

/** v'Cv of a mode of length 1: its frequency within the hemisphere. */
function energy({ stiffness: c }: RegionSide, values: Float64Array, q: number, count: number): number {
  let sum = 0;
  for (let i = 0; i < c.diagonal.length; i++) {
    const x = values[i * count + q]!;
    let y = c.diagonal[i]! * x;
    for (let e = c.rows[i]!; e < c.rows[i + 1]!; e++) y += c.values[e]! * values[c.columns[e]! * count + q]!;
    sum += x * y;
  }
  return Math.max(0, sum);
}

function rising(values: Float64Array): Float64Array {
  let most = 0;
  return values.map((v) => (most = Math.max(most, v)));
}
