/** Seeded matrices, and the certificate and the error computed from X and W alone, with nothing of the solvers. */
import { Matrix } from 'ml-matrix';
import { prepare, type Factorization, type Factorizer, type FactorizeOptions } from '../../../analysis/opnmf/index.js';
import { Problem } from '../../../analysis/opnmf/kernel/problem.js';
import { createRandom } from '../../../analysis/random.js';

export interface Sample {
  x: Float64Array;
  m: number;
  n: number;
}

/** Uniform in (0, 1]. */
export function randomMatrix(m: number, n: number, seed: number): Sample {
  const random = createRandom(`matrix/${seed}`);
  return { x: Float64Array.from({ length: m * n }, () => 1 - random.uniform()), m, n };
}

/** `parts` blocks of rows that share a profile, plus noise, shifted to be non-negative: what OPNMF finds parts in. */
export function partsMatrix(m: number, n: number, parts: number, noise: number, seed: number): Sample {
  const random = createRandom(`parts/${seed}`);
  const profiles = Array.from({ length: parts * n }, () => random.normal());
  const x = Float64Array.from({ length: m * n }, (_, at) => {
    const i = Math.floor(at / n), part = Math.floor((i * parts) / m);
    return profiles[part * n + (at % n)]! + noise * random.normal();
  });
  const least = x.reduce((a, b) => Math.min(a, b), Infinity);
  return { x: x.map((v) => v - least), m, n };
}

/** A product of `rank` non-negative factors, plus noise. */
export function lowRankMatrix(m: number, n: number, rank: number, noise: number, seed: number): Sample {
  const random = createRandom(`low/${seed}`);
  const w = Array.from({ length: m * rank }, () => random.uniform()), h = Array.from({ length: n * rank }, () => random.uniform());
  const x = Float64Array.from({ length: m * n }, (_, at) => {
    let sum = 0;
    for (let j = 0; j < rank; j++) sum += w[Math.floor(at / n) * rank + j]! * h[(at % n) * rank + j]!;
    return Math.max(0, sum + noise * random.normal());
  });
  return { x, m, n };
}

/** Rows that each belong to one of `parts` profiles with disjoint columns: the fixed point is known to be the partition. */
export function separableMatrix(m: number, n: number, parts: number, seed: number): Sample {
  const random = createRandom(`separable/${seed}`);
  const x = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) {
    const same = i % parts === j % parts;
    x[i * n + j] = same ? 1 + random.uniform() : 0.1 * random.uniform();
  }
  return { x, m, n };
}

/** r = ||min(W, (W M - N) ./ diag(M))||_F / ||W||_F at the projective scale, from the definition. */
export function residualOf({ x, m, n }: Sample, w: Float64Array, k: number): number {
  const X = Matrix.from1DArray(m, n, x), raw = Matrix.from1DArray(m, k, w);
  const W = Matrix.mul(raw, scaleOf(X, raw));
  const Y = X.transpose().mmul(W), M = Y.transpose().mmul(Y), gradient = Matrix.sub(W.mmul(M), X.mmul(Y));
  let sum = 0;
  for (let i = 0; i < m; i++) for (let j = 0; j < k; j++) sum += Math.min(W.get(i, j), gradient.get(i, j) / M.get(j, j)) ** 2;
  return Math.sqrt(sum) / W.norm('frobenius');
}

/** ||X - W W'X||_F with W at the projective scale, element by element. */
export function errorOf({ x, m, n }: Sample, w: Float64Array, k: number): number {
  const X = Matrix.from1DArray(m, n, x), raw = Matrix.from1DArray(m, k, w);
  const W = Matrix.mul(raw, scaleOf(X, raw));
  return Matrix.sub(X, W.mmul(W.transpose().mmul(X))).norm('frobenius');
}

/** The s at which ||X - s^2 W W'X||_F is smallest: <X, P> / <P, P> with P = W W'X. */
export function scaleOf(X: Matrix, W: Matrix): number {
  const P = W.mmul(W.transpose().mmul(X));
  return Math.sqrt(Matrix.mul(X, P).sum() / Matrix.mul(P, P).sum());
}

/** Largest difference relative to the largest entry. */
export function relativeDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity;
  let difference = 0, size = 0;
  for (let i = 0; i < found.length; i++) {
    const d = Math.abs(found[i]! - expected[i]!);
    if (Number.isNaN(d)) return NaN;
    difference = Math.max(difference, d);
    size = Math.max(size, Math.abs(expected[i]!));
  }
  return difference / size;
}

/** A problem on X itself with room for rank k. */
export function problemOf(x: Float64Array, m: number, n: number, k: number): Problem {
  return new Problem(prepare(x, m, n, Math.min(k, m, n)), k);
}

/** One column after the other, `rows` values each. */
export function toColumns(a: Float64Array, rows: number): Matrix {
  return Matrix.from1DArray(a.length / rows, rows, a).transpose();
}

/** An accelerated fit, and the stages in which it could have been interrupted. */
export function stagesOf(factorizer: Factorizer, options: FactorizeOptions): { stages: string[]; fit: Factorization } {
  const stages = new Set<string>();
  const fit = factorizer.factorize({ ...options, onSafePoint: (checkpoint) => { const c = checkpoint(); if (c.solver === 'accelerated') stages.add(c.state.stage); } });
  return { stages: [...stages], fit };
}
