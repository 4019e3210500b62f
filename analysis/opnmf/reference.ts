/**
 * The two iterations in plain TypeScript, to be read and to compare the kernel with (test/unit/opnmf). Slow, and never used for a result.
 * X is m x n, W is m x k, both row-major; H = W'X, Y = X'W, M = Y'Y, G = W'W.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

const FLOOR = 1e-16;
/** A weight at or below this is taken for the floor. */
const NOTHING = 1e-15;

/** How one accelerated pass treats a row; see RowStep in kernel/problem.ts. */
export interface ReferenceRule {
  sweeps: number;
  activeSetSteps: number;
  damping: number;
  prox: number;
}

export interface ReferencePass {
  /** The new W. */
  W: Float64Array;
  /** Of the incoming W: the natural residual, ||X - W H||_F at the projective scale, and the factor that leads to that scale. */
  residual: number;
  error: number;
  scale: number;
}

/** One accelerated pass: projective scale, N = X Y, every row towards argmin 1/2 w'Mw - n'w over w >= 0, and the certificate of the incoming W. */
export function referenceAcceleratedPass(x: Float64Array, m: number, n: number, start: Float64Array, k: number, rule: ReferenceRule): ReferencePass {
  const X = toMatrix(x, m, n), incoming = toMatrix(start, m, k);
  const { scale, error } = projectiveScale(X, incoming);
  const W = Matrix.mul(incoming, scale);
  const Y = X.transpose().mmul(W), M = Y.transpose().mmul(Y).to2DArray(), N = X.mmul(Y).to2DArray();
  const out = new Float64Array(m * k);
  let residual = 0, size = 0;
  W.to2DArray().forEach((w, i) => {
    const ni = N[i] as number[];
    for (let j = 0; j < k; j++) {
      const r = Math.min(at(w, j), -descent(M, ni, w, j));
      residual += r * r;
      size += at(w, j) * at(w, j);
    }
    const P = M.map((row, j) => row.map((a, q) => (q === j ? a * (1 + rule.prox) : a))), np = ni.map((a, j) => a + rule.prox * at(M[j] as number[], j) * at(w, j));
    const swept = coordinateSweeps(P, np, w, rule.sweeps);
    const solved = rule.activeSetSteps > 0 ? activeSetRow(P, np, swept, rule.activeSetSteps) : swept;
    for (let j = 0; j < k; j++) {
      out[i * k + j] = rule.damping === 1 ? at(solved, j) : Math.max(at(w, j) + rule.damping * (at(solved, j) - at(w, j)), FLOOR);
    }
  });
  return { W: out, residual: Math.sqrt(residual / size), error, scale };
}

/** s with s^2 = tr(M) / tr(G M), where ||X - W W'X||_F is smallest along the ray of W, and that error. */
function projectiveScale(X: Matrix, W: Matrix): { scale: number; error: number } {
  const Y = X.transpose().mmul(W), M = Y.transpose().mmul(Y), G = W.transpose().mmul(W);
  const scale = Math.sqrt(M.trace() / G.mmul(M).trace());
  const error = Matrix.sub(X, W.mmul(Y.transpose()).mul(scale * scale)).norm('frobenius');
  return { scale, error };
}

/** (n_j - sum_q M_jq w_q) / M_jj: how far coordinate j alone would move. */
function descent(M: number[][], n: number[], w: number[], j: number): number {
  const row = M[j] as number[];
  return (at(n, j) - row.reduce((s, a, q) => s + a * at(w, q), 0)) / at(row, j);
}

/** Cyclic coordinate descent. */
function coordinateSweeps(M: number[][], n: number[], start: number[], sweeps: number): number[] {
  const w = [...start];
  for (let s = 0; s < sweeps; s++) for (let j = 0; j < w.length; j++) w[j] = Math.max(at(w, j) + descent(M, n, w, j), FLOOR);
  return w;
}

/**
 * min 1/2 w'Mw - n'w over w >= 0 by the active-set method (Lawson & Hanson 1974, ch. 23) from a warm start, whose positive coordinates
 * are the first passive set. Feasible also when it stops early: after `steps` solves, or when M is singular on the passive set.
 */
export function activeSetRow(M: number[][], n: number[], start: number[], steps: number): number[] {
  const w = [...start];
  let passive = w.flatMap((v, j) => (v > NOTHING ? [j] : []));
  for (let step = 0; step < steps; step++) {
    const z = solveOn(passive, M, n);
    if (z === null) return w;
    // From w towards z as far as every coordinate stays positive; those that reach zero leave the passive set.
    let alpha = 1;
    for (const [a, j] of passive.entries()) if (at(z, a) <= FLOOR) alpha = Math.min(alpha, at(w, j) / (at(w, j) - at(z, a)));
    const kept = passive.filter((j, a) => {
      const from = at(w, j), to = at(z, a);
      const v = alpha < 1 ? from + alpha * (to - from) : to;
      const blocking = alpha < 1 && to <= FLOOR && from <= alpha * (from - to) * 1.0000000001;
      const stays = v > NOTHING && !blocking;
      w[j] = stays ? v : FLOOR;
      return stays;
    });
    const shrunk = kept.length < passive.length;
    passive = kept;
    if (shrunk || alpha < 1) continue;
    // Optimal on the passive set. The coordinate outside that would lower the objective most, g^2 / 2 M_jj, enters; none: done.
    const gains = w.map((v, j) => {
      const g = v > NOTHING ? 0 : at(n, j) - passive.reduce((s, q) => s + at(M[j] as number[], q) * at(w, q), 0);
      return g > 1e-11 * Math.abs(at(n, j)) ? (g * g) / at(M[j] as number[], j) : 0;
    });
    const enter = gains.reduce((best, gain, j) => (gain > (best < 0 ? 0 : at(gains, best)) ? j : best), -1);
    if (enter < 0) return w;
    w[enter] = FLOOR;
    passive = [...passive, enter];
  }
  return w;
}

/** The solution of M_PP z = n_P by Cholesky; null when M is not positive definite on P. */
function solveOn(P: number[], M: number[][], n: number[]): number[] | null {
  const L = P.map(() => P.map(() => 0));
  for (const [a, p] of P.entries()) {
    for (let b = 0; b <= a; b++) {
      const La = L[a] as number[], Lb = L[b] as number[], full = at(M[p] as number[], P[b] as number);
      let s = full;
      for (let c = 0; c < b; c++) s -= at(La, c) * at(Lb, c);
      if (a === b && !(s > 1e-13 * full)) return null;
      La[b] = a === b ? Math.sqrt(s) : s / at(Lb, b);
    }
  }
  const z: number[] = [];
  for (const [a, p] of P.entries()) {
    let s = at(n, p);
    for (let c = 0; c < a; c++) s -= at(L[a] as number[], c) * at(z, c);
    z.push(s / at(L[a] as number[], a));
  }
  for (let a = P.length - 1; a >= 0; a--) {
    let s = at(z, a);
    for (let b = a + 1; b < P.length; b++) s -= at(L[b] as number[], a) * at(z, b);
    z[a] = s / at(L[a] as number[], a);
  }
  return z;
}

/** One published iteration (Yang & Oja 2010; Sotiras et al. 2015): W .* (X X'W) ./ (W W'X X'W), floored at 1e-16, divided by ||W||_2. */
export function referenceMultiplicativeIteration(x: Float64Array, m: number, n: number, w: Float64Array, k: number): Float64Array {
  const X = toMatrix(x, m, n), W = toMatrix(w, m, k);
  const Y = X.transpose().mmul(W), N = X.mmul(Y), WM = W.mmul(Y.transpose().mmul(Y));
  const next = Matrix.zeros(m, k);
  for (let i = 0; i < m; i++) for (let j = 0; j < k; j++) next.set(i, j, Math.max((W.get(i, j) * N.get(i, j)) / WM.get(i, j), FLOOR));
  return Float64Array.from(next.div(spectralNorm(next)).to1DArray());
}

/** The largest singular value of W, from the eigenvalues of W'W. */
export function spectralNorm(W: Matrix): number {
  const { realEigenvalues } = new EigenvalueDecomposition(W.transpose().mmul(W), { assumeSymmetric: true });
  return Math.sqrt(Math.max(...realEigenvalues));
}

export function toMatrix(a: Float64Array, rows: number, columns: number): Matrix {
  return Matrix.from1DArray(rows, columns, a);
}

function at(a: readonly number[], i: number): number {
  return a[i] as number;
}
