/**
 * The accelerated solver: instead of one multiplicative step, every row of W becomes the (damped) exact solution of its k x k non-negative
 * least squares problem given M = Y'Y and N = X Y, one pass over X an iteration. Same fixed points as Yang & Oja's (2010) update, a small
 * fraction of the passes; docs/opnmf.md has the measurements behind the constants.
 *
 * Two phases. Every start is warmed up with a few coordinate sweeps a pass, which leave saddles gently; the one with the lowest error is
 * finished with exact rows. Undamped exact rows make the outer map overshoot and diverge, hence the damping.
 */
import type { Problem } from './kernel/instance.js';
import { AdaptiveDamping } from './damping.js';
import { certify, toProjectiveScale } from './projective-scale.js';
import type { OnPass, StopReason } from './types.js';

/** How one pass treats the rows: coordinate sweeps, then active-set steps (0: none), then a part of the way there. */
interface RowRule {
  sweeps: number;
  activeSetSteps: number;
  damping: number | 'adaptive';
}

const WARM_UP: RowRule = { sweeps: 3, activeSetSteps: 0, damping: 0.7 };
const EXACT: RowRule = { sweeps: 0, activeSetSteps: 30, damping: 'adaptive' };
/** The residual costs about a tenth of a pass, and falls by a few per cent from one to the next. */
const MEASURE_EVERY = 3;
/** Passes of every start before they are compared. */
const WARM_UP_PASSES = 20;

export interface SolverState {
  iterations: number;
  passes: number;
  residual: number;
  error: number;
  stopped: StopReason;
  spread: number | null;
}

/**
 * Solves from the best of `starts` (m x k) and leaves W, at the projective scale, in `problem`. Stops when the natural residual r is at
 * most `tolerance`, or after `maxIterations` passes of the start that was kept.
 */
export function solveAccelerated(
  problem: Problem, starts: Float64Array[], k: number, tolerance: number, maxIterations: number, onPass: OnPass,
): SolverState {
  const warmUp = Math.min(WARM_UP_PASSES, maxIterations);
  let passes = 0, worst = 0;
  let best: { W: Float64Array; error: number; passes: number } | null = null;
  for (const start of starts) {
    problem.load(start, k);
    const state = iterate(problem, WARM_UP, tolerance, warmUp, (p) => onPass({ ...p, passes: passes + p.passes }));
    passes += state.passes;
    if (state.stopped === 'cancelled') return { ...state, passes, iterations: state.passes, spread: null };
    worst = Math.max(worst, state.error);
    if (best === null || state.error < best.error) best = { W: problem.unload(), error: state.error, passes: state.passes };
  }
  if (best === null) throw new RangeError('solveAccelerated needs at least one start');
  problem.load(best.W, k);
  const state = iterate(problem, EXACT, tolerance, Math.max(1, maxIterations - warmUp), (p) => onPass({ ...p, passes: passes + p.passes }));
  const spread = starts.length > 1 ? (worst - best.error) / best.error : null;
  return { ...state, passes: passes + state.passes, iterations: best.passes + state.passes, spread };
}

function iterate(problem: Problem, rule: RowRule, tolerance: number, maxPasses: number, onPass: OnPass): Omit<SolverState, 'spread' | 'iterations'> {
  let passes = 0, residual = 1;
  let stopped: StopReason = 'max-iterations';
  const adaptive = new AdaptiveDamping();
  while (passes < maxPasses) {
    const { scale, error } = toProjectiveScale(problem);
    const damping = rule.damping === 'adaptive' ? adaptive.next(problem.Y) : rule.damping;
    const measure = passes % MEASURE_EVERY === 0;
    const measured = problem.acceleratedPass(scale, rule.sweeps, damping, rule.activeSetSteps, measure);
    if (measure) residual = measured;
    passes++;
    if (!onPass({ passes, residual, error })) { stopped = 'cancelled'; break; }
    if (!measure || residual > tolerance) continue;
    // That residual belonged to the W the pass began with; the W it left is what is returned, so it must hold there.
    const now = certify(problem);
    passes++;
    if (now.residual <= tolerance) return { passes, ...now, stopped: 'residual' };
  }
  return { passes, ...certify(problem), stopped };
}
