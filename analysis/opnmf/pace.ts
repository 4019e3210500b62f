/**
 * How far a pass goes. Two things are learnt from how Y changed in the passes before (docs/opnmf.md has the measurements):
 *
 * - Damping: the map from W to the exact rows has modes that creep (they want a full step) and modes that overshoot and alternate (they
 *   want less). Changes that point the same way lengthen the step, opposite ones shorten it.
 * - Extrapolation: when the changes shrink slowly along one direction, W goes on in it as far as the geometric series says (Aitken 1926,
 *   for vectors), because one slow mode is all that is left.
 */
const START = 0.8, LEAST = 0.6, MOST = 1, LONGER = 1.05, SHORTER = 0.8;
/** Changes within this cosine are one direction. */
const ALIGNED = 0.9;
/** Passes between two extrapolations, and the longest one in passes. */
const WAIT = 6, FARTHEST = 20;
/** A run that has not ended after so many passes goes round in circles: shorter steps, no more extrapolation. */
const PATIENCE = 600, CAUTIOUS = 0.4;

/** All that the next pass depends on, for a checkpoint. */
export interface PaceState {
  step: number;
  /** Y of the pass before, and how it had changed until then. */
  last: Float64Array | null;
  change: Float64Array | null;
  /** Passes since the last extrapolation. */
  since: number;
  passes: number;
  /** W of the pass before and the factor to its projective scale, kept when an extrapolation may come. */
  W: Float64Array | null;
  scale: number;
}

export interface Step {
  damping: number;
  /** W (kp columns a row, the projective scale) to go on from instead; null: the one that is there. */
  extrapolated: Float64Array | null;
}

export class Pace {
  private now: PaceState;

  constructor(state: PaceState | null = null) {
    this.now = state ?? { step: START, last: null, change: null, since: 0, passes: 0, W: null, scale: 1 };
  }

  get state(): PaceState { return this.now; }

  /** For the next pass, given Y at the projective scale, and W with the factor that leads there. */
  next(y: Float64Array, w: Float64Array, scale: number): Step {
    const { last, change: before, W: from } = this.now;
    let { step } = this.now;
    const since = this.now.since + 1, passes = this.now.passes + 1, cautious = passes > PATIENCE;
    const change = last === null ? null : difference(y, last);
    let aligned = false, ratio = 0;
    if (change !== null && before !== null) {
      const along = inner(change, before), size = inner(change, change), sizeBefore = inner(before, before);
      step = along < 0 ? Math.max(LEAST, step * SHORTER) : Math.min(MOST, step * LONGER);
      aligned = along > ALIGNED * Math.sqrt(size * sizeBefore);
      ratio = Math.sqrt(size / sizeBefore);
    }
    if (cautious) step = Math.min(step, CAUTIOUS);
    else if (aligned && since > WAIT && from !== null) {
      const far = ratio < 1 ? Math.min(FARTHEST, ratio / (1 - ratio)) : FARTHEST;
      if (far > 1) {
        const extrapolated = ahead(from, this.now.scale, w, scale, far);
        this.now = { step, last: null, change: null, since: 0, passes, W: null, scale };
        return { damping: step, extrapolated };
      }
    }
    this.now = { step, last: y.slice(), change, since, passes, W: !cautious && aligned && since >= WAIT ? w.slice() : null, scale };
    return { damping: step, extrapolated: null };
  }
}

/** Zero stays zero (padding), the floor stays the floor. */
function ahead(from: Float64Array, fromScale: number, w: Float64Array, scale: number, passes: number): Float64Array {
  const out = new Float64Array(w.length);
  for (let i = 0; i < w.length; i++) {
    const here = (w[i] as number) * scale;
    if (here > 0) out[i] = Math.max(here + passes * (here - (from[i] as number) * fromScale), 1e-16);
  }
  return out;
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < out.length; i++) out[i] = (a[i] as number) - (b[i] as number);
  return out;
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
