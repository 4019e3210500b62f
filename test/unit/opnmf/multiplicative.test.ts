import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { factorize, randomStart } from '../../../analysis/opnmf/index.js';
import { solveMultiplicative } from '../../../analysis/opnmf/multiplicative.js';
import { referenceMultiplicativeIteration, spectralNorm, toMatrix } from '../../../analysis/opnmf/reference.js';
import { errorOf, partsMatrix, problemOf, randomMatrix, relativeDifference, residualOf } from './support.js';

const always = (): boolean => true;

describe('multiplicative: the published update', () => {
  it.each([[13, 7, 3], [20, 12, 4], [9, 14, 1], [31, 10, 5]])('ten iterations at %i x %i, k = %i equal the reference, step by step from the same W', (m, n, k) => {
    const { x } = randomMatrix(m, n, k), problem = problemOf(x, m, n, k), start = randomStart(m, k, 6);
    let expected = start;
    for (let iteration = 1; iteration <= 10; iteration++) {
      expected = referenceMultiplicativeIteration(x, m, n, expected, k);
      solveMultiplicative(problem, () => start, k, 0, iteration, { onPass: always });
      expect(relativeDifference(problem.unload(), expected)).toBeLessThan(1e-10);
    }
  });

  it('worked example: X = [[2, 0], [0, 1]], one component from (1, 1)', () => {
    // X X'w = (4, 1), w'X X'w = 5, w .* (4, 1) / (w * 5) = (0.8, 0.2); divided by its length: (4, 1) / sqrt(17).
    const problem = problemOf(Float64Array.of(2, 0, 0, 1), 2, 2, 1);
    solveMultiplicative(problem, () => Float64Array.of(1, 1), 1, 0, 1, { onPass: always });
    expect(relativeDifference(problem.unload(), [4 / Math.sqrt(17), 1 / Math.sqrt(17)])).toBeLessThan(1e-15);
  });

  it('returns W with spectral norm 1, H = W\'X, columns by decreasing ||W_j|| ||H_j||, and the error at the projective scale', () => {
    const sample = partsMatrix(30, 12, 3, 0.3, 2), { x, m, n } = sample;
    const fit = factorize(x, m, n, { rank: 4, solver: 'multiplicative', tolerance: 1e-5, maxIterations: 20_000, seed: 0 });
    const W = toMatrix(fit.W, m, 4), H = W.transpose().mmul(toMatrix(x, m, n));
    expect(spectralNorm(W)).toBeCloseTo(1, 12);
    expect(relativeDifference(fit.H, H.to1DArray())).toBeLessThan(1e-12);
    const weight = [0, 1, 2, 3].map((j) => W.getColumnVector(j).norm('frobenius') * H.getRowVector(j).norm('frobenius'));
    expect(weight).toEqual([...weight].sort((a, b) => b - a));
    expect(Math.abs(fit.error / errorOf(sample, fit.W, 4) - 1)).toBeLessThan(1e-10);
    expect(Math.abs(fit.residual / residualOf(sample, fit.W, 4) - 1)).toBeLessThan(1e-9);
    expect(fit).toMatchObject({ converged: true, stopped: 'relative-change', spread: null });
  });

  it('stops at the first iteration whose relative change is below the tolerance', () => {
    const { x, m, n } = partsMatrix(25, 10, 3, 0.3, 3), start = randomStart(m, 3, 1), tolerance = 1e-3;
    const fit = factorize(x, m, n, { rank: 3, solver: 'multiplicative', tolerance, maxIterations: 5000, seed: 0, initial: start });
    let w = start, iterations = 0, change = Infinity;
    while (change >= tolerance) {
      const next = referenceMultiplicativeIteration(x, m, n, w, 3);
      change = Matrix.sub(toMatrix(next, m, 3), toMatrix(w, m, 3)).norm('frobenius') / toMatrix(w, m, 3).norm('frobenius');
      w = next;
      iterations++;
    }
    expect(iterations).toBeGreaterThan(5);
    expect(fit.iterations).toBe(iterations);
  });

  it('reports the error of W as it goes, not only at the end', () => {
    const sample = partsMatrix(25, 10, 3, 0.3, 3), { x, m, n } = sample, start = randomStart(m, 3, 1);
    const errors: number[] = [];
    factorize(x, m, n, { rank: 3, solver: 'multiplicative', tolerance: 0, maxIterations: 3, seed: 0, initial: start, onPass: (p) => { errors.push(p.error); return true; } });
    expect(errors[0]! / errorOf(sample, start, 3)).toBeCloseTo(1, 10);        // of the W the pass began with
    expect(errors[1]! / errorOf(sample, referenceMultiplicativeIteration(x, m, n, start, 3), 3)).toBeCloseTo(1, 10);
    expect(errors).toHaveLength(3);
  });

  it('bears a row of zeros in a given start, where the quotient is 0 / 0', () => {
    const { x, m, n } = partsMatrix(20, 12, 3, 0.3, 1), start = randomStart(m, 3, 5).fill(0, 0, 3);
    const fit = factorize(x, m, n, { rank: 3, solver: 'multiplicative', tolerance: 1e-5, maxIterations: 5000, seed: 0, initial: start });
    expect(fit.W.every(Number.isFinite)).toBe(true);
    expect(Math.max(...fit.W.subarray(0, 3))).toBeGreaterThan(1e-3);          // the row is not lost
    expect(start.subarray(0, 3)).toEqual(new Float64Array(3));                // nor the caller's array changed
  });
});
