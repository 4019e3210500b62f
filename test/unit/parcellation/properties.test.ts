/** What must hold of any two parcellations, costs and cohorts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustedRandIndex, hardLabels, optimalAssignment, ParcellationError, stability, stratifiedHalves } from '../../../analysis/parcellation/index.js';
import { createRandom } from '../../../analysis/random.js';

describe('adjusted Rand index', () => {
  const pair = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })), { minLength: 2, maxLength: 60 });
  const permutation = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5, maxLength: 5 });

  it('is symmetric, free of labels and of the order of vertices, at most 1, and 1 only for the same partition', () => {
    fc.assert(fc.property(pair, permutation, permutation, fc.integer(), (cells, p, q, seed) => {
      const a = cells.map(([x]) => x), b = cells.map(([, y]) => y), value = adjustedRandIndex(a, b);
      const order = createRandom(seed).shuffle(cells.map((_, i) => i));
      expect(adjustedRandIndex(b, a)).toBeCloseTo(value, 12);
      expect(adjustedRandIndex(a.map((x) => p[x]! * 7 - 3), b.map((y) => q[y]! + 0.5))).toBe(value);
      expect(adjustedRandIndex(order.map((i) => a[i]!), order.map((i) => b[i]!))).toBeCloseTo(value, 12);
      expect(value).toBeLessThanOrEqual(1);
      const same = new Set(cells.map(([x, y]) => `${x} ${y}`)).size === new Set(a).size && new Set(a).size === new Set(b).size;
      expect(value === 1).toBe(same);
    }), { numRuns: 300 });
  });

  it('of labels dealt at random is 0 on average', () => {
    const random = createRandom('rand'), draws = Array.from({ length: 400 }, () => {
      const labels = (k: number): number[] => Array.from({ length: 50 }, () => random.integer(k));
      return adjustedRandIndex(labels(3), labels(5));
    });
    const mean = draws.reduce((s, v) => s + v, 0) / draws.length, se = Math.sqrt(draws.reduce((s, v) => s + (v - mean) ** 2, 0) / draws.length / draws.length);
    expect(Math.abs(mean)).toBeLessThan(5 * se);
  });
});

describe('optimal assignment', () => {
  const side = fc.integer({ min: 1, max: 7 });
  const matrix = (cell: fc.Arbitrary<number>): fc.Arbitrary<number[][]> => fc.tuple(side, side).chain(([r, c]) => fc.array(fc.array(cell, { minLength: c, maxLength: c }), { minLength: r, maxLength: r }));
  const value = (cost: number[][], answer: (number | null)[]): number => answer.reduce<number>((s, j, i) => s + (j === null ? 0 : cost[i]![j]!), 0);

  /** Smallest sum over every one-to-one assignment of the shorter side, by the subsets of the longer one. */
  function least(cost: number[][]): number {
    const table = cost.length <= cost[0]!.length ? cost : cost[0]!.map((_, j) => cost.map((row) => row[j]!));
    const known = new Map<number, number>([[0, 0]]);
    let level = known;
    for (const row of table) {
      const next = new Map<number, number>();
      for (const [used, sum] of level) row.forEach((c, j) => { if (!(used & (1 << j))) next.set(used | (1 << j), Math.min(next.get(used | (1 << j)) ?? Infinity, sum + c)); });
      level = next;
    }
    return Math.min(...level.values());
  }

  it('never worse than brute force up to 7 x 7, square or not, smallest or largest; one to one, and as many as can be', () => {
    fc.assert(fc.property(matrix(fc.integer({ min: -20, max: 20 })), (cost) => {
      for (const goal of ['minimise', 'maximise'] as const) {
        const answer = optimalAssignment(cost, goal), taken = answer.filter((j) => j !== null), sign = goal === 'minimise' ? 1 : -1;
        expect(taken.length).toBe(Math.min(cost.length, cost[0]!.length));
        expect(new Set(taken).size).toBe(taken.length);
        expect(Math.abs(sign * value(cost, answer) - least(cost.map((row) => row.map((c) => sign * c))))).toBe(0);
      }
    }), { numRuns: 400 });
  });

  it('costs of any size: no better by any exchange, and turned around with the table', () => {
    fc.assert(fc.property(matrix(fc.double({ min: -1e6, max: 1e6, noNaN: true })), (cost) => {
      const best = value(cost, optimalAssignment(cost, 'minimise')), turned = cost[0]!.map((_, j) => cost.map((row) => row[j]!));
      expect(best).toBeLessThanOrEqual(least(cost) + 1e-6);
      expect(Math.abs(value(turned, optimalAssignment(turned, 'minimise')) - best)).toBeLessThan(1e-6);
      expect(Math.abs(value(cost, optimalAssignment(cost.map((row) => row.map((c) => -c)), 'maximise')) - best)).toBeLessThan(1e-6);
    }), { numRuns: 200 });
  });
});

describe('stratified halves', () => {
  const people = fc.array(fc.record({ group: fc.constantFrom('HC', 'FLR', 'TRS', 'UTRS'), age: fc.option(fc.integer({ min: 18, max: 40 }), { nil: null }) }), { minLength: 1, maxLength: 90 });

  it('everyone once; balanced in every stratum: groups, pairs of neighbours in age within them, and in all', () => {
    fc.assert(fc.property(people, fc.integer({ min: 0, max: 1000 }), (cohort, seed) => {
      const group = cohort.map((p) => p.group), age = cohort.map((p) => p.age);
      for (const { A, B } of stratifiedHalves(group, age, { splits: 4, seed, stratify: ['group', 'age'] })) {
        expect([...A, ...B].sort((a, b) => a - b)).toEqual(cohort.map((_, i) => i));
        expect(Math.abs(A.length - B.length)).toBeLessThanOrEqual(1);
        const inA = new Set(A);
        for (const g of new Set(group)) {
          const members = group.flatMap((x, i) => (x === g ? [i] : [])).sort((a, b) => (age[a] ?? Infinity) - (age[b] ?? Infinity) || a - b);
          // Balanced at every age: among the youngest j of a group the halves never differ by more than one.
          let difference = 0;
          for (const i of members) { difference += inA.has(i) ? 1 : -1; expect(Math.abs(difference)).toBeLessThanOrEqual(1); }
        }
      }
    }), { numRuns: 150 });
  });

  it('relabelling the groups in the same order changes nothing', () => {
    fc.assert(fc.property(people, (cohort) => {
      const rename: Record<string, string> = { FLR: 'a', HC: 'b', TRS: 'c', UTRS: 'd' }, options = { splits: 3, seed: 5, stratify: ['group', 'age'] as const };
      const group = cohort.map((p) => p.group), age = cohort.map((p) => p.age);
      expect(stratifiedHalves(group.map((g) => rename[g]!), age, options)).toEqual(stratifiedHalves(group, age, options));
    }), { numRuns: 50 });
  });
});

describe('stability', () => {
  const weights = fc.record({ m: fc.integer({ min: 3, max: 25 }), k: fc.integer({ min: 2, max: 6 }), seed: fc.integer() });
  const draw = (seed: string, size: number): Float64Array => { const random = createRandom(seed); return Float64Array.from({ length: size }, () => random.uniform() ** 3); };
  /** Every vertex's weights, components reordered and the row rescaled. */
  const rearranged = (w: Float64Array, k: number, order: readonly number[], scale: (row: number) => number): Float64Array => w.map((_, at) => w[Math.floor(at / k) * k + order[at % k]!]! * scale(Math.floor(at / k)));

  it('in [-1, 1]; symmetric; free of the order of components, of vertices, and of scale; 1 with itself', () => {
    fc.assert(fc.property(weights, ({ m, k, seed }) => {
      const a = draw(`${seed}/a`, m * k), b = draw(`${seed}/b`, m * k), value = stability(a, b, m, k), random = createRandom(`${seed}/order`);
      expect(Math.abs(value.mean!)).toBeLessThanOrEqual(1);
      expect(value.undefined).toBe(0);
      expect(stability(b, a, m, k).mean).toBeCloseTo(value.mean!, 9);
      const order = random.shuffle(Array.from({ length: k }, (_, j) => j)), rows = random.shuffle(Array.from({ length: m }, (_, i) => i));
      expect(stability(rearranged(a, k, order, (i) => 1 + i), b, m, k).mean).toBeCloseTo(value.mean!, 9);
      const taken = (w: Float64Array): Float64Array => Float64Array.from(rows.flatMap((i) => [...w.subarray(i * k, (i + 1) * k)]));
      expect(stability(taken(a), taken(b), m, k).mean).toBeCloseTo(value.mean!, 9);
      expect(stability(a, rearranged(a, k, order, () => 0.5), m, k).mean).toBeCloseTo(1, 9);
      expect([...hardLabels(a, m, k)].every((l) => l >= 1 && l <= k)).toBe(true);
    }), { numRuns: 100 });
  });
});

describe('refusals', () => {
  it.each([
    ['UNEQUAL_LENGTHS', '2 and 1 vertices', () => adjustedRandIndex([1, 2], [1])],
    ['UNEQUAL_LENGTHS', 'row 2 of the costs has 1 columns', () => optimalAssignment([[1, 2], [3]], 'minimise')],
    ['NOT_FINITE', 'row 2, column 1 is NaN', () => optimalAssignment([[1, 2], [NaN, 3]], 'maximise')],
    ['UNEQUAL_LENGTHS', '2 groups and 1 ages', () => stratifiedHalves(['a', 'b'], [30], { splits: 2, seed: 0, stratify: ['group'] })],
    ['NOT_FINITE', 'age 2 is NaN', () => stratifiedHalves(['a', 'b'], [30, NaN], { splits: 2, seed: 0, stratify: ['group'] })],
    ['BAD_ARGUMENT', 'found 1.5', () => stratifiedHalves(['a'], [30], { splits: 1.5, seed: 0, stratify: ['group'] })],
    ['UNEQUAL_LENGTHS', 'half B are 5 numbers, not 3 vertices x 2', () => stability(new Float64Array(6), new Float64Array(5), 3, 2)],
    ['NOT_FINITE', 'vertex 2, component 1 in half A is NaN', () => stability(Float64Array.of(1, 2, NaN, 1), new Float64Array(4), 2, 2)],
  ])('%s: %s', (code, text, run) => {
    expect(run).toThrow(ParcellationError);
    expect(run).toThrow(expect.objectContaining({ code }));
    expect(run).toThrow(text);
  });
});
