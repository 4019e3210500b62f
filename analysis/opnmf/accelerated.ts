/**
 * The accelerated solver: instead of one multiplicative step, every row of W becomes the (damped) exact solution of its k x k non-negative
 * least squares problem given M = Y'Y and N = X Y. Same fixed points as Yang & Oja's (2010) update, a small fraction of the passes;
 * docs/opnmf.md has the measurements behind the constants.
 *
 * 1. Search, on the leading part of X where that is cheaper: every start gets a few coordinate sweeps a pass, which leave saddles gently; the
 *    best of them are finished with exact rows, and the one with the lowest error goes on.
 * 2. Refine: one pass over X gives what the leading part leaves out of A W; cheap passes with that held fixed; again.
 * 3. Finish: passes over X itself until r <= tolerance.
 */
import { Anderson, type AndersonState } from './anderson.js';
import { coarseColumnsOf } from './kernel/matrix.js';
import type { Level, Problem, RowStep } from './kernel/problem.js';
import { Pace, type PaceState } from './pace.js';
import { certify, toProjectiveScale } from './projective-scale.js';
import type { RunHooks, StopReason } from './types.js';

type Rule = Omit<RowStep, 'damping'> & { damping: number | 'adaptive' };

/** Keeps rows where they are in directions in which M is (nearly) singular; elsewhere it changes nothing that could be measured. */
const PROX = 1e-8;
const WARM_UP: Rule = { sweeps: 3, activeSetSteps: 0, damping: 0.7, prox: PROX };
const EXACT: Rule = { sweeps: 0, activeSetSteps: 30, damping: 'adaptive', prox: PROX };
const WARM_UP_PASSES = 20;
/** Published updates that the first start also gets as a start of its own: they keep a softer parcellation for longer. */
const PUBLISHED_PASSES = 60;
/** The residual costs about a tenth of a pass, and falls by a few per cent from one to the next. */
const MEASURE_EVERY = 3;
/** Where finalists are compared. */
const FINALIST_RESIDUAL = 1e-3, FINALIST_PASSES = 400;
/** The residual is small at a saddle too; it is left within so many passes or not at all. */
const LEAST_PASSES = 12;
const REFINE_ROUNDS = 40, REFINE_PASSES = 150;
/** A round that leaves more than this of the residual brought nothing. */
const STALLED = 0.9;

/** How widely to look: problems this small (multiply-adds of half a pass over X) can afford more. */
const SMALL = 450_000;

export interface SearchPlan {
  randomStarts: number;
  published: boolean;
  finalists: number;
}

/** Starts by the cost of a pass, so that small problems, which are often the harder ones, are searched more widely. */
export function searchPlan(m: number, n: number, k: number): SearchPlan {
  return m * n * k <= SMALL ? { randomStarts: 19, published: true, finalists: 7 } : { randomStarts: 2, published: false, finalists: 3 };
}

interface Candidate {
  W: Float64Array;
  error: number;
  iterations: number;
  /** Finished whatever its error so early. */
  kept: boolean;
}

/** Everything the rest of a run depends on, at a safe point. */
export interface AcceleratedState {
  stage: 'warm-up' | 'finalists' | 'refine' | 'finish';
  /** The start or finalist under way. */
  index: number;
  candidates: Candidate[];
  /** Where the run under way stands; null at its beginning. */
  W: Float64Array | null;
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

export interface SolverState {
  iterations: number;
  passes: number;
  compressedPasses: number;
  residual: number;
  error: number;
  stopped: StopReason;
  spread: number | null;
}

export interface AcceleratedOptions {
  k: number;
  /** m x k each, made when they are needed. */
  starts: (() => Float64Array)[];
  plan: SearchPlan;
  tolerance: number;
  /** Of the start that is kept, over X or its leading part. */
  maxIterations: number;
}

/** Leaves W, at the projective scale, in `problem`. */
export function solveAccelerated(problem: Problem, options: AcceleratedOptions, hooks: RunHooks): SolverState {
  return new Run(problem, options, hooks).solve();
}

class Run {
  private readonly state: AcceleratedState;
  private readonly columns: number;
  private readonly searchLevel: Level;
  private error = Infinity;

  constructor(private readonly problem: Problem, private readonly options: AcceleratedOptions, private readonly hooks: RunHooks) {
    this.columns = coarseColumnsOf(options.k);
    this.searchLevel = problem.matrix.compressed ? 'coarse' : problem.base;
    const from = hooks.resume;
    this.state = from?.solver === 'accelerated' ? structuredClone(from.state) : {
      stage: 'warm-up', index: 0, candidates: [], W: null, pass: 0, pace: null, stalls: 0, rounds: 0, certified: Infinity, tail: null, mixing: { points: [], images: [] }, residual: 1, iterations: 0, passes: 0, compressedPasses: 0, spread: null,
    };
  }

  solve(): SolverState {
    const { state } = this;
    if (state.stage === 'warm-up' && !this.warmUp()) return this.end('cancelled');
    if (state.stage === 'finalists' && !this.finishFinalists()) return this.end('cancelled');
    if (state.stage === 'refine') {
      const stopped = this.refine();
      if (stopped !== null) return this.end(stopped);
    }
    return this.end(this.finish());
  }

  /** Every start for a few passes. */
  private warmUp(): boolean {
    const { state, problem, options: { k, starts, plan, maxIterations } } = this;
    const published = plan.published && starts.length > 1 ? 1 : 0;
    for (; state.index < starts.length + published; state.index++) {
      if (state.index < starts.length) {
        problem.load(state.W ?? (starts[state.index] as () => Float64Array)(), k, this.searchLevel, this.columns);
        if (this.iterate(WARM_UP, this.options.tolerance, Math.min(WARM_UP_PASSES, maxIterations)) === 'cancelled') return false;
      } else {
        problem.load(state.W ?? (starts[0] as () => Float64Array)(), k, 'x');
        if (!this.publishedUpdates(Math.min(PUBLISHED_PASSES, maxIterations))) return false;
      }
      const { error } = toProjectiveScale(problem);
      state.candidates.push({ W: problem.unload(), error, iterations: state.pass, kept: state.index === 0 || state.index === starts.length });
      this.begin();
    }
    // NNDSVD and the published path creep, and are not judged by where they are so early.
    state.candidates.sort((a, b) => Number(b.kept) - Number(a.kept) || a.error - b.error);
    state.candidates.splice(plan.finalists);
    state.stage = 'finalists';
    state.index = 0;
    return true;
  }

  /** The best starts with exact rows, until they can be compared. */
  private finishFinalists(): boolean {
    const { state, problem, options: { k, tolerance, maxIterations } } = this;
    const compressed = problem.matrix.compressed;
    if (state.candidates.length > 1 || compressed) {
      for (; state.index < state.candidates.length; state.index++) {
        const candidate = state.candidates[state.index] as Candidate;
        problem.load(state.W ?? candidate.W, k, this.searchLevel, this.columns);
        const most = Math.min(FINALIST_PASSES, maxIterations - candidate.iterations);
        if (this.iterate(EXACT, Math.max(FINALIST_RESIDUAL, tolerance), most, { least: LEAST_PASSES }) === 'cancelled') return false;
        const { error } = toProjectiveScale(problem);
        state.candidates[state.index] = { ...candidate, W: problem.unload(), error, iterations: candidate.iterations + state.pass };
        this.begin();
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

  /** Rounds of cheap passes around one pass over X each. null: it stalls, passes over X themselves must finish. */
  private refine(): StopReason | null {
    const { state, problem, hooks, options: { k, tolerance, maxIterations } } = this;
    problem.load(state.W as Float64Array, k);
    const mixing = new Anderson(state.mixing);
    for (; state.rounds < REFINE_ROUNDS; state.rounds++) {
      hooks.onSafePoint?.(() => this.checkpoint());
      const { residual, error } = certify(problem);
      state.passes++;
      this.error = error;
      const stalled = !(residual < STALLED * state.certified);
      state.certified = Math.min(state.certified, residual);
      state.residual = residual;
      if (!this.report()) return 'cancelled';
      if (residual <= tolerance) return 'residual';
      if (state.iterations >= maxIterations) break;
      if (stalled) {
        if (++state.stalls >= 3) break;
        mixing.forget();
        state.tail = null;
      }
      toProjectiveScale(problem);
      problem.useTail(this.columns);
      state.passes++;
      // The next tail is extrapolated from those before: along directions in which X is flat, single rounds creep.
      if (state.tail !== null) problem.tail.set(mixing.next(state.tail, problem.tail));
      state.tail = problem.tail.slice();
      const most = Math.min(REFINE_PASSES, maxIterations - state.iterations);
      const ended = this.iterate(EXACT, Math.max(0.3 * tolerance, Math.min(1e-2, 0.05 * residual)), most, { safe: false });
      state.iterations += state.pass;
      state.pass = 0;
      state.pace = null;
      problem.use(problem.base);
      if (ended === 'cancelled') return 'cancelled';
    }
    state.W = problem.unload();
    state.stage = 'finish';
    return null;
  }

  /** Exact rows on the whole of A until the certificate holds at the W that is returned. */
  private finish(): StopReason {
    const { state, problem, options: { k, tolerance, maxIterations } } = this;
    problem.load(state.W as Float64Array, k);
    for (;;) {
      const stopped = this.iterate(EXACT, tolerance, maxIterations - state.iterations);
      if (stopped !== 'residual') return stopped;
      // That residual belonged to the W the pass began with; the W it left is what is returned, so it must hold there.
      const now = certify(problem);
      state.passes++;
      if (now.residual <= tolerance) return 'residual';
    }
  }

  /** Passes by one rule on the view that is loaded, from state.pass on, until r <= tolerance or `most` passes of this run. */
  private iterate(rule: Rule, tolerance: number, most: number, { least = 0, safe = true } = {}): StopReason {
    const { state, problem, hooks } = this;
    const pace = rule.damping === 'adaptive' ? new Pace(state.pace) : null;
    while (state.pass < most) {
      if (safe) hooks.onSafePoint?.(() => this.checkpoint());
      let { scale, error } = toProjectiveScale(problem);
      const { damping, extrapolated } = pace?.next(problem.Y, problem.W, scale) ?? { damping: rule.damping as number, extrapolated: null };
      if (extrapolated !== null) {
        problem.W.set(extrapolated);
        problem.project();
        ({ scale, error } = toProjectiveScale(problem));
      }
      const measure = state.pass % MEASURE_EVERY === 0;
      const residual = problem.acceleratedPass(scale, { ...rule, damping }, measure);
      state.pace = pace?.state ?? null;
      state.pass++;
      this.count();
      this.error = error;
      if (measure) state.residual = residual;
      if (!this.report()) return 'cancelled';
      if (measure && residual <= tolerance && state.pass > least) return 'residual';
    }
    return 'max-iterations';
  }

  /** The published update (multiplicative.ts) without its normalisation, which changes W by its scale only. */
  private publishedUpdates(most: number): boolean {
    const { state, problem, hooks } = this;
    for (; state.pass < most;) {
      hooks.onSafePoint?.(() => this.checkpoint());
      const { scale, error } = toProjectiveScale(problem);
      const { W } = problem;
      for (let i = 0; i < W.length; i++) W[i] = (W[i] as number) * scale;
      problem.multiplicativePass();
      state.pass++;
      this.count();
      this.error = error;
      if (!this.report()) return false;
    }
    return true;
  }

  private count(): void {
    if (this.problem.onLeadingPart) this.state.compressedPasses++;
    else this.state.passes++;
  }

  private report(): boolean {
    const { state } = this;
    return this.hooks.onPass({ passes: state.passes + state.compressedPasses, residual: state.residual, error: this.error, compressed: this.problem.onLeadingPart });
  }

  /** The next start or finalist begins at its own W. */
  private begin(): void {
    this.state.W = null;
    this.state.pass = 0;
    this.state.pace = null;
  }

  private checkpoint(): { solver: 'accelerated'; state: AcceleratedState } {
    return { solver: 'accelerated', state: structuredClone({ ...this.state, W: this.problem.unload() }) };
  }

  private end(stopped: StopReason): SolverState {
    const { state, problem } = this;
    if (stopped === 'cancelled') return { ...this.counts(), residual: state.residual, error: this.error, stopped };
    const { residual, error } = certify(problem);
    state.passes++;
    return { ...this.counts(), residual, error, stopped };
  }

  private counts(): Pick<SolverState, 'iterations' | 'passes' | 'compressedPasses' | 'spread'> {
    const { stage, pass, passes, compressedPasses, spread } = this.state;
    const iterations = this.state.iterations + (stage === 'finish' ? pass : 0);
    return { iterations, passes, compressedPasses, spread };
  }
}
