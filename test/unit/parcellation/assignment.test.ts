import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { optimalAssignment } from '../../../analysis/parcellation/assignment.js';

type Cost = number[][];
const value = (cost: Cost, answer: (number | null)[]): number => answer.reduce<number>((s, j, i) => s + (j === null ? 0 : cost[i]![j]!), 0);

/** Smallest sum over every one-to-one assignment of the shorter side. */
function bruteForce(cost: Cost, better: (a: number, b: number) => number): number {
  const rows = cost.length, columns = cost[0]!.length;
  const table = rows <= columns ? cost : Array.from({ length: columns }, (_, j) => cost.map((row) => row[j]!));
  const go = (i: number, used: number): number => {
    if (i === table.length) return 0;
    return table[i]!.reduce((best, c, j) => (used & (1 << j) ? best : better(best, c + go(i + 1, used | (1 << j)))), better(Infinity, -Infinity) === Infinity ? -Infinity : Infinity);
  };
  return go(0, 0);
}

describe('optimalAssignment', () => {
  it('worked example (the classic 4 x 4 of the Hungarian method)', () => {
    // Optimum by hand: row 1 -> 3 (69), row 2 -> 2 (37), row 3 -> 1 (11), row 4 -> 4 (23): 140.
    const cost = [[82, 83, 69, 92], [77, 37, 49, 92], [11, 69, 5, 86], [8, 9, 98, 23]];
    expect(optimalAssignment(cost, 'minimise')).toEqual([2, 1, 0, 3]);
    expect(value(cost, optimalAssignment(cost, 'minimise'))).toBe(140);
  });

  const matrix = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })).chain(([r, c]) =>
    fc.array(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: c, maxLength: c }), { minLength: r, maxLength: r }));

  it('is as good as the best of all, up to 6 x 6, square or not, smallest or largest; one to one, everything assigned that can be', () => {
    fc.assert(fc.property(matrix, (cost) => {
      for (const goal of ['minimise', 'maximise'] as const) {
        const answer = optimalAssignment(cost, goal), taken = answer.filter((j) => j !== null);
        expect(answer).toHaveLength(cost.length);
        expect(new Set(taken).size).toBe(taken.length);
        expect(taken).toHaveLength(Math.min(cost.length, cost[0]!.length));
        expect(value(cost, answer)).toBe(bruteForce(cost, goal === 'minimise' ? Math.min : Math.max));
      }
    }), { numRuns: 300, seed: 3 });
  });

  it('finds a planted renumbering of components', () => {
    const order = [3, 0, 4, 1, 2];
    expect(optimalAssignment(order.map((p) => order.map((_, j) => (j === p ? 90 : 7 + j))), 'maximise')).toEqual(order);
  });

  it('nothing to assign', () => {
    expect(optimalAssignment([], 'minimise')).toEqual([]);
    expect(optimalAssignment([[], []], 'maximise')).toEqual([null, null]);
  });
});

describe('optimalAssignment refuses', () => {
  it.each([[[[1, NaN], [2, 3]]], [[[1, Infinity], [2, 3]]], [[[1, 2], [3]]]])('%j', (cost) => {
    expect(() => optimalAssignment(cost, 'minimise')).toThrow(RangeError);
  });
});
