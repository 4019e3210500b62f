/** Against scikit-learn (adjusted_rand_score), scipy (linear_sum_assignment) and numpy (the m x m matrices): fixtures/reference.py. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { adjustedRandIndex, optimalAssignment, stability } from '../../../analysis/parcellation/index.js';

interface Reference {
  rand: { a: number[]; b: number[]; index: number }[];
  assignments: { cost: number[][]; least: number; most: number }[];
  stability: { m: number; k: number; a: number[]; b: number[]; mean: number; median: number; sd: number }[];
}
const reference = JSON.parse(readFileSync(new URL('./fixtures/reference.json', import.meta.url), 'utf8')) as Reference;

describe('reference values', () => {
  it.each(reference.rand.map((r, i) => [i, r] as const))('adjusted Rand index, case %i', (_, { a, b, index }) => {
    expect(Math.abs(adjustedRandIndex(a, b) - index)).toBeLessThanOrEqual(1e-10 * Math.abs(index));
  });

  it.each(reference.assignments.map((r) => [r.cost.length, r.cost[0]!.length, r] as const))('assignment, %i x %i', (rows, columns, { cost, least, most }) => {
    for (const [goal, best] of [['minimise', least], ['maximise', most]] as const) {
      const answer = optimalAssignment(cost, goal), taken = answer.filter((j) => j !== null);
      expect(new Set(taken).size).toBe(Math.min(rows, columns));
      expect(answer.reduce<number>((s, j, i) => s + (j === null ? 0 : cost[i]![j]!), 0)).toBeCloseTo(best, 9);
    }
  });

  it.each(reference.stability.map((r) => [r.m, r.k, r] as const))('stability of %i vertices, %i components', (m, k, { a, b, mean, median, sd }) => {
    const found = stability(Float64Array.from(a), Float64Array.from(b), m, k);
    expect([found.mean! / mean, found.median! / median, found.sd! / sd].map((v) => Math.abs(v - 1) < 1e-10)).toEqual([true, true, true]);
  });
});
