import { describe, expect, it } from 'vitest';
import { factorize, Factorizer, randomStart, type Factorization, type FactorizeOptions } from '../../../analysis/opnmf/index.js';
import { Anderson } from '../../../analysis/opnmf/anderson.js';
import { Pace } from '../../../analysis/opnmf/pace.js';
import { adjustedRandIndex, hardLabels } from '../../../analysis/parcellation/labels.js';
import { solveMultiplicative } from '../../../analysis/opnmf/multiplicative.js';
import { errorOf, partsMatrix, problemOf, relativeDifference, residualOf, separableMatrix, type Sample } from './support.js';

const accelerated = ({ x, m, n }: Sample, rank: number, more: Partial<FactorizeOptions> = {}): Factorization =>
  factorize(x, m, n, { rank, solver: 'accelerated', tolerance: 1e-4, maxIterations: 5000, seed: 0, ...more });

describe('accelerated: what it says of its result', () => {
  const sample = partsMatrix(61, 24, 4, 0.4, 3);

  it.each([1, 2, 3, 4, 5, 6])('rank %i: the certificate and the error are those of the returned W, computed again from X', (k) => {
    const fit = accelerated(sample, k);
    expect(Math.abs(fit.residual - residualOf(sample, fit.W, k))).toBeLessThan(1e-12);
    expect(Math.abs(fit.error / errorOf(sample, fit.W, k) - 1)).toBeLessThan(1e-10);
    expect(fit.residual).toBeLessThanOrEqual(1e-4);
    expect(fit).toMatchObject({ rank: k, converged: true, stopped: 'residual' });
    expect(fit.passes).toBeGreaterThanOrEqual(fit.iterations);
    expect(fit.spread).toBeGreaterThanOrEqual(0);
  });

  it('reaches a tolerance of 1e-10 at the true rank, and says so', () => {
    const fit = accelerated(sample, 4, { tolerance: 1e-10 });
    expect(fit.converged).toBe(true);
    expect(residualOf(sample, fit.W, 4)).toBeLessThan(1.1e-10);
  });

  it('says when it ran out of passes', () => {
    const fit = accelerated(sample, 5, { tolerance: 1e-14, maxIterations: 30 });
    expect(fit).toMatchObject({ converged: false, stopped: 'max-iterations', iterations: 30 });
    expect(fit.residual).toBeGreaterThan(1e-14);
    expect(Math.abs(fit.residual - residualOf(sample, fit.W, 5))).toBeLessThan(1e-12);
  });

  it('returns W at the projective scale, so that W\'X needs no factor', () => {
    const { W, H } = accelerated(sample, 3), { x, m, n } = sample;
    let inner = 0, square = 0;
    for (let i = 0; i < m; i++) for (let c = 0; c < n; c++) {
      let p = 0;
      for (let j = 0; j < 3; j++) p += W[i * 3 + j]! * H[j * n + c]!;
      inner += x[i * n + c]! * p; square += p * p;
    }
    expect(inner / square).toBeCloseTo(1, 12);
  });

  it('a given start replaces every start', () => {
    const start = randomStart(sample.m, 4, 'mine');
    const fit = accelerated(sample, 4, { initial: start });
    expect(fit.spread).toBeNull();
    expect(fit.passes - fit.iterations).toBeLessThanOrEqual(3);                 // certificates
    expect(accelerated(sample, 4, { initial: start, seed: 99 }).W).toEqual(fit.W);
  });

  it('one component needs no search and few passes', () => {
    const fit = accelerated(sample, 1);
    expect(fit).toMatchObject({ converged: true, compressedPasses: 0 });
    expect(fit.iterations).toBeLessThan(80);
  });
});

describe('accelerated: the same answer as the published update', () => {
  it.each([[45, 15, 3], [40, 24, 4]])('separable %i x %i, %i parts: the labels of 30,000 multiplicative iterations, and the true ones', (m, n, k) => {
    const sample = separableMatrix(m, n, k, 5);
    const problem = problemOf(sample.x, m, n, k);
    solveMultiplicative(problem, () => randomStart(m, k, 3), k, 0, 30_000, { onPass: () => true });
    const published = problem.unload(), fit = accelerated(sample, k, { tolerance: 1e-8 });
    const labels = hardLabels(fit.W, m, k);
    expect(adjustedRandIndex(labels, hardLabels(published, m, k))).toBe(1);
    expect(adjustedRandIndex(labels, Array.from({ length: m }, (_, i) => i % k))).toBe(1);
    expect(Math.abs(fit.error / errorOf(sample, published, k) - 1)).toBeLessThan(1e-8);
  });

  it('a fixed point of one is a fixed point of the other: the published update hardly moves a W of r = 1e-10', () => {
    const sample = partsMatrix(40, 20, 3, 0.3, 11), { x, m, n } = sample;
    const { W } = accelerated(sample, 3, { tolerance: 1e-10 });
    const changes: number[] = [];
    factorize(x, m, n, { rank: 3, solver: 'multiplicative', tolerance: 0, maxIterations: 20, seed: 0, initial: W, onPass: (p) => { changes.push(p.residual); return true; } });
    expect(Math.max(...changes.slice(1))).toBeLessThan(1e-9);                   // the first changes the scale
  });

  /** Rows, columns, parts, noise, seed. At rank 5 and 6 of the first three there are more components than parts. */
  const samples: [number, number, number, number, number][] = [[60, 24, 4, 0.4, 3], [80, 20, 3, 0.5, 4], [50, 30, 4, 1, 5], [90, 16, 5, 0.3, 6], [64, 40, 6, 0.5, 7]];
  const excess = ([m, n, parts, noise, seed]: [number, number, number, number, number], k: number): number => {
    const sample = partsMatrix(m, n, parts, noise, seed);
    const published = factorize(sample.x, m, n, { rank: k, solver: 'multiplicative', tolerance: 1e-5, maxIterations: 50_000, seed: 0 });
    return accelerated(sample, k).error / published.error - 1;
  };

  it.each(samples)('up to the number of parts its error is never 0.1 %% above: %i x %i, %i parts, noise %f', (...shape) => {
    for (let k = 2; k <= shape[2]; k++) expect(excess(shape, k)).toBeLessThan(0.001);
  });

  it('beyond the parts, where both end in one of many local optima, it is better on average and never far behind (docs/opnmf.md)', () => {
    const beyond = samples.flatMap((shape) => [2, 3, 4, 5, 6].filter((k) => k > shape[2]).map((k) => excess(shape, k)));
    expect(beyond.length).toBeGreaterThanOrEqual(7);
    expect(beyond.reduce((s, v) => s + v, 0) / beyond.length).toBeLessThan(0.001);
    expect(Math.max(...beyond)).toBeLessThan(0.005);
  });
});

describe('while starts are compared', () => {
  it('every start that is finished is measured on X: the error that is told is that of the W that is there', () => {
    const sample = partsMatrix(300, 90, 4, 0.5, 3), { x, m, n } = sample, told: { error: number; residual: number; W: Float64Array }[] = [];
    const k = 5, factorizer = Factorizer.of(x, m, n, k);
    const whole = factorizer.factorize({ rank: k, solver: 'accelerated', tolerance: 1e-4, maxIterations: 5000, seed: 0 });
    const passes: boolean[] = [];
    factorizer.factorize({ rank: k, solver: 'accelerated', tolerance: 1e-4, maxIterations: 5000, seed: 0, onPass: (p) => { passes.push(p.compressed); return true; } });
    const onX = passes.flatMap((compressed, i) => (compressed ? [] : [i + 1]));
    for (const at of onX.slice(0, 7)) {
      let last = { error: 0, residual: 0 }, calls = 0;
      const stopped = factorizer.factorize({ rank: k, solver: 'accelerated', tolerance: 1e-4, maxIterations: 5000, seed: 0, onPass: (p) => { last = p; return ++calls < at; } });
      expect(stopped.stopped).toBe('cancelled');
      told.push({ ...last, W: stopped.W });
    }
    expect(told).toHaveLength(7);                                               // finalists of a problem this small
    for (const { error, residual, W } of told) {
      expect(Math.abs(error / errorOf(sample, W, k) - 1)).toBeLessThan(1e-9);
      expect(Math.abs(residual - residualOf(sample, W, k))).toBeLessThan(1e-9);
    }
    expect(whole.spread).toBeCloseTo((Math.max(...told.map((t) => t.error)) - Math.min(...told.map((t) => t.error))) / Math.min(...told.map((t) => t.error)), 10);
  });
});

describe('shapes and zeros', () => {
  it('more columns than rows', () => {
    const sample = partsMatrix(14, 60, 3, 0.3, 8), fit = accelerated(sample, 3);
    expect(fit.converged).toBe(true);
    expect(fit.W).toHaveLength(42);
    expect(fit.H).toHaveLength(180);
    expect(Math.abs(fit.residual - residualOf(sample, fit.W, 3))).toBeLessThan(1e-12);
    expect(adjustedRandIndex(hardLabels(fit.W, 14, 3), Array.from({ length: 14 }, (_, i) => Math.floor((i * 3) / 14)))).toBe(1);
  });

  it.each(['accelerated', 'multiplicative'] as const)('%s: a row of zeros comes back as zero weight and label 0, the others as if it were not there', (solver) => {
    const { x, m, n } = partsMatrix(30, 12, 3, 0.3, 9);
    const holed = new Float64Array((m + 2) * n);
    holed.set(x.subarray(0, 10 * n), 0);                                        // row 10 is zero
    holed.set(x.subarray(10 * n), 11 * n);                                      // so is the last
    const options = { rank: 3, solver, tolerance: 1e-6, maxIterations: 50_000, seed: 0 };
    const fit = factorize(holed, m + 2, n, options), plain = factorize(x, m, n, options);
    for (const i of [10, m + 1]) expect([...fit.W.subarray(i * 3, i * 3 + 3)]).toEqual([0, 0, 0]);
    const labels = hardLabels(fit.W, m + 2, 3);
    expect([labels[10], labels[m + 1]]).toEqual([0, 0]);
    expect([...labels].filter((_, i) => i !== 10 && i !== m + 1)).toEqual([...hardLabels(plain.W, m, 3)]);
    expect(fit.error / plain.error).toBeCloseTo(1, 3);
  });

  it('the scale of the data does not matter to a random start', () => {
    const { x, m, n } = partsMatrix(30, 12, 3, 0.3, 9), initial = randomStart(m, 3, 1);
    const options = { rank: 3, solver: 'accelerated' as const, tolerance: 1e-6, maxIterations: 5000, seed: 0, initial };
    const plain = factorize(x, m, n, options), scaled = factorize(x.map((v) => v * 1024), m, n, options);
    expect(scaled.W).toEqual(plain.W);                                          // a power of two: the same bits
    expect(scaled.error / plain.error).toBeCloseTo(1024, 8);
  });
});

describe('cancelling', () => {
  it.each([3, 20, 21, 47, 61, 65])('stops within the pass in which onPass says no (pass %i)', (last) => {
    const sample = partsMatrix(61, 24, 4, 0.4, 3);
    let calls = 0;
    const fit = accelerated(sample, 5, { tolerance: 1e-12, onPass: ({ passes }) => { calls++; return passes < last; } });
    expect(fit).toMatchObject({ stopped: 'cancelled', converged: false, passes: last });
    expect(calls).toBe(last);
  });

  it('multiplicative too', () => {
    const { x, m, n } = partsMatrix(61, 24, 4, 0.4, 3);
    let calls = 0;
    const fit = factorize(x, m, n, { rank: 3, solver: 'multiplicative', tolerance: 0, maxIterations: 1000, seed: 0, onPass: () => ++calls < 7 });
    expect(fit).toMatchObject({ stopped: 'cancelled', converged: false, passes: 7 });
    expect(calls).toBe(7);
  });

  it('leaves a Factorizer that works as before', () => {
    const { x, m, n } = partsMatrix(61, 24, 4, 0.4, 3), options = { rank: 4, solver: 'accelerated' as const, tolerance: 1e-4, maxIterations: 5000, seed: 0 };
    const used = Factorizer.of(x, m, n, 6);
    used.factorize({ ...options, rank: 6, onPass: () => false });
    expect(used.factorize(options).W).toEqual(factorize(x, m, n, options).W);
  });
});

describe('Pace', () => {
  const one = Float64Array.of(1);
  const after = (...ys: number[]): number => {
    const pace = new Pace();
    return ys.map((y) => pace.next(Float64Array.of(y), one, 1).damping)[ys.length - 1]!;
  };

  it('starts at 0.8, lengthens by 5 % while Y goes one way up to 1, shortens by 20 % when it turns down to 0.6', () => {
    expect([after(0), after(0, 1)]).toEqual([0.8, 0.8]);
    expect(after(0, 1, 2)).toBeCloseTo(0.84, 12);
    expect(after(0, 1, 0)).toBeCloseTo(0.64, 12);
    expect(after(0, 1, 0, 1)).toBe(0.6);
    expect(after(...Array.from({ length: 6 }, (_, i) => i))).toBeLessThanOrEqual(1);
  });

  it('remembers values, not the array it was shown', () => {
    const y = Float64Array.of(0), pace = new Pace();
    const steps = [0, 1, 0].map((v) => { y[0] = v; return pace.next(y, one, 1).damping; });
    expect(relativeDifference(steps, [0.8, 0.8, 0.64])).toBeLessThan(1e-12);
  });

  it('goes to the limit of a geometric series when nothing else is left, keeping padding and floor', () => {
    const pace = new Pace(), limit = 5, W = (t: number): Float64Array => Float64Array.of(limit - 0.9 ** t, 0, 1e-16 + 0.9 ** t * 0);
    let found: Float64Array | null = null, passes = 0;
    for (let t = 0; t < 12 && found === null; t++, passes++) found = pace.next(W(t), W(t).map((v) => v / 2), 2).extrapolated;
    expect(passes).toBeGreaterThan(6);
    expect(found![0]).toBeCloseTo(limit, 10);
    expect([found![1], found![2]]).toEqual([0, 1e-16]);
  });

  it('after 600 passes it takes short steps and no more extrapolates', () => {
    const pace = new Pace();
    for (let t = 0; t < 600; t++) pace.next(Float64Array.of(Math.sin(t)), one, 1);
    for (let t = 0; t < 40; t++) expect(pace.next(Float64Array.of(-(0.9 ** t)), one, 1)).toMatchObject({ damping: expect.closeTo(0.4, 12) as number, extrapolated: null });
  });
});

describe('Anderson', () => {
  it('solves a linear fixed-point problem of four directions in six evaluations', () => {
    const rates = [0.9, 0.5, -0.3, 0.2], limit = [1, -2, 3, 4];
    const map = (x: Float64Array): Float64Array => x.map((v, i) => limit[i]! + rates[i]! * (v - limit[i]!));
    const mixing = new Anderson();
    let x = new Float64Array(4);
    for (let i = 0; i < 6; i++) x = Float64Array.from(mixing.next(x, map(x)));
    expect(relativeDifference(x, limit)).toBeLessThan(1e-9);
  });

  it('takes the image itself when the differences tell nothing', () => {
    const mixing = new Anderson(), x = Float64Array.of(1, 2), f = Float64Array.of(2, 2);
    expect([...mixing.next(x, f)]).toEqual([2, 2]);
    expect([...mixing.next(x, f)]).toEqual([2, 2]);
  });
});
