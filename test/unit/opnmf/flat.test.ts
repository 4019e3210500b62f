/** Matrices of (nearly) less rank than components are asked for: M is nearly singular, very many W are nearly fixed points, and the error depends on which of them is found. */
import { SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { searchPlan } from '../../../analysis/opnmf/accelerated/plan.js';
import { remixed } from '../../../analysis/opnmf/initialise.js';
import { factorize, Factorizer, prepare, randomStart, type Factorization, type FactorizeOptions } from '../../../analysis/opnmf/index.js';
import { toProjectiveScale } from '../../../analysis/opnmf/projective-scale.js';
import { toMatrix } from '../../../analysis/opnmf/reference.js';
import { errorOf, lowRankMatrix, partsMatrix, problemOf, randomMatrix, relativeDifference, residualOf, stagesOf, type Sample } from './support.js';

const asked = (rank: number): FactorizeOptions => ({ rank, solver: 'accelerated', tolerance: 1e-4, maxIterations: 5000, seed: 0 });
const accelerated = ({ x, m, n }: Sample, rank: number): Factorization => factorize(x, m, n, asked(rank));
const published = ({ x, m, n }: Sample, rank: number): Factorization => factorize(x, m, n, { rank, solver: 'multiplicative', tolerance: 1e-5, maxIterations: 50_000, seed: 0 });

/** Every value higher by `by`. */
const raised = ({ x, m, n }: Sample, by: number): Sample => ({ x: x.map((v) => v + by), m, n });
/** By ml-matrix's SVD: no approximation of rank k has a lower error. */
const leastError = ({ x, m, n }: Sample, k: number): number => Math.sqrt(new SingularValueDecomposition(toMatrix(x, m, n)).diagonal.slice(k).reduce((s, v) => s + v * v, 0));

describe('its errors, with a certificate', () => {
  it.each([
    { name: 'rank 2', sample: lowRankMatrix(80, 30, 2, 0, 1), ranks: [2, 3, 6] }, { name: 'rank 3', sample: lowRankMatrix(90, 40, 3, 0, 2), ranks: [3, 4, 8] },
    { name: 'rank 3, n > m', sample: lowRankMatrix(30, 90, 3, 0, 3), ranks: [3, 5] }, { name: 'rank 2 and noise', sample: lowRankMatrix(120, 40, 2, 1e-4, 4), ranks: [2, 3, 4] },
    { name: 'rank 2 and noise, with a leading part', sample: lowRankMatrix(300, 80, 2, 1e-3, 5), ranks: [3, 5] },
  ])('$name: never a thousandth above where the published update stops, nor half a hundredth above the best of 20 random starts', ({ sample, ranks }) => {
    const { x, m, n } = sample;
    for (const k of ranks) {
      const fit = accelerated(sample, k);
      expect(fit.converged).toBe(true);
      expect(Math.abs(fit.residual - residualOf(sample, fit.W, k))).toBeLessThan(1e-9);
      expect(Math.abs(fit.error / errorOf(sample, fit.W, k) - 1)).toBeLessThan(1e-7);
      expect(fit.error / published(sample, k).error - 1).toBeLessThan(0.001);
      const factorizer = Factorizer.of(x, m, n, k);
      for (let i = 0; i < 20; i++) {
        const random = factorizer.factorize({ rank: k, solver: 'accelerated', tolerance: 1e-5, maxIterations: 3000, seed: 0, initial: randomStart(m, k, `flat/${i}`) });
        expect(fit.error / random.error - 1).toBeLessThan(0.005);
      }
    }
  });

  it('far below the published update\'s where there are more components than rank', () => {
    expect(accelerated(lowRankMatrix(80, 30, 2, 0, 1), 6).error / published(lowRankMatrix(80, 30, 2, 0, 1), 6).error).toBeLessThan(0.9);
  });

  it('says that it converged where every row is fitted exactly and components are left over', () => {
    const [m, n, parts] = [120, 40, 3], blocks: Sample = { x: Float64Array.from({ length: m * n }, (_, at) => (Math.floor((Math.floor(at / n) * parts) / m) === (at % n) % parts ? 1 : 0)), m, n };
    const fit = accelerated(blocks, 6);
    expect(fit.converged).toBe(true);
    expect(fit.error / Math.sqrt(blocks.x.reduce((s, v) => s + v * v, 0))).toBeLessThan(1e-6);
  });
});

describe('what is searched', () => {
  const plan = ({ x, m, n }: Sample, k: number, given: Float64Array | null = null): ReturnType<typeof searchPlan> => searchPlan(prepare(x, m, n, k), k, 0, given);

  it('descents and hops where the k-th singular value is below a hundredth of the first, and nowhere else', () => {
    for (const [sample, flat] of [[lowRankMatrix(80, 30, 2, 0, 1), true], [lowRankMatrix(80, 30, 2, 1e-3, 1), true], [partsMatrix(61, 24, 4, 0.4, 3), false], [randomMatrix(60, 30, 1), false]] as const) {
      const { trials, more } = plan(sample, 3);
      expect([trials.some((t) => t.descends), more !== null]).toEqual([false, flat]);
      if (more !== null) expect([more.trials.every((t) => t.descends), more.hops >= 9]).toEqual([true, true]);
    }
    expect(plan(lowRankMatrix(80, 30, 2, 0, 1), 2).more).toBeNull();
    expect(plan(randomMatrix(60, 30, 1), 1).more).toBeNull();
  });

  it('a given start alone, also there', () => {
    const { trials, more } = plan(lowRankMatrix(80, 30, 2, 0, 1), 3, randomStart(80, 3, 1));
    expect([trials.length, more]).toEqual([1, null]);
  });

  it('no more where the error is so near the least that any approximation of the rank has, that nothing could be gained', () => {
    const search = (sample: Sample, rank: number): ReturnType<typeof stagesOf> => stagesOf(Factorizer.of(sample.x, sample.m, sample.n, rank), asked(rank));
    // Three parts of many vertices and noise; a fourth component can only divide noise, whose singular values are below a hundredth of the first.
    const noisy = raised(partsMatrix(600, 200, 3, 0.3, 1), 20), near = search(noisy, 4), least = leastError(noisy, 4);
    expect(plan(noisy, 4).more?.above).toBeCloseTo(1.03 * least, 6);
    expect(near.fit.error / least).toBeLessThan(1.03);
    expect(near.stages).toEqual(['warm-up', 'finalists', 'refine']);
    expect(near.fit).toMatchObject({ converged: true, flat: false });
    const far = search(lowRankMatrix(300, 80, 2, 1e-3, 5), 4);
    expect(far.stages).toEqual(expect.arrayContaining(['more', 'rest', 'hops']));
    expect(far.fit.flat).toBe(true);
  });

  it('says of both solvers whether X determines W', () => {
    for (const [sample, rank, flat] of [[lowRankMatrix(80, 30, 2, 1e-3, 1), 4, true], [lowRankMatrix(80, 30, 2, 1e-3, 1), 2, false], [partsMatrix(61, 24, 4, 0.4, 3), 5, false]] as const) {
      expect([accelerated(sample, rank).flat, published(sample, rank).flat]).toEqual([flat, flat]);
    }
  });

  it('passes run on as many columns as the matrix has rank, whatever the highest rank that is prepared for', () => {
    const { x, m, n } = lowRankMatrix(80, 30, 3, 0, 1);
    for (const highest of [2, 4, 10]) expect(searchPlan(prepare(x, m, n, highest), 2, 0, null).columns).toBe(4);
    expect(plan(randomMatrix(60, 30, 1), 3).columns).toBeNull();                // small, and of full rank: on X
    expect(plan(randomMatrix(200, 90, 1), 3).columns).toBe(32);
  });

  it('the result does not depend on the highest rank that is prepared for', () => {
    const { x, m, n } = lowRankMatrix(80, 30, 3, 0, 1), options = { rank: 4, solver: 'accelerated' as const, tolerance: 1e-4, maxIterations: 5000, seed: 0 };
    expect(Factorizer.of(x, m, n, 10).factorize(options)).toEqual(Factorizer.of(x, m, n, 4).factorize(options));
  });
});

describe('its parts', () => {
  it('tilt: Y becomes Y + weight Y (I - G), G at the projective scale', () => {
    const [m, n, k] = [20, 9, 3], { x } = randomMatrix(m, n, 5), problem = problemOf(x, m, n, k), w = randomStart(m, k, 2);
    problem.load(w, k);
    const { scale } = toProjectiveScale(problem), W = toMatrix(w, m, k).mul(scale), Y = toMatrix(x, m, n).transpose().mmul(W), G = W.transpose().mmul(W);
    problem.tilt(scale, 0.7);
    const expected = Y.clone().add(Y.clone().sub(Y.mmul(G)).mul(0.7));
    const found = Float64Array.from({ length: n * k }, (_, at) => problem.Y[Math.floor(at / k) * problem.kp + (at % k)]!);
    expect(relativeDifference(found, expected.to1DArray())).toBeLessThan(1e-12);
  });

  it('a short step towards the tilted rows lowers the projective error, to first order as its gradient says', () => {
    const [m, n, k] = [40, 20, 4], { x } = randomMatrix(m, n, 7), problem = problemOf(x, m, n, k);
    for (const seed of [1, 2, 3]) {
      problem.load(randomStart(m, k, seed), k);
      const { scale, error } = toProjectiveScale(problem), before = problem.unload().map((v) => v * scale);
      const X = toMatrix(x, m, n), W = toMatrix(before, m, k), N = X.mmul(X.transpose().mmul(W)), M = W.transpose().mmul(N), G = W.transpose().mmul(W);
      const gradient = W.mmul(M).add(N.mmul(G)).sub(N.clone().mul(2)).mul(2).to1DArray(); // of ||X - W W'X||^2
      problem.tilt(scale, 1);
      problem.acceleratedPass(scale, { sweeps: 0, activeSetSteps: 30, damping: 1e-4, prox: 1 }, false);
      const after = problem.unload(), expected = after.reduce((s, v, at) => s + (v - before[at]!) * gradient[at]!, 0);
      const fixed = (w: Float64Array): number => { const V = toMatrix(w, m, k); return X.clone().sub(V.mmul(V.transpose().mmul(X))).norm('frobenius') ** 2; };
      expect(expected).toBeLessThan(0);
      expect((fixed(after) - fixed(before)) / expected).toBeCloseTo(1, 2);
      expect(toProjectiveScale(problem).error).toBeLessThan(error);
    }
  });

  it('remixed: two components divide their rows anew, the others stay, and the seed decides', () => {
    const [m, k] = [50, 4], w = randomStart(m, k, 1), out = remixed(w, m, k, 'a');
    const changed = Array.from({ length: k }, (_, j) => Array.from({ length: m }, (_unused, i) => out[i * k + j] !== w[i * k + j]).filter(Boolean).length);
    const [a, b] = changed.flatMap((c, j) => (c > 0 ? [j] : [])) as [number, number];
    expect(changed.filter((c) => c > 0)).toHaveLength(2);
    for (let i = 0; i < m; i++) {
      const both = w[i * k + a]! + w[i * k + b]!;
      expect([out[i * k + a]!, out[i * k + b]!].sort((p, q) => p - q)).toEqual([0.1 * both, both]);
    }
    expect(remixed(w, m, k, 'a')).toEqual(out);
    expect(remixed(w, m, k, 'b')).not.toEqual(out);
  });
});

describe('the most iterations', () => {
  it.each([30, 150, 300])('of %i hold here, too', (maxIterations) => {
    const { x, m, n } = lowRankMatrix(80, 30, 2, 1e-3, 1), fit = factorize(x, m, n, { rank: 5, solver: 'accelerated', tolerance: 1e-14, maxIterations, seed: 0 });
    expect(fit).toMatchObject({ converged: false, stopped: 'max-iterations', iterations: maxIterations });
  });
});
