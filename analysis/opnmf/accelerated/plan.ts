/** Which starts an accelerated run begins with, what each gets, and how many are finished. */
import { nndsvdStart, partitionStart, remixed } from '../initialise.js';
import { coarseColumnsOf, type PreparedMatrix } from '../kernel/matrix.js';

/** How widely the accelerated solver looks: problems this small (multiply-adds of half a pass) can afford more, and the smallest to finish all they begin. */
const SMALL = 450_000, SMALLEST = 50_000;
/** A k-th singular value below this part of the first: the columns of Y are nearly dependent, and so many W are nearly fixed points that the start alone decides (docs/opnmf.md). */
const FLAT = 0.01;
/** Hops of flat problems: so many by the cost of a pass, about half a second's worth. */
const HOPS = { work: 3_600_000, least: 9, most: 45 };

/** One start and its first passes. */
export interface Trial {
  /** m x k. */
  start: () => Float64Array;
  /** Gentle passes or published updates. */
  first: 'gentle' | 'published';
  passes: number;
  /** Goes down the projective error before it is finished, once held where it is in flat directions and once not. */
  descends: boolean;
  /** Finished whatever its error so early. */
  kept: boolean;
}

export interface SearchPlan {
  trials: Trial[];
  finalists: number;
  /** Attempts to do better from the best that was found; each begins at `hop` of that W and its number. 0 where the problem is not flat. */
  hops: number;
  hop: (w: Float64Array, i: number) => Float64Array;
  /** Of the leading part of X, on which starts are compared; null: on X. */
  columns: number | null;
}

/** Gentle passes of a start that was given. */
const GIVEN_PASSES = 20;
/** Published updates of NNDSVD: where that algorithm goes from there is always among what is compared. */
const PUBLISHED_UPDATES = 20;

/** Starts by the cost of a pass, so that small problems, which are often the harder ones, are searched more widely. `given` replaces every start. */
export function searchPlan(matrix: PreparedMatrix, k: number, seed: number, given: Float64Array | null): SearchPlan {
  const { m, n, s, exactColumns, compressed } = matrix;
  const whole = 2 * exactColumns <= Math.min(m, n), columns = whole || compressed ? Math.min(exactColumns, coarseColumnsOf(k)) : null;
  const hop = (w: Float64Array, i: number): Float64Array => remixed(w, m, k, `${seed}/hop/${i}`);
  if (given !== null) return { hops: 0, hop, trials: [{ start: () => given, first: 'gentle', passes: GIVEN_PASSES, descends: false, kept: true }], finalists: 1, columns };
  // Where a pass over all of X costs next to nothing, the rows' problems are what a pass costs.
  const cost = m * (whole ? exactColumns + 2 * k : n) * k, small = cost <= SMALL, smallest = cost <= SMALLEST;
  const gentle = small ? 20 : 10;
  const random = (i: number): Trial => ({ start: () => partitionStart(matrix, k, `${seed}/start/${i}`), first: 'gentle', passes: gentle, descends: false, kept: false });
  const published: Trial = { start: () => nndsvdStart(matrix, k), first: 'published', passes: PUBLISHED_UPDATES, descends: false, kept: true };
  const trials = small
    ? [{ ...published, first: 'gentle' as const, passes: gentle }, ...Array.from({ length: 19 }, (_, i) => random(i)), published]
    : [published, random(0), random(1)];
  const finalists = !small ? 3 : smallest ? trials.length : 7;
  if (k < 2 || (s[k - 1] as number) >= FLAT * (s[0] as number)) return { trials, finalists, columns, hops: 0, hop };
  const descents = [published, ...Array.from({ length: small ? 4 : 2 }, (_, i) => random(i))].map((trial) => ({ ...trial, descends: true }));
  return { trials: [...trials, ...descents], finalists: trials.length + 2 * descents.length, columns, hops: Math.max(HOPS.least, Math.min(HOPS.most, Math.round(HOPS.work / cost))), hop };
}
