/**
 * The split-half stability against surrogates: the parcels of half B moved at random, their sizes and smoothness kept. A surrogate is a rearrangement of
 * the rows of B's W: a vertex of surrogate parcel j gets a row of B's parcel j, the clearest rows going where the surrogate is clearest.
 * The observed index is the mean over the splits; a surrogate is of one split, in turn. Splits of one cohort are alike, so a mean over independent surrogates would
 * vary too little; one split's null is as wide as if all splits were the same, which errs towards larger p.
 */
import type { SurrogateNull } from '../../../contracts/uncertainty.js';
import { createRandom } from '../../random.js';
import { hardLabels } from '../labels.js';
import { MATCHING, type NullOptions } from './rand-null.js';
import type { SurrogateBasis } from './sample.js';
import { similarityRows, type SimilarityRows } from './similarity.js';
import { noNull, summariseNull } from './summary.js';
import { bandsOfBasis, createSurrogateMaker, drawRotationSet, matchFilter, parcelSpectrum, type ParcelSpectrum } from './surrogate.js';

/** W of both halves of every split at one rank: vertices of the region x k, row-major. */
export interface RankHalves {
  k: number;
  observed: number | null;
  splits: { A: Float64Array; B: Float64Array }[];
}

interface ReadySplit {
  spectrum: ParcelSpectrum;
  labels: Int32Array;
  a: SimilarityRows;
  b: SimilarityRows;
  /** Rows of B by label, clearest first. */
  donors: Int32Array[];
}

/** One result a rank; null when stopped. */
export function stabilityNull(basis: SurrogateBasis, ranks: readonly RankHalves[], options: NullOptions): SurrogateNull[] | null {
  const bands = bandsOfBasis(basis), maker = createSurrogateMaker(basis, Math.max(...ranks.map((r) => r.k)));
  const matching = Array.from({ length: MATCHING }, (_, r) => drawRotationSet(basis, bands, createRandom(`${options.stream}/match/${r}`)));
  const ready = ranks.map(({ k, splits }) => {
    const list = splits.map((split) => readySplit(basis, split, k));
    return { k, list, time: matchFilter(basis, maker, list, matching), values: new Float64Array(options.nulls), chosen: new Int32Array(basis.points.length) };
  });
  for (let r = 0; r < options.nulls; r++) {
    if (options.onProgress?.(r) === false) return null;
    const rotations = drawRotationSet(basis, bands, createRandom(`${options.stream}/${r}`));
    for (const { k, list, time, values, chosen } of ready) {
      const split = list[r % list.length]!, { labels, margin } = maker.make(split.spectrum, rotations, time);
      chooseDonors(labels, margin, split.donors, chosen);
      values[r] = meanSimilarity(split.a, split.b, chosen, k);
    }
  }
  return ready.map(({ values }, i) => {
    const { observed } = ranks[i]!, known = values.filter(Number.isFinite);
    if (observed === null) return noNull('there is no stability at this rank');
    return known.length < values.length ? noNull('the parcels of a half have no contrast') : summariseNull(observed, known);
  });
}

function readySplit(basis: SurrogateBasis, { A, B }: RankHalves['splits'][number], k: number): ReadySplit {
  const m = basis.size, labels = hardLabels(B, m, k);
  const b = similarityRows(B, Int32Array.from({ length: m }, (_, i) => i), k, basis.points.length), donors = Array.from({ length: k }, (): number[] => []);
  labels.forEach((label, i) => { if (label > 0) donors[label - 1]!.push(i); });
  const clear = clearness(b.rows, m, k);
  return { spectrum: parcelSpectrum(basis, labels, k), labels, a: similarityRows(A, basis.points, k, basis.points.length), b, donors: donors.map((rows) => Int32Array.from(rows.sort((x, y) => clear[y]! - clear[x]! || x - y))) };
}

/** How far the largest of each row is ahead of the second. */
function clearness(rows: Float64Array, m: number, k: number): Float64Array {
  const out = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    let best = 0, second = 0;
    for (let j = 0; j < k; j++) { const v = rows[i * k + j]!; if (v > best) { second = best; best = v; } else if (v > second) second = v; }
    out[i] = best - second;
  }
  return out;
}

/** chosen[i]: the row of B for point i, by rank of clearness within the label; -1 when B has no row of that label. */
function chooseDonors(labels: Uint8Array, margin: Float64Array, donors: readonly Int32Array[], chosen: Int32Array): void {
  donors.forEach((rows, j) => {
    const mine: number[] = [];
    for (let i = 0; i < labels.length; i++) if (labels[i] === j + 1) mine.push(i);
    mine.sort((x, y) => margin[y]! - margin[x]! || x - y);
    mine.forEach((i, rank) => { chosen[i] = rows.length > 0 ? rows[Math.floor(((rank + 0.5) * rows.length) / mine.length)]! : -1; });
  });
}

/** The index of stability.ts for rows a_i and b_chosen(i): mean over points of the correlation of their rows of similarities. NaN when no point has one. */
function meanSimilarity(a: SimilarityRows, b: SimilarityRows, chosen: Int32Array, k: number): number {
  const S = new Float64Array(k * k), n = chosen.length;
  for (let i = 0; i < n; i++) {
    const d = chosen[i]!;
    if (d < 0 || !(a.variance[i]! > 0) || !(b.variance[d]! > 0)) continue;
    for (let p = 0; p < k; p++) { const x = a.centred[i * k + p]!; for (let q = 0; q < k; q++) S[p * k + q] = S[p * k + q]! + x * b.centred[d * k + q]!; }
  }
  let sum = 0, count = 0;
  for (let i = 0; i < n; i++) {
    const d = chosen[i]!;
    if (d < 0 || !(a.variance[i]! > 0) || !(b.variance[d]! > 0)) continue;
    let cov = 0;
    for (let p = 0; p < k; p++) { let s = 0; for (let q = 0; q < k; q++) s += S[p * k + q]! * b.rows[d * k + q]!; cov += a.rows[i * k + p]! * s; }
    sum += Math.max(-1, Math.min(1, cov / Math.sqrt(a.variance[i]! * b.variance[d]!)));
    count++;
  }
  return sum / count;
}
