/** The search: every start for a few gentle passes, the best of them with exact rows until they can be compared. False: cancelled. */
import { toProjectiveScale } from '../projective-scale.js';
import { EXACT, WARM_UP, type Run } from './run.js';
import type { Candidate } from './state.js';

const WARM_UP_PASSES = 20;
/** Published updates that the first start also gets as a start of its own: they keep a softer parcellation for longer. */
const PUBLISHED_PASSES = 60;
/** Where finalists are compared. */
const FINALIST_RESIDUAL = 1e-3, FINALIST_PASSES = 400;
/** The residual is small at a saddle too; it is left within so many passes or not at all. */
const LEAST_PASSES = 12;

/** Every start for a few passes. */
export function warmUp(run: Run): boolean {
  const { state, problem, options: { k, starts, plan, maxIterations } } = run;
  const published = plan.published && starts.length > 1 ? 1 : 0;
  for (; state.index < starts.length + published; state.index++) {
    if (state.index < starts.length) {
      problem.load(state.W ?? (starts[state.index] as () => Float64Array)(), k, run.searchLevel, run.columns);
      if (run.iterate(WARM_UP, run.options.tolerance, Math.min(WARM_UP_PASSES, maxIterations)) === 'cancelled') return false;
    } else {
      problem.load(state.W ?? (starts[0] as () => Float64Array)(), k, 'x');
      if (!run.publishedUpdates(Math.min(PUBLISHED_PASSES, maxIterations))) return false;
    }
    const { error } = toProjectiveScale(problem);
    state.candidates.push({ W: problem.unload(), error, iterations: state.pass, kept: state.index === 0 || state.index === starts.length });
    run.begin();
  }
  // NNDSVD and the published path creep, and are not judged by where they are so early.
  state.candidates.sort((a, b) => Number(b.kept) - Number(a.kept) || a.error - b.error);
  state.candidates.splice(plan.finalists);
  state.stage = 'finalists';
  state.index = 0;
  return true;
}

/** The best starts with exact rows, until they can be compared. */
export function finishFinalists(run: Run): boolean {
  const { state, problem, options: { k, tolerance, maxIterations } } = run;
  const compressed = problem.matrix.compressed;
  if (state.candidates.length > 1 || compressed) {
    for (; state.index < state.candidates.length; state.index++) {
      const candidate = state.candidates[state.index] as Candidate;
      problem.load(state.W ?? candidate.W, k, run.searchLevel, run.columns);
      const most = Math.min(FINALIST_PASSES, maxIterations - candidate.iterations);
      if (run.iterate(EXACT, Math.max(FINALIST_RESIDUAL, tolerance), most, { least: LEAST_PASSES }) === 'cancelled') return false;
      const { error } = toProjectiveScale(problem);
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
