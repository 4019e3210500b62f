import { describe, expect, it } from 'vitest';
import { factorize } from '../../../analysis/opnmf/index.js';
import { createRandom } from '../../../analysis/random.js';
import { exponent } from '../../../bench/curve.js';
import { judge } from '../../../bench/judge.js';

describe('the judge of the benchmark', () => {
  const m = 40, n = 18, k = 3, random = createRandom('judge');
  const h = Float64Array.from({ length: k * n }, () => 2 * random.uniform());
  const values = Float64Array.from({ length: m * n }, (_, i) => (h[(Math.floor(i / n) % k) * n + (i % n)] as number) + 0.3 * random.uniform());
  const matrix = { name: 'x', values, m, n };

  it.each(['accelerated', 'multiplicative'] as const)('finds the error and the residual that `%s` reports', (solver) => {
    const fit = factorize(values, m, n, { rank: k, solver, tolerance: 1e-4, maxIterations: 2000, seed: 1 });
    const verdict = judge(matrix, fit.W, k);
    expect(verdict.error / fit.error).toBeCloseTo(1, 9);
    expect(verdict.residual / fit.residual).toBeCloseTo(1, 4);
  });

  it('does not depend on the scale of W, and sees a W that is no fixed point', () => {
    const fit = factorize(values, m, n, { rank: k, solver: 'accelerated', tolerance: 1e-8, maxIterations: 2000, seed: 1 });
    const right = judge(matrix, fit.W, k), scaled = judge(matrix, fit.W.map((v) => 7 * v), k), wrong = judge(matrix, fit.W.map((v, i) => v * (i === 5 ? 1.5 : 1) + 0.01), k);
    expect(scaled.error / right.error).toBeCloseTo(1, 12);
    expect(right.residual).toBeLessThan(1e-8);
    expect(wrong.residual).toBeGreaterThan(1e-3);
    expect(wrong.error).toBeGreaterThan(right.error);
  });
});

describe('the exponent of a curve', () => {
  it('is that of a power law', () => {
    expect(exponent({ name: '', points: [1, 2, 5, 9].map((x) => ({ x, y: 3 * x ** 1.7 })) })).toBeCloseTo(1.7, 12);
  });
});
