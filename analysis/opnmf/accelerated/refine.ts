/** From the start that was kept to the fixed point of X: rounds on its leading part, then passes over X itself. */
import { Anderson } from '../anderson.js';
import { certify, toProjectiveScale } from '../projective-scale.js';
import type { StopReason } from '../types.js';
import { EXACT, HELD, type Run } from './run.js';

const REFINE_ROUNDS = 40, REFINE_PASSES = 150;
/** A round that leaves more than this of the residual brought nothing. */
const STALLED = 0.9;
/** Passes over X that hold W in flat directions before they let it go. */
const MOST_HELD = 400;

/** Rounds of cheap passes around one pass over X each. null: it stalls, passes over X themselves must finish. */
export function refine(run: Run): StopReason | null {
  const { state, problem, hooks, options: { k, plan: { columns }, tolerance, maxIterations } } = run;
  problem.load(state.W as Float64Array, k);
  const mixing = new Anderson(state.mixing);
  for (; state.rounds < REFINE_ROUNDS; state.rounds++) {
    hooks.onSafePoint?.(() => run.checkpoint());
    const { residual, error } = certify(problem);
    state.passes++;
    run.error = error;
    const stalled = !(residual < STALLED * state.certified);
    state.certified = Math.min(state.certified, residual);
    state.residual = residual;
    if (!run.report()) return 'cancelled';
    if (residual <= tolerance) return 'residual';
    if (state.iterations >= maxIterations) break;
    if (stalled) {
      if (++state.stalls >= 3) {
        if (!state.held) break;
        // Held, it comes no nearer: the fixed point is elsewhere in the flat directions.
        state.held = false;
        state.stalls = 0;
        state.certified = Infinity;
      }
      mixing.forget();
      state.tail = null;
    }
    toProjectiveScale(problem);
    problem.useTail(columns as number);
    state.passes++;
    // The next tail is extrapolated from those before: along directions in which X is flat, single rounds creep.
    if (state.tail !== null) problem.tail.set(mixing.next(state.tail, problem.tail));
    state.tail = problem.tail.slice();
    const most = Math.min(REFINE_PASSES, maxIterations - state.iterations);
    const ended = run.iterate(state.held ? HELD : EXACT, Math.max(0.3 * tolerance, Math.min(1e-2, 0.05 * residual)), most, { safe: false });
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

/** Rows solved on the whole of A until the certificate holds at the W that is returned. */
export function finish(run: Run): StopReason {
  const { state, problem, options: { k, tolerance, maxIterations } } = run;
  problem.load(state.W as Float64Array, k);
  for (;;) {
    const left = maxIterations - state.iterations;
    const stopped = run.iterate(state.held ? HELD : EXACT, tolerance, state.held ? Math.min(MOST_HELD, left) : left);
    if (stopped === 'max-iterations' && state.held && state.pass < left) {
      state.held = false;
      state.pace = null;
      continue;
    }
    if (stopped !== 'residual') return stopped;
    // That residual belonged to the W the pass began with; the W it left is what is returned, so it must hold there.
    const now = certify(problem);
    state.passes++;
    if (now.residual <= tolerance) return 'residual';
  }
}
