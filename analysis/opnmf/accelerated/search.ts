/** The search: every start for a few passes, the best of them with exact rows until they can be compared, then hops from the best. False: cancelled. */
import { toProjectiveScale } from '../projective-scale.js';
import type { Trial } from './plan.js';
import { DESCENT_PASSES, EXACT, HELD, WARM_UP, type Run } from './run.js';
import type { Candidate } from './state.js';

/** Columns a component of the leading part of X on which gentle passes and descents run. */
const COLUMNS_A_COMPONENT = 3;
/** A residual that is not reached: a descent begins after the same number of passes also when it is taken up again. */
const NEVER = -1;
/** The residual is small at a saddle too; it is left within so many passes or not at all. */
const LEAST_PASSES = 12;
/** Where finalists and hops are compared: errors of flat problems still change much on the last bit of the way. */
const COMPARED = 1e-3, FLAT_COMPARED = 1e-4;
/** Passes in which a finalist or hop has to be where they are compared; held rows come there soon or not at all. */
const MOST_PASSES = 400, HELD_PASSES = 150;
/** Hops begin at so many W in turn, whose errors differ by more than this part of them. */
const CHAINS = 5, SAME = 1e-4;
/** Gentle passes of a hop. */
const HOP_PASSES = 5;
/** Every so manieth hop goes down the projective error, and is held, too. */
const DESCENT_EVERY = 3;

/** Every start for its first passes. */
export function warmUp(run: Run): boolean {
  const { state, problem, searchLevel, options: { k, plan: { trials, columns, finalists }, tolerance, maxIterations } } = run;
  for (; state.index < trials.length; state.index++) {
    const trial = trials[state.index] as Trial, passes = Math.min(trial.passes, maxIterations), descends = trial.descends && passes + DESCENT_PASSES < maxIterations;
    const few = columns === null ? 0 : Math.min(columns, COLUMNS_A_COMPONENT * k);
    if (trial.first === 'published') {
      problem.load(state.W ?? trial.start(), k, columns === null ? 'x' : 'coarse', columns ?? 0);
      if (!run.publishedUpdates(passes)) return false;
    } else {
      // NNDSVD takes all columns of the leading part, as does a start that was given.
      problem.load(state.W ?? trial.start(), k, searchLevel, trial.kept ? columns ?? 0 : few);
      if (run.iterate(WARM_UP, descends ? NEVER : tolerance, passes) === 'cancelled') return false;
    }
    if (descends) {
      problem.use(searchLevel, few);
      if (!run.descend(passes)) return false;
    }
    const { error } = toProjectiveScale(problem);
    const candidate = { W: problem.unload(), error, iterations: state.pass, loose: false, kept: trial.kept, held: false };
    if (Number.isFinite(error)) state.candidates.push(candidate, ...(descends ? [{ ...candidate, held: true }] : []));
    run.begin();
  }
  // NNDSVD creeps, and is not judged by where it is so early.
  state.candidates.sort((a, b) => Number(b.kept) - Number(a.kept) || a.error - b.error);
  state.candidates.splice(finalists);
  state.stage = 'finalists';
  state.index = 0;
  return true;
}

/** The best starts with exact rows, until they can be compared: on X itself, so that the error of every start that is finished is one of X. */
export function finishFinalists(run: Run): boolean {
  const { state, problem, searchLevel, options: { k, plan, maxIterations } } = run, { columns } = plan;
  if (state.candidates.length > 1 || columns !== null) {
    for (; state.index < state.candidates.length; state.index++) {
      const candidate = state.candidates[state.index] as Candidate;
      problem.load(state.W ?? candidate.W, k, searchLevel, columns ?? 0);
      const end = finished(run, candidate.held, 0, maxIterations - candidate.iterations);
      if (end === null) return false;
      state.candidates[state.index] = { ...candidate, ...end, W: problem.unload(), iterations: candidate.iterations + state.pass };
      run.begin();
    }
  }
  state.candidates.sort(byError);
  const errors = state.candidates.map((candidate) => candidate.error), best = errors[0] as number;
  state.spread = errors.length > 1 ? (Math.max(...errors) - best) / best : null;
  state.candidates = plan.hops > 0 ? distinct(state.candidates).slice(0, CHAINS) : state.candidates.slice(0, 1);
  state.stage = 'hops';
  state.index = 0;
  return true;
}

/** From the best few W in turn, each changed a little, to other fixed points; where one is better it takes the place of that it came from. */
export function hop(run: Run): boolean {
  const { state, problem, searchLevel, options: { k, plan: { columns, hops, hop }, maxIterations } } = run, chains = state.candidates.length;
  for (; state.index < hops; state.index++) {
    const at = state.index % chains, from = state.candidates[at] as Candidate, left = maxIterations - from.iterations;
    if (left <= HOP_PASSES + DESCENT_PASSES) continue;
    problem.load(state.W ?? hop(from.W, state.index), k, searchLevel, columns ?? 0);
    if (run.iterate(WARM_UP, NEVER, HOP_PASSES) === 'cancelled') return false;
    const descends = Math.floor(state.index / chains) % DESCENT_EVERY === 0;
    if (descends) {
      problem.use(searchLevel, columns ?? 0);
      if (!run.descend(HOP_PASSES)) return false;
      problem.load(problem.unload(), k, searchLevel, columns ?? 0);
    }
    const end = finished(run, descends, HOP_PASSES + (descends ? DESCENT_PASSES : 0), left);
    if (end === null) return false;
    if (byError(end, from) < 0) state.candidates[at] = { ...from, ...end, W: problem.unload(), iterations: from.iterations + state.pass, held: descends };
    run.begin();
  }
  const best = state.candidates.sort(byError)[0] as Candidate;
  state.W = best.W;
  state.held = best.held;
  state.iterations = best.iterations;
  state.candidates = [];
  state.stage = problem.matrix.compressed ? 'refine' : 'finish';
  return true;
}

/** One of those with the same error, in their order. */
function distinct(candidates: Candidate[]): Candidate[] {
  return candidates.filter((candidate, i) => i === 0 || Math.abs(candidate.error / (candidates[i - 1] as Candidate).error - 1) > SAME);
}

type End = Pick<Candidate, 'error' | 'loose'>;

/** Rows, held or not, until starts can be compared, after the first passes of this run; the error is one of X itself. null: cancelled. */
function finished(run: Run, held: boolean, first: number, left: number): End | null {
  const { problem, options: { plan: { columns, hops }, tolerance } } = run, flat = hops > 0;
  const stopped = run.iterate(held ? HELD : EXACT, Math.max(flat ? FLAT_COMPARED : COMPARED, tolerance), Math.min(first + (held ? HELD_PASSES : MOST_PASSES), left), { least: first + LEAST_PASSES });
  if (stopped === 'cancelled') return null;
  const error = columns === null ? toProjectiveScale(problem).error : run.measure();
  return error === null ? null : { error, loose: flat && stopped === 'max-iterations' };
}

/** The lowest error first, after those who came as far as they must. */
function byError(a: End, b: End): number {
  return Number(a.loose) - Number(b.loose) || a.error - b.error;
}
