import { describe, expect, it } from 'vitest';
import { chooseRank } from '../../../analysis/parcellation/rank-choice.js';
import type { RankRow } from '../../../contracts/results.js';

/** Rows from rank `first` on. */
const rows = (stability: (number | null)[], error: number[], first = 2): RankRow[] => stability.map((mean, i) => ({
  rank: first + i, stability: { mean, sd: 0.02, median: mean, splits: [] }, error: { mean: error[i]!, sd: 0.1, full: error[i]! },
  gradient: i === 0 ? null : error[i]! - error[i - 1]!, fits: 21, notConverged: 0,
}));

describe('chooseRank', () => {
  // Like the paper: above 0.8 up to 4 in both cohorts, a sharp drop to 5, and a gain in accuracy from 4 to 5 much smaller than from 3 to 4.
  const tokyo = rows([0.97, 0.95, 0.98, 0.87, 0.8, 0.72, 0.66, 0.63, 0.62], [360, 338, 304, 302, 300, 298.5, 297, 295.6, 294.3]);
  const toronto = rows([0.96, 0.93, 0.97, 0.82, 0.73, 0.69, 0.67, 0.62, 0.6], [380, 352, 320, 317, 315, 313, 311.2, 309.6, 308]);

  it('evidence like the paper\'s: 4, with its three reasons in words', () => {
    const choice = chooseRank({ tokyo, toronto }, 0.8);
    expect(choice).toMatchObject({ chosen: 4, doubt: false });
    expect(choice.reason).toMatch(/above 0\.8 in every cohort \(at least 0\.970\)/);
    expect(choice.reason).toMatch(/falls most sharply after it \(by 0\.130 on average to rank 5\)/);
    expect(choice.reason).toMatch(/gains 33\.0 up to 4 and 2\.50 from 4 to 5 \(8 % of the step before\)/);
  });

  it('one cohort, by its name', () => {
    const choice = chooseRank({ tokyo }, 0.8);
    expect(choice).toMatchObject({ chosen: 4, doubt: false });
    expect(choice.reason).toContain('in tokyo');
  });

  it('a rank must be stable in every cohort: the drop after 4 does not count when one cohort is below there', () => {
    const shaky = rows([0.97, 0.93, 0.78, 0.6, 0.5], [380, 352, 320, 317, 315]);
    expect(chooseRank({ tokyo: tokyo.slice(0, 5), shaky }, 0.8)).toMatchObject({ chosen: 3, doubt: false });
  });

  it('above the threshold, not at it', () => {
    expect(chooseRank({ one: rows([0.9, 0.8, 0.5], [30, 20, 19]) }, 0.8).chosen).toBe(2);
  });

  it('never stable: the highest minimum over cohorts, in doubt', () => {
    const a = rows([0.7, 0.75, 0.5], [30, 20, 19]), b = rows([0.6, 0.4, 0.55], [30, 20, 19]);
    const choice = chooseRank({ a, b }, 0.8);
    expect(choice).toMatchObject({ chosen: 2, doubt: true });
    expect(choice.reason).toContain('no rank is above 0.8 in every cohort');
    expect(choice.reason).toContain('0.600');
  });

  it('a stability that could not be computed is not stable', () => {
    expect(chooseRank({ one: rows([null, 0.9, 0.6], [30, 20, 19]) }, 0.8)).toMatchObject({ chosen: 3, doubt: false });
    expect(chooseRank({ one: rows([null, 0.7], [30, 20]) }, 0.8)).toMatchObject({ chosen: 3, doubt: true });
  });

  it('no drop of 0.05 among the stable ranks: where the gain in accuracy falls most', () => {
    const choice = chooseRank({ one: rows([0.97, 0.96, 0.95, 0.94, 0.93], [100, 80, 50, 49, 48.5]) }, 0.8);
    expect(choice).toMatchObject({ chosen: 4, doubt: false });
    expect(choice.reason).toContain('stability never falls sharply');
  });

  it('a drop of 0.06 counts, one of 0.04 does not', () => {
    const errors = [100, 80, 50, 49, 48.5];                                    // the accuracy says 4
    expect(chooseRank({ one: rows([0.96, 0.9, 0.9, 0.9, 0.9], errors) }, 0.8).chosen).toBe(2);
    expect(chooseRank({ one: rows([0.94, 0.9, 0.9, 0.9, 0.9], errors) }, 0.8).chosen).toBe(4);
  });

  it('one rank only, or two without a drop: the highest stable one, saying that there was too little to see', () => {
    expect(chooseRank({ one: rows([0.95], [30], 4) }, 0.8)).toMatchObject({ chosen: 4, doubt: false, reason: expect.stringContaining('too few ranks') });
    expect(chooseRank({ one: rows([0.95, 0.94], [30, 20]) }, 0.8)).toMatchObject({ chosen: 3, reason: expect.stringContaining('too few ranks') });
  });

  it('does not depend on the order of the cohorts', () => {
    expect(chooseRank({ toronto, tokyo }, 0.8)).toEqual(chooseRank({ tokyo, toronto }, 0.8));
  });
});
