/** The search: every start for a few passes, the best of them with exact rows until they can be compared; where that is not enough, more starts and hops from the best. */
import { toProjectiveScale } from '../projective-scale.js';
import type { MoreSearch, Trial } from './plan.js';
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

const STAGES = { 'warm-up': warmUp, finalists, more, rest, hops };

/** To where one W goes on alone. False: cancelled. */
export function search(run: Run): boolean {
  const { state } = run;
  while (state.stage in STAGES) if (!STAGES[state.stage as keyof typeof STAGES](run)) return false;
  return true;
}

/** Every start for its first passes. */
function warmUp(run: Run): boolean {
  const { state: { candidates }, options: { plan: { trials } } } = run;
  if (!startAll(run, trials)) return false;
  // NNDSVD creeps, and is not judged by where it is so early.
  candidates.sort((a, b) => Number(b.kept) - Number(a.kept) || a.error - b.error);
  return run.enter('finalists');
}

/** The best starts until they can be compared; of a flat problem all others too, and more, if what is found leaves much to be desired. */
function finalists(run: Run): boolean {
  const { state, options: { plan: { finalists: most, columns, more } } } = run, one = state.candidates.length === 1 && columns === null;
  if (!one && !finishFirst(run, most)) return false;
  const [best] = state.candidates.slice(0, most).sort(byError) as [Candidate];
  if (more !== null && (best.loose || best.error > more.above)) return run.enter('more');
  state.candidates.splice(most);
  choose(run, 1);
  return enterTail(run);
}

/** What more is tried of a flat problem, for its first passes. */
function more(run: Run): boolean {
  return startAll(run, moreOf(run).trials) && run.enter('rest');
}

/** That, and all starts that were no finalists, until they can be compared. */
function rest(run: Run): boolean {
  if (!finishFirst(run, run.state.candidates.length)) return false;
  choose(run, CHAINS);
  return run.enter('hops');
}

/** Each for its first passes, with its error: it becomes a candidate, one that descends two. */
function startAll(run: Run, trials: readonly Trial[]): boolean {
  const { state, problem, searchLevel, options: { k, plan: { columns }, tolerance, maxIterations } } = run;
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
    const candidate = { W: problem.unload(), error, iterations: state.pass, finished: false, loose: false, kept: trial.kept, held: false };
    if (Number.isFinite(error)) state.candidates.push(candidate, ...(descends ? [{ ...candidate, held: true }] : []));
    run.begin();
  }
  return true;
}

/** The first `most` candidates with exact rows, until they can be compared: on X itself, so that the error of every start that is finished is one of X. */
function finishFirst(run: Run, most: number): boolean {
  const { state, problem, searchLevel, options: { k, plan: { columns }, maxIterations } } = run;
  for (; state.index < Math.min(most, state.candidates.length); state.index++) {
    const candidate = state.candidates[state.index] as Candidate;
    if (candidate.finished) continue;
    problem.load(state.W ?? candidate.W, k, searchLevel, columns ?? 0);
    const end = finished(run, candidate.held, 0, maxIterations - candidate.iterations);
    if (end === null) return false;
    state.candidates[state.index] = { ...candidate, ...end, W: problem.unload(), iterations: candidate.iterations + state.pass, finished: true };
    run.begin();
  }
  return true;
}

/** Leaves the best few, and tells how much the start matters. */
function choose({ state }: Run, most: number): void {
  state.candidates.sort(byError);
  const errors = state.candidates.map((candidate) => candidate.error), best = errors[0] as number;
  state.spread = errors.length > 1 ? (Math.max(...errors) - best) / best : null;
  state.candidates = distinct(state.candidates).slice(0, most);
}

/** From the best few W in turn, each changed a little, to other fixed points; where one is better it takes the place of that it came from. */
function hops(run: Run): boolean {
  const { state, problem, searchLevel, options: { k, plan: { columns }, maxIterations } } = run, { hops: most, hop } = moreOf(run), chains = state.candidates.length;
  for (; state.index < most; state.index++) {
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
  state.candidates.sort(byError);
  return enterTail(run);
}

/** The first candidate goes on alone. */
function enterTail(run: Run): boolean {
  const { state, problem } = run, { W, held, iterations } = state.candidates[0] as Candidate;
  Object.assign(state, { W, held, iterations, candidates: [] });
  return run.enter(problem.matrix.compressed ? 'refine' : 'finish');
}

function moreOf({ options: { plan } }: Run): MoreSearch {
  if (plan.more === null) throw new Error('more is tried of flat problems only'); // a checkpoint of another problem
  return plan.more;
}

/** One of those with the same error, in their order. */
function distinct(candidates: Candidate[]): Candidate[] {
  return candidates.filter((candidate, i) => i === 0 || Math.abs(candidate.error / (candidates[i - 1] as Candidate).error - 1) > SAME);
}

type End = Pick<Candidate, 'error' | 'loose'>;

/** Rows, held or not, until starts can be compared, after the first passes of this run; the error is one of X itself. null: cancelled. */
function finished(run: Run, held: boolean, first: number, left: number): End | null {
  const { problem, options: { plan: { columns, more }, tolerance } } = run, flat = more !== null;
  const stopped = run.iterate(held ? HELD : EXACT, Math.max(flat ? FLAT_COMPARED : COMPARED, tolerance), Math.min(first + (held ? HELD_PASSES : MOST_PASSES), left), { least: first + LEAST_PASSES });
  if (stopped === 'cancelled') return null;
  const error = columns === null ? toProjectiveScale(problem).error : run.measure();
  return error === null ? null : { error, loose: flat && stopped === 'max-iterations' };
}

/** The lowest error first, after those who came as far as they must. */
function byError(a: End, b: End): number {
  return Number(a.loose) - Number(b.loose) || a.error - b.error;
}
