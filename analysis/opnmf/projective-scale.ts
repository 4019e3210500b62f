/**
 * The projective scale: W and Y = X'W are multiplied by s, s^2 = tr(M) / tr(G M) with M = Y'Y and G = W'W, the scale at which
 * ||X - W W'X||_F is smallest along the ray of W. There the error is sqrt(||X||^2 - tr(M)^2 / tr(G M)).
 */
import type { Problem, RowStep } from './kernel/problem.js';
import { trace, traceOfProduct } from './small.js';

/** Computes M and G of the problem's current W and Y, moves Y and M to the projective scale; W itself stays at its own scale. */
export function toProjectiveScale(problem: Problem): { scale: number; error: number } {
  problem.grams();
  const { k, kp, M, G, Y } = problem;
  const t = trace(M, k, kp), u = traceOfProduct(G, M, k, kp);
  const s2 = t / u, scale = Math.sqrt(s2);
  for (let i = 0; i < Y.length; i++) Y[i] = (Y[i] as number) * scale;
  for (let i = 0; i < M.length; i++) M[i] = (M[i] as number) * s2;
  return { scale, error: Math.sqrt(Math.max(0, problem.norm2 - (t * t) / u)) };
}

const NO_STEP: RowStep = { sweeps: 0, activeSetSteps: 0, damping: 1, prox: 0 };

/** Moves W to the projective scale and measures the fixed-point residual there, changing W by its scale only. */
export function certify(problem: Problem): { error: number; residual: number } {
  const { scale, error } = toProjectiveScale(problem);
  return { error, residual: problem.acceleratedPass(scale, NO_STEP, true) };
}
