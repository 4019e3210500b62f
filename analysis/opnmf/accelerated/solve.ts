/**
 * The accelerated solver: instead of one multiplicative step, every row of W becomes the (damped) exact solution of its k x k non-negative
 * least squares problem given M = Y'Y and N = X Y. Same fixed points as Yang & Oja's (2010) update, a small fraction of the passes;
 * docs/opnmf.md has the measurements behind the constants.
 *
 * 1. Search, on the leading part of X where that is cheaper: every start gets a few coordinate sweeps a pass, which leave saddles gently; the
 *    best of them are finished with exact rows, and the one with the lowest error goes on. Where X is flat and these errors are poor, more
 *    starts, descents and hops follow.
 * 2. Refine: one pass over X gives what the leading part leaves out of A W; cheap passes with that held fixed; again.
 * 3. Finish: passes over X itself until r <= tolerance.
 */
import type { Problem } from '../kernel/problem.js';
import type { RunHooks, SolverState } from '../types.js';
import { finish, refine } from './refine.js';
import { Run, type AcceleratedOptions } from './run.js';
import { search } from './search.js';

/** Leaves W, at the projective scale, in `problem`. */
export function solveAccelerated(problem: Problem, options: AcceleratedOptions, hooks: RunHooks): SolverState {
  const run = new Run(problem, options, hooks), { state } = run;
  if (!search(run)) return run.end('cancelled');
  if (state.stage === 'refine') {
    const stopped = refine(run);
    if (stopped !== null) return run.end(stopped);
  }
  return run.end(finish(run));
}
