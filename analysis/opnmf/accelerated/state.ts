/** What an accelerated run carries from pass to pass. */
import type { AndersonState } from '../anderson.js';
import type { PaceState } from '../pace.js';

/** A start after its first passes. */
export interface Candidate {
  W: Float64Array;
  error: number;
  iterations: number;
  /** Can be compared: its error is one of X itself. */
  finished: boolean;
  /** Of a flat problem: did not come to where candidates are compared. */
  loose: boolean;
  /** Finished whatever its error so early. */
  kept: boolean;
  /** By rows that are held in flat directions. */
  held: boolean;
}

/** Everything the rest of a run depends on, at a safe point. */
export interface AcceleratedState {
  /** `more`, `rest` and `hops` are of flat problems whose finalists leave much to be desired. */
  stage: 'warm-up' | 'finalists' | 'more' | 'rest' | 'hops' | 'refine' | 'finish';
  /** The start, finalist or hop under way. */
  index: number;
  candidates: Candidate[];
  /** Where the run under way stands; null at its beginning. */
  W: Float64Array | null;
  /** Whether the start that was kept is held in flat directions. */
  held: boolean;
  /** Passes and pace of the run under way. */
  pass: number;
  pace: PaceState | null;
  /** Rounds that brought nothing. */
  stalls: number;
  /** Refinement rounds done, and r of the whole of X after the last. */
  rounds: number;
  certified: number;
  /** What the last round held fixed of A W, and the rounds before. */
  tail: Float64Array | null;
  mixing: AndersonState;
  /** As it was last measured. */
  residual: number;
  /** Iterations of the kept start up to the run under way; passes over X and over its leading part, of all starts. */
  iterations: number;
  passes: number;
  compressedPasses: number;
  spread: number | null;
}

/** Where a run begins. */
export function newState(): AcceleratedState {
  return {
    stage: 'warm-up', index: 0, candidates: [], W: null, held: false, pass: 0, pace: null, stalls: 0, rounds: 0, certified: Infinity, tail: null, mixing: { points: [], images: [] },
    residual: 1, iterations: 0, passes: 0, compressedPasses: 0, spread: null,
  };
}
