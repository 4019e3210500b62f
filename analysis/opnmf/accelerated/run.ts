/** Passes of an accelerated run by one rule or another, with what is counted, reported and kept for a checkpoint on the way. */
import type { Level, Problem, RowStep } from '../kernel/problem.js';
import { Pace } from '../pace.js';
import { certify, toProjectiveScale } from '../projective-scale.js';
import type { RunHooks, SolverState, StopReason } from '../types.js';
import type { SearchPlan } from './plan.js';
import { newState, type AcceleratedState } from './state.js';

export type Rule = Omit<RowStep, 'damping'> & { damping: number | 'adaptive' };

/** Keeps rows where they are in directions in which M is (nearly) singular; elsewhere it changes nothing that could be measured. */
const PROX = 1e-8;
/** The same for directions in which M is nearly singular: which of very many near fixed points W is at is not left to the noise. */
const HOLD = 1e-2;
/** Leaves saddles gently. */
export const WARM_UP: Rule = { sweeps: 3, activeSetSteps: 0, damping: 0.7, prox: PROX };
/** Rows by the active set, as far as pace.ts says. */
export const EXACT: Rule = { sweeps: 0, activeSetSteps: 30, damping: 'adaptive', prox: PROX };
/** As exact, held where it is in flat directions. */
export const HELD: Rule = { ...EXACT, prox: HOLD };
/** Steps down the projective error: at full weight, then with the weight falling to nothing, so that what they end near is a fixed point. */
const FALLING = 60;
export const DESCENT_PASSES = 200;
/** The more components, the smaller M_jj beside the curvature of the error, and the shorter the step that does not overshoot. */
const descentRule = (k: number): RowStep => ({ sweeps: 0, activeSetSteps: 30, damping: Math.min(0.5, 3 / k), prox: 1 });
/** The residual costs about a tenth of a pass, and falls by a few per cent from one to the next. */
const MEASURE_EVERY = 3;

export interface AcceleratedOptions {
  k: number;
  plan: SearchPlan;
  tolerance: number;
  /** Of the start that is kept, over X or its leading part. */
  maxIterations: number;
}

/** One factorization under way. */
export class Run {
  readonly state: AcceleratedState;
  /** Where starts are compared. */
  readonly searchLevel: Level;
  error = Infinity;

  constructor(readonly problem: Problem, readonly options: AcceleratedOptions, readonly hooks: RunHooks) {
    this.searchLevel = options.plan.columns === null ? problem.base : 'coarse';
    const from = hooks.resume;
    this.state = from?.solver === 'accelerated' ? structuredClone(from.state) : newState();
  }

  /** Passes by one rule on the view that is loaded, from state.pass on, until r <= tolerance or `most` passes of this run. */
  iterate(rule: Rule, tolerance: number, most: number, { least = 0, safe = true } = {}): StopReason {
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

  /** The published update (multiplicative.ts), on X or its leading part, without its normalisation, which changes W by its scale only. False: stop. */
  publishedUpdates(most: number): boolean {
    const { problem } = this;
    return this.repeat(most, (scale) => {
      const { W } = problem;
      for (let i = 0; i < W.length; i++) W[i] = (W[i] as number) * scale;
      problem.multiplicativePass();
    });
  }

  /**
   * Damped passes down the projective error ||X - W W'X|| itself (Yuan & Oja 2005), whose gradient in W is 2 (W M + N G - 2 N): the row problems get N + N (I - G) in the place of N. Its minima are no
   * fixed points of OPNMF, but where those are many, the ones near such a minimum have low errors. `first`: passes of this run before. False: stop.
   */
  descend(first: number): boolean {
    const { state, problem, options: { k } } = this, last = first + DESCENT_PASSES;
    return this.repeat(last, (scale) => {
      problem.tilt(scale, Math.min(1, (last - state.pass) / FALLING));
      problem.acceleratedPass(scale, descentRule(k), false);
    });
  }

  /** A fixed number of passes that measure no residual, each given the factor to the projective scale. False: stop. */
  private repeat(most: number, pass: (scale: number) => void): boolean {
    const { state, problem, hooks } = this;
    while (state.pass < most) {
      hooks.onSafePoint?.(() => this.checkpoint());
      const { scale, error } = toProjectiveScale(problem);
      if (!Number.isFinite(error)) return true; // it fell off, and is not compared
      pass(scale);
      state.pass++;
      this.count();
      this.error = error;
      if (!this.report()) return false;
    }
    return true;
  }

  /** Error of the W that is there on X itself, told with its residual. null: stop. */
  measure(): number | null {
    const { state, problem } = this;
    problem.use(problem.base);
    const { residual, error } = certify(problem);
    state.passes++;
    state.residual = residual;
    this.error = error;
    return this.report() ? error : null;
  }

  private count(): void {
    if (this.problem.onLeadingPart) this.state.compressedPasses++;
    else this.state.passes++;
  }

  /** False: stop here. */
  report(): boolean {
    const { state } = this;
    return this.hooks.onPass({ passes: state.passes + state.compressedPasses, residual: state.residual, error: this.error, compressed: this.problem.onLeadingPart });
  }

  /** The next start or finalist begins at its own W. */
  begin(): void {
    this.state.W = null;
    this.state.pass = 0;
    this.state.pace = null;
  }

  /** True, for stages that say so when they are through. */
  enter(stage: AcceleratedState['stage']): true {
    this.state.stage = stage;
    this.state.index = 0;
    return true;
  }

  /** At a safe point. */
  checkpoint(): { solver: 'accelerated'; state: AcceleratedState } {
    return { solver: 'accelerated', state: structuredClone({ ...this.state, W: this.problem.unload() }) };
  }

  /** What is told of the W that is left in `problem`. */
  end(stopped: StopReason): SolverState {
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
