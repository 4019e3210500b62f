/**
 * Surrogates of a parcellation: parcels of the same sizes and the same smoothness at other places. The parcels' indicator functions are written in the
 * region's eigenmodes; the coefficients are rotated at random within bands of equal frequency, the same rotation for every parcel; a low-pass exp(-lambda t)
 * is applied; each vertex goes to the parcel whose function is largest, with offsets that give every parcel its size in each hemisphere. t is the one at which the
 * surrogates' variogram is that of the parcellation (as Burt et al. 2020 match variograms by smoothing). The difference between mirrored hemispheres is scaled so
 * that mirror images agree as often as they do in the parcellation.
 */
import type { Random } from '../../random.js';
import { bandsOf, drawRotations, type Band } from './rotations.js';
import { labelVariogram, mirrorAgreement, type SurrogateBasis } from './sample.js';

/** A parcellation in the modes of the region. */
export interface ParcelSpectrum {
  k: number;
  /** By hemisphere: coefficients, modes x k, and the number of points each parcel should have, summing to the hemisphere's. */
  sides: { coefficients: Float64Array; sizes: Float64Array }[];
}

/**
 * Rotations of one surrogate, a set for each hemisphere; mirrored hemispheres share one, so that parcels that are mirror images stay so (as in spin tests). They
 * serve every parcellation of the region.
 */
export type Rotations = Float64Array[][];

/** Filters tried: multiples of a vertex's area. */
const TIMES = [0, 0.4, 0.8, 1.5, 3, 6, 12, 24, 48, 96];
/** Factors of the difference between hemispheres tried. */
const DIFFERENCES = [1, 0.8, 0.6, 0.4, 0.2, 0];
/** A mode whose part is below this is left out. */
const NEGLIGIBLE = 1e-2;
/** Sizes are met to this share of all points. */
const SIZE_TOLERANCE = 0.03;
const MOST_BALANCING = 60;

/** Labels 1..k of all vertices of the region; 0 (no label) counts for no parcel. */
export function parcelSpectrum(basis: SurrogateBasis, labels: ArrayLike<number>, k: number): ParcelSpectrum {
  const { modes, firsts, counts } = basis, count = modes.count;
  const sides = modes.sides.map(({ values, mass }, s) => {
    const coefficients = new Float64Array(count * k), sizes = new Float64Array(k);
    for (let i = 0; i < mass.length; i++) {
      const j = labels[firsts[s]! + i]! - 1;
      if (j < 0) continue;
      sizes[j]!++;
      for (let q = 0; q < count; q++) coefficients[q * k + j] = coefficients[q * k + j]! + mass[i]! * values[i * count + q]!;
    }
    const total = sizes.reduce((sum, v) => sum + v, 0);
    return { coefficients, sizes: sizes.map((v) => (total > 0 ? (v * counts[s]!) / total : counts[s]! / k)) };
  });
  return { k, sides };
}

export function drawRotationSet(basis: SurrogateBasis, bands: readonly Band[], random: Random): Rotations {
  const first = drawRotations(bands, random);
  return basis.modes.sides.map((_, s) => (s === 0 || basis.modes.mirrored ? first : drawRotations(bands, random)));
}
export const bandsOfBasis = (basis: SurrogateBasis): Band[] => bandsOf(basis.modes.count);

/** What makes surrogates as smooth as a parcellation. */
export interface Filter {
  /** Of the low-pass exp(-lambda t), mm2. */
  time: number;
  /** Factor of the difference between mirrored hemispheres, 0..1. */
  difference: number;
}

/** Room for surrogates of up to mostK parcels; what it returns is overwritten by the next call. */
export interface SurrogateMaker {
  /**
   * Labels 1..k of the points under the rotations and the filter. `lead[i * k + j]`: how far parcel j is ahead of the best other one at point i; negative but for the winner.
   */
  make(spectrum: ParcelSpectrum, rotations: Rotations, filter: Filter): { labels: Uint8Array; lead: Float64Array };
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
  const fields = new Float64Array(Math.max(...counts) * mostK), packed = new Float64Array(mostK * count), labels = new Uint8Array(n), lead = new Float64Array(n * mostK);

  return {
    make({ k, sides }, rotations, { time, difference }) {
      let used = count;
      while (used > 2 && Math.exp(-modes.frequency[used - 1]! * time) < NEGLIGIBLE) used--;
      let row = 0;
      sides.forEach(({ coefficients, sizes }, s) => {
        const other = sides[1 - s]?.coefficients, apart = modes.mirrored && other !== undefined ? (1 - difference) / 2 : 0;
        const c = rotate(apart === 0 ? coefficients : coefficients.map((v, i) => v + apart * (other![i]! - v)), k, bands, rotations[s]!), size = counts[s]!;
        // Coefficients of one parcel after the other, so that the products run along both. The constant is left to the offsets.
        for (let q = 0; q < used; q++) { const f = q === 0 ? 0 : Math.exp(-modes.frequency[q]! * time); for (let j = 0; j < k; j++) packed[j * count + q] = c[q * k + j]! * f; }
        evaluate(atPoints[s]!, size, packed, k, count, used, fields);
        const offset = balance(fields, size, k, sizes, labels.subarray(row, row + size));
        leads(fields, size, k, offset, lead.subarray(row * k, (row + size) * k));
        row += size;
      });
      return { labels, lead };
    },
  };
}

/** out[i * k + j] = sum over q of phi[i * stride + q] c[j * stride + q], four sums at a time. */
function evaluate(phi: Float64Array, rows: number, c: Float64Array, k: number, stride: number, used: number, out: Float64Array): void {
  const whole = used - (used % 4);
  for (let i = 0; i < rows; i++) {
    const p = i * stride;
    for (let j = 0; j < k; j++) {
      const r = j * stride;
      let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
      for (let q = 0; q < whole; q += 4) {
        s0 += phi[p + q]! * c[r + q]!;
        s1 += phi[p + q + 1]! * c[r + q + 1]!;
        s2 += phi[p + q + 2]! * c[r + q + 2]!;
        s3 += phi[p + q + 3]! * c[r + q + 3]!;
      }
      for (let q = whole; q < used; q++) s0 += phi[p + q]! * c[r + q]!;
      out[i * k + j] = s0 + s1 + (s2 + s3);
    }
  }
}

/** Rotates the coefficients of each band. */
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

/**
 * Offsets, one a parcel, move until each parcel wins about as many points as it should. A step grows while its error keeps its sign and is halved when it
 * changes it.
 */
function balance(fields: Float64Array, n: number, k: number, sizes: Float64Array, labels: Uint8Array): Float64Array {
  const offset = new Float64Array(k), step = new Float64Array(k), before = new Float64Array(k), won = new Float64Array(k);
  for (let j = 0; j < k; j++) {
    let mean = 0, square = 0;
    for (let p = j; p < n * k; p += k) mean += fields[p]!;
    mean /= n;
    for (let p = j; p < n * k; p += k) { const d = fields[p]! - mean; square += d * d; }
    offset[j] = -mean;
    step[j] = 4 * Math.sqrt(square / n);
  }
  for (let round = 0; ; round++) {
    won.fill(0);
    for (let i = 0, p = 0; i < n; i++) {
      let best = -Infinity, winner = 0;
      for (let j = 0; j < k; j++, p++) {
        const v = fields[p]! + offset[j]!;
        if (v > best) { best = v; winner = j; }
      }
      labels[i] = winner + 1;
      won[winner]!++;
    }
    let wrong = 0;
    for (let j = 0; j < k; j++) wrong += Math.abs(won[j]! - sizes[j]!);
    if (wrong <= 2 * SIZE_TOLERANCE * n || round === MOST_BALANCING) return offset;
    for (let j = 0; j < k; j++) {
      const error = (sizes[j]! - won[j]!) / n, same = error * before[j]!;
      step[j] = step[j]! * (same < 0 ? 0.5 : same > 0 ? 1.3 : 1);
      offset[j] = offset[j]! + step[j]! * error;
      before[j] = error;
    }
  }
}

function leads(fields: Float64Array, n: number, k: number, offset: Float64Array, lead: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let best = -Infinity, second = -Infinity;
    for (let j = 0; j < k; j++) { const v = fields[i * k + j]! + offset[j]!; if (v > best) { second = best; best = v; } else if (v > second) second = v; }
    for (let j = 0; j < k; j++) { const v = fields[i * k + j]! + offset[j]!; lead[i * k + j] = v - (v === best ? second : best); }
  }
}

/**
 * The filter at which surrogates of the parcellations are as smooth as they are: smallest squared difference between the mean variograms, then the
 * nearest agreement of mirror images. `rotations`: a few sets; the i-th is used with parcellation i modulo their number.
 */
export function matchFilter(basis: SurrogateBasis, maker: SurrogateMaker, parcellations: readonly { spectrum: ParcelSpectrum; labels: ArrayLike<number> }[], rotations: readonly Rotations[]): Filter {
  const originals = parcellations.map(({ labels }) => Array.from(basis.points, (v) => labels[v]!));
  const average = (of: (labels: ArrayLike<number>) => Float64Array, filter: Filter): Float64Array => meanOf(rotations.map((set, r) => of(maker.make(parcellations[r % parcellations.length]!.spectrum, set, filter).labels)));
  const nearest = (filters: readonly Filter[], of: (labels: ArrayLike<number>) => Float64Array): Filter => {
    const target = meanOf(originals.map(of)), misfits = filters.map((filter) => average(of, filter).reduce((s, v, b) => s + (v - target[b]!) ** 2, 0));
    return filters[misfits.indexOf(Math.min(...misfits))]!;
  };
  const smooth = nearest(TIMES.map((multiple) => ({ time: multiple * basis.area, difference: 1 })), (labels) => labelVariogram(basis, labels));
  if (mirrorAgreement(basis, originals[0]!) === null) return smooth;
  return nearest(DIFFERENCES.map((difference) => ({ ...smooth, difference })), (labels) => Float64Array.of(mirrorAgreement(basis, labels)!));
}

function meanOf(curves: Float64Array[]): Float64Array {
  return curves[0]!.map((_, b) => curves.reduce((s, c) => s + c[b]!, 0) / curves.length);
}
