/** Which starts an accelerated run begins with, what each gets, and how many are finished. */
import { isFlat, poorError } from '../flat.js';
import { nndsvdStart, partitionStart, remixed } from '../initialise.js';
import { coarseColumnsOf, type PreparedMatrix } from '../kernel/matrix.js';

/** How widely the accelerated solver looks: problems this small (multiply-adds of half a pass) can afford more, and the smallest to finish all they begin. */
const SMALL = 450_000, SMALLEST = 50_000;
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
  /** Of a flat problem, should the finalists leave much to be desired. */
  more: MoreSearch | null;
  /** Of the leading part of X, on which starts are compared; null: on X. */
  columns: number | null;
}

export interface MoreSearch {
  /** The best error of the finalists from which on all this is done. */
  above: number;
  /** All are finished, and all starts that were not. */
  trials: Trial[];
  /** Attempts to do better from the best that was found; each begins at `hop` of that W and its number. */
  hops: number;
  hop: (w: Float64Array, i: number) => Float64Array;
}

/** Gentle passes of a start that was given. */
const GIVEN_PASSES = 20;
/** Published updates of NNDSVD: where that algorithm goes from there is always among what is compared. */
const PUBLISHED_UPDATES = 20;

/** Starts by the cost of a pass, so that small problems, which are often the harder ones, are searched more widely. `given` replaces every start. */
export function searchPlan(matrix: PreparedMatrix, k: number, seed: number, given: Float64Array | null): SearchPlan {
  const { m, n, exactColumns, compressed } = matrix;
  const whole = 2 * exactColumns <= Math.min(m, n), columns = whole || compressed ? Math.min(exactColumns, coarseColumnsOf(k)) : null;
  if (given !== null) return { more: null, trials: [{ start: () => given, first: 'gentle', passes: GIVEN_PASSES, descends: false, kept: true }], finalists: 1, columns };
  // Where a pass over all of X costs next to nothing, the rows' problems are what a pass costs.
  const cost = m * (whole ? exactColumns + 2 * k : n) * k, small = cost <= SMALL, smallest = cost <= SMALLEST;
  const gentle = small ? 20 : 10;
  const random = (i: number): Trial => ({ start: () => partitionStart(matrix, k, `${seed}/start/${i}`), first: 'gentle', passes: gentle, descends: false, kept: false });
  const published: Trial = { start: () => nndsvdStart(matrix, k), first: 'published', passes: PUBLISHED_UPDATES, descends: false, kept: true };
  const trials = small
    ? [{ ...published, first: 'gentle' as const, passes: gentle }, ...Array.from({ length: 19 }, (_, i) => random(i)), published]
    : [published, random(0), random(1)];
  const finalists = !small ? 3 : smallest ? trials.length : 7;
  if (!isFlat(matrix, k)) return { trials, finalists, columns, more: null };
  const descents = [published, ...Array.from({ length: small ? 4 : 2 }, (_, i) => random(i))].map((trial) => ({ ...trial, descends: true }));
  const hops = Math.max(HOPS.least, Math.min(HOPS.most, Math.round(HOPS.work / cost)));
  return { trials, finalists, columns, more: { above: poorError(matrix, k), trials: descents, hops, hop: (w, i) => remixed(w, m, k, `${seed}/hop/${i}`) } };
}
