import { describe, expect, it } from 'vitest';
import { coarseColumnsOf } from '../../../analysis/opnmf/kernel/matrix.js';
import { certify, toProjectiveScale } from '../../../analysis/opnmf/projective-scale.js';
import { activeSetRow, referenceAcceleratedPass, referenceMultiplicativeIteration, spectralNorm, toMatrix, type ReferenceRule } from '../../../analysis/opnmf/reference.js';
import { randomStart, singularVectors } from '../../../analysis/opnmf/initialise.js';
import { problemOf, randomMatrix, relativeDifference } from './support.js';

const SHAPES: [m: number, n: number, k: number][] = [
  [8, 5, 1], [9, 7, 1], [13, 7, 3], [14, 9, 5], [15, 11, 4], [16, 6, 2], [23, 17, 6], [37, 21, 7], [5, 5, 3], [6, 19, 3], [42, 30, 9], [3, 2, 1], [4, 3, 1],
];
const RULES: [string, ReferenceRule][] = [
  ['the certificate alone', { sweeps: 0, activeSetSteps: 0, damping: 1, prox: 0 }],
  ['one sweep', { sweeps: 1, activeSetSteps: 0, damping: 1, prox: 0 }],
  ['warm-up: three sweeps, damping 0.7', { sweeps: 3, activeSetSteps: 0, damping: 0.7, prox: 1e-4 }],
  ['exact rows', { sweeps: 0, activeSetSteps: 30, damping: 1, prox: 0 }],
  ['exact rows, damping 0.8', { sweeps: 0, activeSetSteps: 30, damping: 0.8, prox: 1e-4 }],
];

describe('an accelerated pass of the kernel', () => {
  for (const [name, rule] of RULES) {
    it.each(SHAPES)(`${name}: equals the reference at %i x %i, k = %i, three passes in a row`, (m, n, k) => {
      const { x } = randomMatrix(m, n, m * n + k);
      const problem = problemOf(x, m, n, k);
      let w = randomStart(m, k, `start/${m}`);
      problem.load(w, k);
      for (let pass = 0; pass < 3; pass++) {
        const expected = referenceAcceleratedPass(x, m, n, w, k, rule);
        const { scale, error } = toProjectiveScale(problem);
        const residual = problem.acceleratedPass(scale, rule, true);
        expect(Math.abs(scale / expected.scale - 1)).toBeLessThan(1e-12);
        expect(Math.abs(error / expected.error - 1)).toBeLessThan(1e-10);       // sqrt(||X||^2 - ...) cancels; the reference subtracts matrices
        expect(Math.abs(residual - expected.residual)).toBeLessThan(1e-12);
        expect(relativeDifference(problem.unload(), expected.W)).toBeLessThan(1e-12);
        w = expected.W;
        problem.load(w, k);                                                     // both from the same bits again
      }
    });
  }

  it('leaves Y = X\'W of the new W behind, so that the next pass need not project', () => {
    const [m, n, k] = [23, 9, 3];
    const problem = problemOf(randomMatrix(m, n, 5).x, m, n, k);
    problem.load(randomStart(m, k, 1), k);
    problem.acceleratedPass(toProjectiveScale(problem).scale, { sweeps: 0, activeSetSteps: 30, damping: 0.8, prox: 0 }, false);
    const carried = problem.Y.slice();
    problem.project();
    expect(relativeDifference(carried, problem.Y)).toBeLessThan(1e-14);
  });

  it('serves a lower rank than the one the memory was sized for', () => {
    const [m, n] = [21, 13], { x } = randomMatrix(m, n, 8), w = randomStart(m, 3, 2);
    const pass = (maxRank: number): Float64Array => {
      const problem = problemOf(x, m, n, maxRank);
      problem.load(randomStart(m, maxRank, 3), maxRank);                        // dirties W, Y and the padding
      problem.load(w, 3);
      problem.acceleratedPass(toProjectiveScale(problem).scale, { sweeps: 0, activeSetSteps: 30, damping: 0.8, prox: 0 }, false);
      return problem.unload();
    };
    expect(pass(9)).toEqual(pass(3));
  });
});

describe('a multiplicative pass of the kernel', () => {
  it.each(SHAPES)('equals the published iteration at %i x %i, k = %i up to its scale', (m, n, k) => {
    const { x } = randomMatrix(m, n, m + n + k), w = randomStart(m, k, 4);
    const problem = problemOf(x, m, n, k);
    problem.load(w, k, 'x');
    problem.grams();
    problem.multiplicativePass();
    const found = problem.unload(), norm = spectralNorm(toMatrix(found, m, k));
    expect(relativeDifference(found.map((v) => v / norm), referenceMultiplicativeIteration(x, m, n, w, k))).toBeLessThan(1e-12);
  });
});

describe('the published update on the leading part of X', () => {
  const k = 4;
  const updated = (x: Float64Array, m: number, n: number, level: 'x' | 'coarse'): Float64Array => {
    const problem = problemOf(x, m, n, k);
    expect(problem.matrix.compressed).toBe(true);
    problem.load(randomStart(m, k, 4), k, level, coarseColumnsOf(k));
    for (let i = 0; i < 5; i++) { toProjectiveScale(problem); problem.multiplicativePass(); }
    toProjectiveScale(problem);
    const W = problem.unload(), norm = spectralNorm(toMatrix(W, m, k));
    return W.map((v) => v / norm);
  };

  it('is that on X where nothing is left out', () => {
    const [m, n, inner] = [90, 70, 20], a = randomMatrix(m, inner, 5).x, b = randomMatrix(inner, n, 6).x, x = new Float64Array(m * n);
    for (let i = 0; i < m; i++) for (let c = 0; c < n; c++) for (let q = 0; q < inner; q++) x[i * n + c]! += a[i * inner + q]! * b[q * n + c]!;
    expect(relativeDifference(updated(x, m, n, 'coarse'), updated(x, m, n, 'x'))).toBeLessThan(1e-9);
  });

  it('is near it where variance is left out, and stays finite and positive on blocks of which some are left out whole', () => {
    const [m, n] = [90, 70], { x } = randomMatrix(m, n, 7);
    expect(relativeDifference(updated(x, m, n, 'coarse'), updated(x, m, n, 'x'))).toBeLessThan(0.2);
    const blocks = Float64Array.from({ length: m * n }, (_, at) => (Math.floor(at / n) % 45 === (at % n) % 45 ? 1 : 0));
    const W = updated(blocks, m, n, 'coarse');
    expect(W.every((v) => v >= 1e-20 && v <= 1)).toBe(true);
  });
});

describe('rows by active set', () => {
  it('worked example: M = [[2, 1], [1, 2]]', () => {
    const M = [[2, 1], [1, 2]];
    // n = (3, 3): the unconstrained minimum (1, 1) is feasible. n = (4, 1): unconstrained (7/3, -2/3), so w2 = 0 and w1 = n1 / M11 = 2.
    expect(activeSetRow(M, [3, 3], [1, 0], 30)).toEqual([expect.closeTo(1, 14), expect.closeTo(1, 14)]);
    expect(activeSetRow(M, [4, 1], [1, 1], 30)).toEqual([expect.closeTo(2, 14), 1e-16]);
    expect(activeSetRow(M, [1, 4], [5, 0], 30)).toEqual([1e-16, expect.closeTo(2, 14)]);
  });

  it('satisfies the optimality conditions on random problems: w >= 0, g = Mw - n >= 0, w g = 0', () => {
    for (let seed = 0; seed < 200; seed++) {
      const k = 2 + (seed % 8), B = toMatrix(randomMatrix(k + 2, k, seed).x, k + 2, k);
      const M = B.transpose().mmul(B).to2DArray(), n = [...randomMatrix(1, k, 1000 + seed).x].map((v) => v * k);
      const w = activeSetRow(M, n, Array.from({ length: k }, (_, j) => j % 2), 100);
      const g = M.map((row, j) => row.reduce((s, a, q) => s + a * w[q]!, 0) - n[j]!);
      expect(Math.min(...w)).toBeGreaterThanOrEqual(0);
      expect(Math.min(...g)).toBeGreaterThan(-1e-9);
      expect(Math.max(...w.map((v, j) => Math.abs(v * g[j]!)))).toBeLessThan(1e-9);
    }
  });
});

describe('views of A = XX\'', () => {
  const rule = { sweeps: 0, activeSetSteps: 30, damping: 0.8, prox: 1e-4 };

  it('more columns than rows: passes on the Gram matrix are passes on X', () => {
    const [m, n, k] = [14, 60, 4], problem = problemOf(randomMatrix(m, n, 2).x, m, n, k), w = randomStart(m, k, 1);
    expect(problem.base).toBe('gram');
    const after = (level: 'x' | 'gram'): { W: Float64Array; residual: number; error: number } => {
      problem.load(w, k, level);
      problem.acceleratedPass(toProjectiveScale(problem).scale, rule, false);
      const { scale, error } = toProjectiveScale(problem);
      const residual = problem.acceleratedPass(scale, rule, true);
      return { W: problem.unload(), residual, error };
    };
    const direct = after('x'), gram = after('gram');
    expect(relativeDifference(gram.W, direct.W)).toBeLessThan(1e-11);
    expect(Math.abs(gram.residual - direct.residual)).toBeLessThan(1e-11);
    expect(Math.abs(gram.error / direct.error - 1)).toBeLessThan(1e-9);
  });

  it('the leading part with what it leaves out of A W: a pass from the same W is the pass over X', () => {
    const [m, n, k] = [150, 90, 5], problem = problemOf(randomMatrix(m, n, 7).x, m, n, k), w = randomStart(m, k, 3);
    expect(problem.matrix.compressed).toBe(true);
    problem.load(w, k);
    certify(problem);                                                           // W at the projective scale
    const start = problem.unload();
    problem.acceleratedPass(toProjectiveScale(problem).scale, rule, false);
    const direct = problem.unload();
    problem.load(start, k);
    toProjectiveScale(problem);
    problem.useTail(coarseColumnsOf(k));
    const { scale } = toProjectiveScale(problem);
    expect(scale).toBeCloseTo(1, 10);
    problem.acceleratedPass(scale, rule, false);
    expect(relativeDifference(problem.unload(), direct)).toBeLessThan(1e-10);
  });

  it('the leading part alone: the rest of the variance is spread over all directions', () => {
    const [m, n, k] = [150, 90, 3], { x } = randomMatrix(m, n, 7), problem = problemOf(x, m, n, k), columns = coarseColumnsOf(k), w = randomStart(m, k, 3);
    problem.load(w, k, 'coarse', columns);
    problem.grams();
    const { u, s } = singularVectors(problem.matrix, columns) as { u: Float64Array; s: Float64Array };
    const rest = (x.reduce((sum, v) => sum + v * v, 0) - s.reduce((sum, v) => sum + v * v, 0)) / m;
    const inner = (a: number, b: number): number => {                            // w_a' (U S S U' + rest I) w_b
      let sum = 0;
      for (let i = 0; i < m; i++) sum += rest * w[i * k + a]! * w[i * k + b]!;
      for (let c = 0; c < columns; c++) {
        let p = 0, q = 0;
        for (let i = 0; i < m; i++) { p += u[i * columns + c]! * w[i * k + a]!; q += u[i * columns + c]! * w[i * k + b]!; }
        sum += s[c]! * s[c]! * p * q;
      }
      return sum;
    };
    for (let a = 0; a < k; a++) for (let b = 0; b < k; b++) expect(problem.M[a * problem.kp + b]! / inner(a, b)).toBeCloseTo(1, 10);
  });
});
