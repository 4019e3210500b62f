/**
 * The accelerated solver: instead of one multiplicative step, every row of W is the (damped) solution of its k x k non-negative least
 * squares problem given M = Y'Y and N = X Y, one pass over X an iteration. Same fixed points as Yang & Oja's (2010) update; see docs/opnmf.md.
 *
 * Undamped exact rows make the outer map overshoot and diverge; a step of DAMPING with rows solved in proportion to the residual
 * converges. Several starts run a short way, the one with the lowest error is finished.
 */
import type { Problem } from './kernel/instance.js';
import { certify, toProjectiveScale } from './projective-scale.js';
import type { OnPass, StopReason } from './types.js';

const DAMPING = 0.7;
const SWEEPS = 30;
/** Passes each start gets before the starts are compared. */
const TRIAL_PASSES = 30;

export interface SolverState {
  iterations: number;
  passes: number;
  residual: number;
  error: number;
  stopped: StopReason;
  spread: number | null;
}

/**
 * Solves from each of `starts` (m x k) and leaves the best W, at the projective scale, in `problem`.
 * Stops when the residual r of the kept start is at most `tolerance`, or after `maxIterations` passes of it.
 */
export function solveAccelerated(
  problem: Problem, starts: Float64Array[], k: number, tolerance: number, maxIterations: number, onPass: OnPass,
): SolverState {
  let passes = 0;
  let best: { W: Float64Array; error: number; residual: number } | null = null;
  let worst = 0;
  const several = starts.length > 1;
  for (const start of starts) {
    problem.load(start, k);
    const trial = iterate(problem, tolerance, several ? Math.min(TRIAL_PASSES, maxIterations) : maxIterations, 1, (p) => onPass({ ...p, passes: passes + p.passes }));
    passes += trial.passes;
    if (!several || trial.stopped === 'cancelled') return { ...trial, passes, iterations: trial.passes, spread: null };
    worst = Math.max(worst, trial.error);
    if (best === null || trial.error < best.error) best = { W: problem.unload(), error: trial.error, residual: trial.residual };
  }
  if (best === null) throw new RangeError('solveAccelerated needs at least one start');
  problem.load(best.W, k);
  const done = Math.min(TRIAL_PASSES, maxIterations);
  const rest = iterate(problem, tolerance, Math.max(1, maxIterations - done), best.residual, (p) => onPass({ ...p, passes: passes + p.passes }));
  return { ...rest, passes: passes + rest.passes, iterations: done + rest.passes, spread: (worst - best.error) / best.error };
}

function iterate(
  problem: Problem, tolerance: number, maxPasses: number, residual: number, onPass: OnPass,
): Omit<SolverState, 'spread' | 'iterations'> {
  let passes = 0, r = residual, error = 0;
  let stopped: StopReason = 'max-iterations';
  while (passes < maxPasses) {
    const at = toProjectiveScale(problem);
    error = at.error;
    const rowTolerance = Math.min(1e-3, Math.max(1e-12, 0.1 * r));
    r = problem.acceleratedPass(at.scale, SWEEPS, rowTolerance, passes < 3 && residual === 1 ? 1 : DAMPING);
    passes++;
    if (!onPass({ passes, residual: r, error })) { stopped = 'cancelled'; break; }
    if (r <= tolerance) {
      // r belonged to the W the pass began with; the W it left is what is returned, so it is certified itself.
      const now = certify(problem);
      passes++;
      r = now.residual; error = now.error;
      if (r <= tolerance) return { passes, residual: r, error, stopped: 'residual' };
    }
  }
  const now = certify(problem);
  return { passes: passes + 1, residual: now.residual, error: now.error, stopped: now.residual <= tolerance ? 'residual' : stopped };
}
