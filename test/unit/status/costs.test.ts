/** Time left, from batches whose times are known. */
import { describe, expect, it } from 'vitest';
import type { FitBatchState } from '../../../client/status/cohort.js';
import { secondsLeft } from '../../../client/status/costs.js';

const size = { vertices: 100, subjects: 20, metrics: 2 };
const batch = (state: FitBatchState['state'], seconds: number | null, ranks = [2, 3], split: number | null = 0, reused = 0): FitBatchState => ({ batch: { split, half: split === null ? null : 'A', ranks }, state, seconds, reused });

describe('seconds left', () => {
  it('are unknown before a batch was computed, and not told by one that was reused', () => {
    expect(secondsLeft([{ size, batches: [batch('waiting', null)], running: [] }], 1)).toBeNull();
    expect(secondsLeft([{ size, batches: [batch('done', 0.01, [2, 3], 0, 2), batch('waiting', null)], running: [] }], 1)).toBeNull();
  });

  it('are those of batches of the same ranks and shape (the median), shared by the slots', () => {
    const batches = [batch('done', 4), batch('done', 6), batch('done', 100), batch('waiting', null), batch('waiting', null)];
    expect(secondsLeft([{ size, batches, running: [] }], 1)).toBe(12);
    expect(secondsLeft([{ size, batches, running: [] }], 2)).toBe(6);
    expect(secondsLeft([{ size, batches, running: [] }], 64)).toBe(6);      // no more at a time than there are
  });

  it('are scaled by operations where no batch of the kind has ended: rank squared, and the columns', () => {
    // Rank 4 has 4 times the operations of rank 2; the whole cohort twice those of a half.
    expect(secondsLeft([{ size, batches: [batch('done', 3, [2]), batch('waiting', null, [4])], running: [] }], 1)).toBeCloseTo(12, 10);
    expect(secondsLeft([{ size, batches: [batch('done', 3, [2]), batch('waiting', null, [2], null)], running: [] }], 1)).toBeCloseTo(6, 10);
  });

  it('are less what the running ones have done already, and never negative', () => {
    const batches = [batch('done', 10), batch('open', null), batch('waiting', null)];
    expect(secondsLeft([{ size, batches, running: [4] }], 1)).toBe(16);
    expect(secondsLeft([{ size, batches: [batch('done', 10), batch('open', null)], running: [1000] }], 1)).toBe(0);
  });

  it('take all cohorts together', () => {
    const other = { vertices: 100, subjects: 40, metrics: 2 };
    expect(secondsLeft([{ size, batches: [batch('done', 5)], running: [] }, { size: other, batches: [batch('waiting', null)], running: [] }], 1)).toBeCloseTo(10, 10);
  });
});
