/** Bootstrap resampling of rows within strata, so that every resample has the groups' sizes and the design stays the one that was planned. */
import { createRandom } from '../random.js';
import { bcaInterval, type BcaInterval } from './bca.js';
import { StatisticsError } from './errors.js';

/** A set of statistics of the same rows, computed together. */
export interface Resampled {
  /** Names the stream of random numbers: the same name and seed give the same resamples, whatever else is computed, where and in which order. */
  stream: string;
  /** Row numbers by stratum, and the stratum's name for messages. */
  strata: { name: string; rows: readonly number[] }[];
  statistics: number;
  /** Fills `out` with the statistics when row i counts counts[i] times; NaN where one cannot be computed. */
  evaluate(counts: Uint16Array, out: Float64Array): void;
}

export interface BootstrapOptions {
  resamples: number;
  seed: number;
  confidence: number;
  /** Called every hundred resamples with the number done; false stops. */
  onProgress?: (done: number) => boolean;
}

/** One statistic's interval, or why there is none. */
export interface BootstrapResult {
  estimate: number;
  interval: BcaInterval | null;
  reason: string | null;
  resamples: number;
  /** Resamples in which the statistic could not be computed (a covariate that did not vary, a model that fitted exactly). */
  degenerate: number;
}

/** A stratum of fewer rows is hardly varied by resampling: two rows are the same two, or one of them twice. */
const LEAST_ROWS = 3;
/** With more resamples lost than this share, what is left is a selection. */
const MOST_DEGENERATE = 0.1;

/**
 * Replicates and BCa interval of every statistic. Null when stopped. A statistic that cannot have an interval has a reason: a stratum of fewer than three
 * rows, more than a tenth of the resamples degenerate, an estimate that does not exist without some row.
 */
export function bootstrap(set: Resampled, options: BootstrapOptions): BootstrapResult[] | null {
  const { resamples, onProgress = () => true } = options;
  const rows = Math.max(-1, ...set.strata.flatMap((s) => s.rows)) + 1, T = set.statistics;
  const counts = new Uint16Array(rows), out = new Float64Array(T);
  const once = (c: Uint16Array): Float64Array => { set.evaluate(c, out); return out; };
  const whole = wholeSample(set, rows);
  const estimates = once(whole).slice();
  const small = set.strata.find((s) => s.rows.length < LEAST_ROWS);
  if (small !== undefined) return Array.from(estimates, (estimate) => none(estimate, 0, 0, `group '${small.name}' has ${small.rows.length === 1 ? 'one row' : `${small.rows.length} rows`}: resampling it says nothing about its spread`));

  const replicates = Array.from({ length: T }, () => new Float64Array(resamples));
  for (let b = 0; b < resamples; b++) {
    if (b % 100 === 0 && !onProgress(b)) return null;
    drawWithin(set, `${options.seed}/bootstrap/${set.stream}/${b}`, counts);
    once(counts).forEach((v, t) => { replicates[t]![b] = v; });
  }
  const leftOut = leaveOneOut(set, whole, once);
  return replicates.map((values, t) => {
    const estimate = estimates[t]!, usable = values.filter(Number.isFinite), degenerate = resamples - usable.length;
    if (!Number.isFinite(estimate)) return none(estimate, resamples, degenerate, 'it cannot be computed from all rows');
    if (degenerate > MOST_DEGENERATE * resamples) return none(estimate, resamples, degenerate, `${degenerate} of ${resamples} resamples could not be fitted`);
    const without = leftOut.map((stratum) => stratum.map((v) => v[t]!));
    if (!without.every((stratum) => stratum.every(Number.isFinite))) return none(estimate, resamples, degenerate, 'it rests on a single row: without that row the model cannot be fitted');
    try {
      return { estimate, interval: bcaInterval(estimate, usable, without, options.confidence), reason: null, resamples, degenerate };
    } catch (error) {
      if (!(error instanceof StatisticsError)) throw error;
      return none(estimate, resamples, degenerate, error.message);
    }
  });
}

const none = (estimate: number, resamples: number, degenerate: number, reason: string): BootstrapResult => ({ estimate, interval: null, reason, resamples, degenerate });

/** Every row of every stratum once. */
function wholeSample(set: Resampled, rows: number): Uint16Array {
  const counts = new Uint16Array(rows);
  for (const { rows: members } of set.strata) for (const i of members) counts[i] = 1;
  return counts;
}

/** As many rows as each stratum has, drawn from it with replacement. */
function drawWithin(set: Resampled, stream: string, counts: Uint16Array): void {
  const random = createRandom(stream);
  counts.fill(0);
  for (const { rows } of set.strata) for (let i = 0; i < rows.length; i++) counts[rows[random.integer(rows.length)]!]!++;
}

function leaveOneOut(set: Resampled, whole: Uint16Array, once: (counts: Uint16Array) => Float64Array): Float64Array[][] {
  return set.strata.map(({ rows }) => rows.map((i) => {
    const counts = whole.slice();
    counts[i] = 0;
    return once(counts).slice();
  }));
}
