/**
 * Surrogates of a parcellation: parcels of the same sizes and the same smoothness at other places. The parcels' indicator functions are written in the
 * region's eigenmodes; the coefficients are rotated at random within bands of equal frequency, the same rotation for every parcel; a low-pass exp(-lambda t)
 * is applied; each vertex goes to the parcel whose function is largest, with offsets that give the parcels their sizes. t is the one at which the
 * surrogates' variogram is that of the parcellation (as Burt et al. 2020 match variograms by smoothing).
 */
import type { Random } from '../../random.js';
import { bandsOf, drawRotations, type Band } from './rotations.js';
import { labelVariogram, type SurrogateBasis } from './sample.js';

/** A parcellation in the modes of the region. */
export interface ParcelSpectrum {
  k: number;
  /** Points each parcel should have, summing to the number of points. */
  sizes: Float64Array;
  /** Coefficients, modes x k each: symmetric and antisymmetric parts of two mirrored hemispheres, or one block a hemisphere. */
  blocks: Float64Array[];
}

/** Rotations of one surrogate: one set a block. The same set serves every parcellation of the region. */
export type Rotations = Float64Array[][];

/** Filters tried: multiples of a vertex's area. */
const TIMES = [0, 0.4, 0.8, 1.5, 3, 6, 12, 24, 48, 96];
/** A mode whose part is below this is left out. */
const NEGLIGIBLE = 1e-3;
/** Sizes are met to this share of all points. */
const SIZE_TOLERANCE = 0.02;
const MOST_BALANCING = 40;

/** Labels 1..k of all vertices of the region; 0 (no label) counts for no parcel. */
export function parcelSpectrum(basis: SurrogateBasis, labels: ArrayLike<number>, k: number): ParcelSpectrum {
  const { modes, firsts, size, points } = basis, count = modes.count;
  const blocks = modes.sides.map(({ values, mass }, s) => {
    const c = new Float64Array(count * k);
    for (let i = 0; i < mass.length; i++) {
      const j = labels[firsts[s]! + i]! - 1;
      if (j >= 0) for (let q = 0; q < count; q++) c[q * k + j] = c[q * k + j]! + mass[i]! * values[i * count + q]!;
    }
    return c;
  });
  const sizes = new Float64Array(k);
  for (let i = 0; i < size; i++) if (labels[i]! > 0) sizes[labels[i]! - 1]!++;
  const total = sizes.reduce((s, v) => s + v, 0);
  return { k, sizes: sizes.map((v) => (v * points.length) / total), blocks: modes.mirrored ? turn(blocks) : blocks };
}

/** Left and right to symmetric and antisymmetric, and back: the same turn. */
function turn([a, b]: Float64Array[]): Float64Array[] {
  return [a!.map((v, i) => (v + b![i]!) * Math.SQRT1_2), a!.map((v, i) => (v - b![i]!) * Math.SQRT1_2)];
}

export const drawRotationSet = (basis: SurrogateBasis, bands: readonly Band[], random: Random): Rotations => basis.modes.sides.map(() => drawRotations(bands, random));
export const bandsOfBasis = (basis: SurrogateBasis): Band[] => bandsOf(basis.modes.count);

/** Room for surrogates of up to mostK parcels; what it returns is overwritten by the next call. */
export interface SurrogateMaker {
  /**
   * Labels 1..k of the points under the rotations and filter `time`. `margin[i]`: how far the winner was ahead of the next.
   */
  make(spectrum: ParcelSpectrum, rotations: Rotations, time: number): { labels: Uint8Array; margin: Float64Array };
}

export function createSurrogateMaker(basis: SurrogateBasis, mostK: number): SurrogateMaker {
  const { modes, points, counts, firsts } = basis, count = modes.count, n = points.length, bands = bandsOfBasis(basis);
  // The modes at the points, one block a hemisphere.
  let at = 0;
  const atPoints = modes.sides.map(({ values }, s) => {
    const phi = new Float64Array(counts[s]! * count);
    for (let i = 0; i < counts[s]!; i++, at++) { const v = points[at]! - firsts[s]!; phi.set(values.subarray(v * count, (v + 1) * count), i * count); }
    return phi;
  });
  const fields = new Float64Array(n * mostK), labels = new Uint8Array(n), margin = new Float64Array(n);

  return {
    make({ k, sizes, blocks }, rotations, time) {
      const turned = blocks.map((block, s) => rotate(block, k, bands, rotations[s]!));
      const sides = modes.mirrored ? turn(turned) : turned;
      let used = count;
      while (used > 2 && Math.exp(-modes.frequency[used - 1]! * time) < NEGLIGIBLE) used--;
      let row = 0;
      sides.forEach((c, s) => {
        for (let q = 0; q < used; q++) { const f = Math.exp(-modes.frequency[q]! * time); for (let j = 0; j < k; j++) c[q * k + j] = c[q * k + j]! * f; }
        for (let i = 0; i < counts[s]!; i++, row++) {
          const phi = atPoints[s]!, p = i * count, out = row * k;
          for (let j = 0; j < k; j++) {
            let sum = 0;
            for (let q = 0; q < used; q++) sum += phi[p + q]! * c[q * k + j]!;
            fields[out + j] = sum;
          }
        }
      });
      balance(fields, n, k, sizes, labels, margin);
      return { labels, margin };
    },
  };
}

/** Rotates the coefficients of each band; the constant stays: how much of each parcel is in either hemisphere. */
function rotate(block: Float64Array, k: number, bands: readonly Band[], rotations: readonly Float64Array[]): Float64Array {
  const out = block.slice();
  bands.forEach(({ first, size }, r) => {
    const q = rotations[r]!;
    for (let a = 0; a < size; a++) for (let j = 0; j < k; j++) {
      let s = 0;
      for (let b = 0; b < size; b++) s += q[a * size + b]! * block[(first + b) * k + j]!;
      out[(first + a) * k + j] = s;
    }
  });
  return out;
}

/** Offsets, one a parcel, move until each parcel wins about as many points as it should. Steps shrink where an error changes sign. */
function balance(fields: Float64Array, n: number, k: number, sizes: Float64Array, labels: Uint8Array, margin: Float64Array): void {
  const offset = new Float64Array(k), step = new Float64Array(k), before = new Float64Array(k), won = new Float64Array(k);
  for (let j = 0; j < k; j++) {
    let mean = 0, square = 0;
    for (let i = 0; i < n; i++) mean += fields[i * k + j]! / n;
    for (let i = 0; i < n; i++) square += (fields[i * k + j]! - mean) ** 2 / n;
    offset[j] = -mean;
    step[j] = 2 * Math.sqrt(square);
  }
  for (let round = 0; ; round++) {
    won.fill(0);
    for (let i = 0; i < n; i++) {
      let best = -Infinity, second = -Infinity, winner = 0;
      for (let j = 0, p = i * k; j < k; j++) {
        const v = fields[p + j]! + offset[j]!;
        if (v > best) { second = best; best = v; winner = j; } else if (v > second) second = v;
      }
      labels[i] = winner + 1;
      margin[i] = best - second;
      won[winner]!++;
    }
    let wrong = 0;
    for (let j = 0; j < k; j++) wrong += Math.abs(won[j]! - sizes[j]!);
    if (wrong <= 2 * SIZE_TOLERANCE * n || round === MOST_BALANCING) return;
    for (let j = 0; j < k; j++) {
      const error = (sizes[j]! - won[j]!) / n;
      if (error * before[j]! < 0) step[j] = step[j]! / 2;
      offset[j] = offset[j]! + step[j]! * error;
      before[j] = error;
    }
  }
}

/**
 * The filter at which surrogates of the parcellations are as smooth as they are: smallest squared difference between the mean variograms.
 * `rotations`: a few sets; the i-th is used with parcellation i modulo their number.
 */
export function matchFilter(basis: SurrogateBasis, maker: SurrogateMaker, parcellations: readonly { spectrum: ParcelSpectrum; labels: ArrayLike<number> }[], rotations: readonly Rotations[]): number {
  const target = meanOf(parcellations.map(({ labels }) => labelVariogram(basis, Array.from(basis.points, (v) => labels[v]!))));
  let best = 0, least = Infinity;
  for (const multiple of TIMES) {
    const time = multiple * basis.area;
    const found = meanOf(rotations.map((set, r) => labelVariogram(basis, maker.make(parcellations[r % parcellations.length]!.spectrum, set, time).labels)));
    const misfit = found.reduce((s, v, b) => s + (v - target[b]!) ** 2, 0);
    if (misfit < least) { least = misfit; best = time; }
  }
  return best;
}

function meanOf(curves: Float64Array[]): Float64Array {
  return curves[0]!.map((_, b) => curves.reduce((s, c) => s + c[b]!, 0) / curves.length);
}
