import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeBatch, fitCost, planFitBatches, planLookups } from '../../../contracts/fit-plan.js';
import { FIT_BATCH_FLOPS } from '../../../contracts/limits.js';

describe('planFitBatches', () => {
  const size = fc.record({ vertices: fc.integer({ min: 1, max: 90_000 }), subjects: fc.integer({ min: 2, max: 1200 }), metrics: fc.integer({ min: 1, max: 5 }) });
  const range = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 12 })).map(([first, more]): [number, number] => [first, first + more]);

  it('covers every rank of every half and of the whole cohort exactly once, within the budget unless one rank alone is above it', () => {
    fc.assert(fc.property(size, range, fc.integer({ min: 0, max: 12 }), (s, ranks, splits) => {
      const batches = planFitBatches(s, ranks, splits), all = Array.from({ length: ranks[1] - ranks[0] + 1 }, (_, i) => ranks[0] + i);
      const expected = [[null, null], ...Array.from({ length: splits }, (_, split) => [[split, 'A'], [split, 'B']]).flat()].flatMap(([split, half]) => all.map((rank) => `${split} ${half} ${rank}`));
      const found = batches.flatMap((b) => b.ranks.map((rank) => `${b.split} ${b.half} ${rank}`));
      expect([...found].sort()).toEqual([...expected].sort());
      for (const b of batches) {
        const columns = (b.split === null ? s.subjects : Math.ceil(s.subjects / 2)) * s.metrics;
        const cost = b.ranks.reduce((sum, rank) => sum + fitCost(s.vertices, columns, rank), 0);
        expect(b.ranks.length === 1 || cost <= FIT_BATCH_FLOPS).toBe(true);
      }
      expect(planFitBatches(s, ranks, splits)).toEqual(batches);
    }), { numRuns: 150, seed: 7 });
  });

  it('a cohort like the paper\'s: all ranks of a half in one activity', () => {
    const batches = planFitBatches({ vertices: 1694, subjects: 73, metrics: 4 }, [2, 10], 10);
    expect(batches[0]).toMatchObject({ split: null, half: null });
    expect(batches.filter((b) => b.split === 0 && b.half === 'A')).toEqual([{ split: 0, half: 'A', ranks: [2, 3, 4, 5, 6, 7, 8, 9, 10] }]);
    expect(batches.length).toBeLessThan(30);
  });

  it('the whole cortex of 600 people and four metrics: one rank an activity', () => {
    const batches = planFitBatches({ vertices: 81_924, subjects: 600, metrics: 4 }, [2, 10], 10);
    expect(batches.every((b) => b.ranks.length === 1)).toBe(true);
    expect(batches).toHaveLength(21 * 9);
  });

  it('worked example of a cost and a budget: 4 m n k flops a pass, 60 k passes', () => {
    expect(fitCost(10, 5, 3)).toBe(4 * 10 * 5 * 3 * 60 * 3);
    const budget = fitCost(10, 4, 2) + fitCost(10, 4, 3);
    const whole = planFitBatches({ vertices: 10, subjects: 2, metrics: 2 }, [2, 5], 0, budget);
    expect(whole.map((b) => b.ranks)).toEqual([[2, 3], [4], [5]]);
    expect(planFitBatches({ vertices: 10, subjects: 2, metrics: 2 }, [2, 5], 0, budget - 1).map((b) => b.ranks)).toEqual([[2], [3], [4], [5]]);
  });
});

describe('describeBatch', () => {
  it('counts splits from 1 for people', () => {
    expect(describeBatch('tokyo', { split: 0, half: 'B', ranks: [2, 3, 4] })).toBe('tokyo · OPNMF, ranks 2-4 · split 1 · half B');
    expect(describeBatch('tokyo', { split: null, half: null, ranks: [7] })).toBe('tokyo · OPNMF, rank 7 · whole cohort');
  });
});

describe('planLookups', () => {
  it('keeps every batch in its order, and no group above the limit unless one batch alone is', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 60 }), fc.integer({ min: 1, max: 30 }), (sizes, most) => {
      const batches = sizes.map((size, split) => ({ split, half: 'A' as const, ranks: Array.from({ length: size }, (_, i) => i + 2) }));
      const groups = planLookups(batches, most);
      expect(groups.flat()).toEqual(batches);
      for (const group of groups) expect(group.length === 1 || group.reduce((sum, b) => sum + b.ranks.length, 0) <= most).toBe(true);
      for (const [i, group] of groups.slice(1).entries()) expect((groups[i] ?? []).reduce((sum, b) => sum + b.ranks.length, 0) + (group[0]?.ranks.length ?? 0)).toBeGreaterThan(most);
    }), { seed: 11 });
  });
});
