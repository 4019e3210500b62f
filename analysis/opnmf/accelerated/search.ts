/** The search: every start for a few gentle passes, the best of them with exact rows until they can be compared. False: cancelled. */
import { toProjectiveScale } from '../projective-scale.js';
import { EXACT, WARM_UP, type Run } from './run.js';
import type { Candidate } from './state.js';

/** Published updates of NNDSVD: where that algorithm goes from there is always among what is compared. */
const PUBLISHED_UPDATES = 20;
/** Gentle passes of a start that was given. */
const GIVEN_PASSES = 20;
/** Columns a component of the leading part of X on which random starts take their gentle passes. */
const COLUMNS_A_COMPONENT = 3;
/** Where finalists are compared. */
const FINALIST_RESIDUAL = 1e-3, FINALIST_PASSES = 400;
/** The residual is small at a saddle too; it is left within so many passes or not at all. */
const LEAST_PASSES = 12;

/** Every start for a few passes. */
export function warmUp(run: Run): boolean {
  const { state, problem, searchLevel, columns, options: { k, starts, plan, tolerance, maxIterations } } = run;
  const given = starts.length === 1, first = starts[0] as () => Float64Array;
  // NNDSVD on the published path comes after the others where it has gentle passes besides, else in their place.
  const published = given ? -1 : plan.both ? starts.length : 0;
  const last = Math.max(published, starts.length - 1);
  for (; state.index <= last; state.index++) {
    if (state.index === published) {
      problem.load(state.W ?? first(), k, searchLevel === 'coarse' ? 'coarse' : 'x', columns);
      if (!run.publishedUpdates(Math.min(PUBLISHED_UPDATES, maxIterations))) return false;
    } else {
      const few = state.index > 0 ? Math.min(columns, COLUMNS_A_COMPONENT * k) : columns;
      problem.load(state.W ?? (starts[state.index] as () => Float64Array)(), k, searchLevel, few);
      if (run.iterate(WARM_UP, tolerance, Math.min(given ? GIVEN_PASSES : plan.gentle, maxIterations)) === 'cancelled') return false;
    }
    const { error } = toProjectiveScale(problem);
    state.candidates.push({ W: problem.unload(), error, iterations: state.pass, kept: state.index === 0 || state.index === published });
    run.begin();
  }
  // NNDSVD creeps, and is not judged by where it is so early.
  state.candidates.sort((a, b) => Number(b.kept) - Number(a.kept) || a.error - b.error);
  state.candidates.splice(plan.finalists);
  state.stage = 'finalists';
  state.index = 0;
  return true;
}

/** The best starts with exact rows, until they can be compared: on X itself, so that the error of every start that is finished is one of X. */
export function finishFinalists(run: Run): boolean {
  const { state, problem, options: { k, tolerance, maxIterations } } = run;
  const compressed = problem.matrix.compressed;
  if (state.candidates.length > 1 || compressed) {
    for (; state.index < state.candidates.length; state.index++) {
      const candidate = state.candidates[state.index] as Candidate;
      problem.load(state.W ?? candidate.W, k, run.searchLevel, run.columns);
      const most = Math.min(FINALIST_PASSES, maxIterations - candidate.iterations);
      if (run.iterate(EXACT, Math.max(FINALIST_RESIDUAL, tolerance), most, { least: LEAST_PASSES }) === 'cancelled') return false;
      const error = compressed ? run.measure() : toProjectiveScale(problem).error;
      if (error === null) return false;
      state.candidates[state.index] = { ...candidate, W: problem.unload(), error, iterations: candidate.iterations + state.pass };
      run.begin();
    }
  }
  state.candidates.sort((a, b) => a.error - b.error);
  const best = state.candidates[0] as Candidate, worst = state.candidates[state.candidates.length - 1] as Candidate;
  state.spread = state.candidates.length > 1 ? (worst.error - best.error) / best.error : null;
  state.W = best.W;
  state.iterations = best.iterations;
  state.candidates = [];
  state.stage = compressed ? 'refine' : 'finish';
  return true;
}
