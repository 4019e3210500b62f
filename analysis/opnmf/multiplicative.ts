/**
 * The published algorithm to the letter: Yang & Oja 2010 (IEEE TNN 21:734), Sotiras, Resnick & Davatzikos 2015 (NeuroImage 108:1).
 *   W <- W .* (X X'W) ./ (W W'X X'W);  W <- max(W, 1e-16);  W <- W / ||W||_2
 * until ||W - W_old||_F / ||W_old||_F < tolerance. The spectral norm is the root of the largest eigenvalue of W'W.
 */
import type { Problem } from './kernel/problem.js';
import { certify } from './projective-scale.js';
import { largestEigenvalue, trace, traceOfProduct } from './small.js';
import type { RunHooks, SolverState, StopReason } from './types.js';

/** Everything the rest of a run depends on, between two iterations. */
export interface MultiplicativeState {
  W: Float64Array;
  /** X'W as it was carried: computed anew from the normalised W it would differ in the last bit. null at the beginning. */
  Y: Float64Array | null;
  iterations: number;
}

/** Runs the update from `start` (m x k) and leaves W with spectral norm 1 in `problem`. */
export function solveMultiplicative(
  problem: Problem, start: () => Float64Array, k: number, tolerance: number, maxIterations: number, { onPass, onSafePoint, resume }: RunHooks,
): SolverState {
  const from = resume?.solver === 'multiplicative' ? resume.state : { W: start(), Y: null, iterations: 0 };
  problem.load(from.W, k, 'x');
  if (from.Y !== null) problem.Y.set(from.Y);
  let { iterations } = from;
  let stopped: StopReason = 'max-iterations';
  while (iterations < maxIterations) {
    onSafePoint?.(() => ({ solver: 'multiplicative', state: { W: problem.unload(), Y: problem.Y.slice(), iterations } }));
    const old = problem.W.slice();
    problem.grams();
    const error = projectiveError(problem);
    problem.multiplicativePass();
    problem.grams();
    scaleBy(problem, 1 / Math.sqrt(largestEigenvalue(problem.G, k, problem.kp)));
    iterations++;
    const change = relativeChange(problem.W, old);
    if (!onPass({ passes: iterations, residual: change, error, compressed: false })) { stopped = 'cancelled'; break; }
    if (change < tolerance) { stopped = 'relative-change'; break; }
  }
  const now = certify(problem);
  problem.project();
  problem.grams();
  scaleBy(problem, 1 / Math.sqrt(largestEigenvalue(problem.G, k, problem.kp)));
  return { iterations, passes: iterations, compressedPasses: 0, residual: now.residual, error: now.error, stopped, spread: null };
}
function scaleBy(problem: Problem, s: number): void {
  const { W, Y } = problem;
  for (let i = 0; i < W.length; i++) W[i] = (W[i] as number) * s;
  for (let i = 0; i < Y.length; i++) Y[i] = (Y[i] as number) * s;
}

/** ||X - W H||_F at the projective scale of the current W, of which M and G are given; see projective-scale.ts. */
function projectiveError({ M, G, k, kp, norm2 }: Problem): number {
  const t = trace(M, k, kp);
  return Math.sqrt(Math.max(0, norm2 - (t * t) / traceOfProduct(G, M, k, kp)));
}

function relativeChange(w: Float64Array, old: Float64Array): number {
  let a = 0, b = 0;
  for (let i = 0; i < w.length; i++) {
    const d = (w[i] as number) - (old[i] as number);
    a += d * d; b += (old[i] as number) * (old[i] as number);
  }
  return Math.sqrt(a / b);
}
