/** The adjusted Rand index of two cohorts against surrogates: the second cohort's parcels moved at random, their sizes and smoothness kept. */
import type { SurrogateNull } from '../../../contracts/uncertainty.js';
import { createRandom } from '../../random.js';
import type { SurrogateBasis } from './sample.js';
import { summariseNull } from './summary.js';
import { bandsOfBasis, createSurrogateMaker, drawRotationSet, matchFilter, parcelSpectrum } from './surrogate.js';

export interface NullOptions {
  nulls: number;
  /** Names the stream of random numbers. */
  stream: string;
  /** Called for every surrogate with the number done; false stops. */
  onProgress?: (done: number) => boolean;
}

/** Sets of rotations with which the filter is chosen. */
export const MATCHING = 10;

/** `a`, `b`: labels 1..k of every vertex of the region. One result a rank, in order; null when stopped. Every rank shares the rotations. */
export function randNull(basis: SurrogateBasis, ranks: readonly { k: number; a: ArrayLike<number>; b: ArrayLike<number>; observed: number }[], options: NullOptions): SurrogateNull[] | null {
  const bands = bandsOfBasis(basis), maker = createSurrogateMaker(basis, Math.max(...ranks.map((r) => r.k)));
  const matching = Array.from({ length: MATCHING }, (_, r) => drawRotationSet(basis, bands, createRandom(`${options.stream}/match/${r}`)));
  const ready = ranks.map(({ k, a, b }) => {
    const spectrum = parcelSpectrum(basis, b, k);
    return { spectrum, fixed: Uint8Array.from(basis.points, (v) => a[v]!), filter: matchFilter(basis, maker, [{ spectrum, labels: b }], matching), values: new Float64Array(options.nulls) };
  });
  for (let r = 0; r < options.nulls; r++) {
    if (options.onProgress?.(r) === false) return null;
    const rotations = drawRotationSet(basis, bands, createRandom(`${options.stream}/${r}`));
    for (const one of ready) one.values[r] = denseRand(one.fixed, maker.make(one.spectrum, rotations, one.filter).labels, one.spectrum.k);
  }
  return ready.map(({ values }, i) => summariseNull(ranks[i]!.observed, values));
}

/** adjustedRandIndex for labels 0..k, without a map: it is called a thousand times a rank. */
export function denseRand(a: Uint8Array, b: Uint8Array, k: number): number {
  const width = k + 1, cells = new Int32Array(width * width), rows = new Int32Array(width), columns = new Int32Array(width), pairs = (c: number): number => (c * (c - 1)) / 2;
  for (let i = 0; i < a.length; i++) {
    cells[a[i]! * width + b[i]!]!++;
    rows[a[i]!]!++;
    columns[b[i]!]!++;
  }
  let index = 0, byRow = 0, byColumn = 0;
  for (const c of cells) index += pairs(c);
  for (let j = 0; j < width; j++) { byRow += pairs(rows[j]!); byColumn += pairs(columns[j]!); }
  const expected = (byRow * byColumn) / pairs(a.length), most = (byRow + byColumn) / 2;
  return most === expected ? 1 : (index - expected) / (most - expected);
}
