import { describe, expect, it } from 'vitest';
import { optimalAssignment } from '../../../analysis/parcellation/assignment.js';
import { ParcellationError } from '../../../analysis/parcellation/errors.js';

type Cost = number[][];
const value = (cost: Cost, answer: (number | null)[]): number => answer.reduce<number>((s, j, i) => s + (j === null ? 0 : cost[i]![j]!), 0);

describe('optimalAssignment', () => {
  it('worked example (the classic 4 x 4 of the Hungarian method)', () => {
    // Optimum by hand: row 1 -> 3 (69), row 2 -> 2 (37), row 3 -> 1 (11), row 4 -> 4 (23): 140.
    const cost = [[82, 83, 69, 92], [77, 37, 49, 92], [11, 69, 5, 86], [8, 9, 98, 23]];
    expect(optimalAssignment(cost, 'minimise')).toEqual([2, 1, 0, 3]);
    expect(value(cost, optimalAssignment(cost, 'minimise'))).toBe(140);
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
    expect(() => optimalAssignment(cost, 'minimise')).toThrow(ParcellationError);
  });
});
