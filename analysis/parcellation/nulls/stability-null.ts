/**
 * The split-half stability against surrogates: the parcels of half B moved at random, their sizes and smoothness kept. The weights come along by rank, component by
 * component: the point where a surrogate parcel is furthest ahead of the others gets B's largest (unit-row) weight of that component, and so on; so every
 * component keeps its weights, and they pass from parcel to parcel as gradually as they did.
 * The observed index is the mean over the splits; a surrogate is of one split, in turn. Splits of one cohort are alike, so a mean over independent surrogates would
 * vary too little; one split's null is as wide as if all splits were the same, which errs towards larger p.
 */
import type { SurrogateNull } from '../../../contracts/uncertainty.js';
import { createRandom } from '../../random.js';
import { hardLabels } from '../labels.js';
import { MATCHING, type NullOptions } from './rand-null.js';
import type { SurrogateBasis } from './sample.js';
import { meanSimilarity, unitRowsOf } from './similarity.js';
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
  /** Unit rows of A at the points. */
  a: Float64Array;
  /** Unit-row weights of each component of B over all vertices, ascending. */
  weights: Float64Array[];
}

/** One result a rank; null when stopped. */
export function stabilityNull(basis: SurrogateBasis, ranks: readonly RankHalves[], options: NullOptions): SurrogateNull[] | null {
  const bands = bandsOfBasis(basis), mostK = Math.max(...ranks.map((r) => r.k)), n = basis.points.length, maker = createSurrogateMaker(basis, mostK);
  const matching = Array.from({ length: MATCHING }, (_, r) => drawRotationSet(basis, bands, createRandom(`${options.stream}/match/${r}`)));
  const ready = ranks.map(({ k, splits }) => {
    const list = splits.map((split) => readySplit(basis, split, k));
    return { k, list, filter: matchFilter(basis, maker, list, matching), values: new Float64Array(options.nulls), rows: new Float64Array(n * k) };
  });
  for (let r = 0; r < options.nulls; r++) {
    if (options.onProgress?.(r) === false) return null;
    const rotations = drawRotationSet(basis, bands, createRandom(`${options.stream}/${r}`));
    for (const { k, list, filter, values, rows } of ready) {
      const { spectrum, a, weights } = list[r % list.length]!;
      weightsByRank(maker.make(spectrum, rotations, filter).lead, weights, n, k, rows);
      values[r] = meanSimilarity(a, unitRowsOf(rows, n, k), n, k);
    }
  }
  return ready.map(({ values }, i) => {
    const { observed } = ranks[i]!, known = values.filter(Number.isFinite);
    if (observed === null) return noNull('there is no stability at this rank');
    return known.length < values.length ? noNull('the parcels of a half have no contrast') : summariseNull(observed, known);
  });
}

function readySplit(basis: SurrogateBasis, { A, B }: RankHalves['splits'][number], k: number): ReadySplit {
  const { size: m, points } = basis, labels = hardLabels(B, m, k);
  const unit = unitRowsOf(B.slice(), m, k), a = new Float64Array(points.length * k);
  points.forEach((v, i) => a.set(A.subarray(v * k, (v + 1) * k), i * k));
  const weights = Array.from({ length: k }, (_, j) => Float64Array.from({ length: m }, (_x, i) => unit[i * k + j]!).sort());
  return { spectrum: parcelSpectrum(basis, labels, k), labels, a: unitRowsOf(a, points.length, k), weights };
}

/** rows[i * k + j]: the weight of component j that has the rank of point i's lead in j. */
function weightsByRank(lead: Float64Array, weights: readonly Float64Array[], n: number, k: number, rows: Float64Array): void {
  const sorted = new Float64Array(n);
  for (let j = 0; j < k; j++) {
    const from = weights[j]!, share = from.length / n;
    for (let i = 0; i < n; i++) sorted[i] = lead[i * k + j]!;
    sorted.sort();
    for (let i = 0; i < n; i++) {
      const v = lead[i * k + j]!;
      let low = 0, high = n - 1;
      while (low < high) { const middle = (low + high) >> 1; if (sorted[middle]! < v) low = middle + 1; else high = middle; }
      rows[i * k + j] = from[Math.floor((low + 0.5) * share)]!;
    }
  }
}
