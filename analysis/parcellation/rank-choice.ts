/**
 * Which rank to take, by a stated rule that reads like the paper's argument: stable in every cohort, then the sharp drop of
 * stability after it, then the small gain in accuracy beyond it.
 */
import type { RankDecision } from '../../contracts/decisions.js';
import type { RankRow } from '../../contracts/results.js';

/** A fall of the mean stability from k to k + 1 below this is not called a drop. */
const DROP = 0.05;

export type RankChoice = Pick<RankDecision, 'chosen' | 'reason' | 'doubt'>;

/**
 * Ranks whose mean stability exceeds `threshold` in every cohort are candidates. Among them the one followed by the largest fall of
 * stability (averaged over cohorts) is taken if that fall is at least 0.05; otherwise the one after which accuracy gains least
 * compared with the step before. When no rank is stable everywhere: the highest minimum stability, in doubt.
 */
export function chooseRank(evidence: Readonly<Record<string, readonly RankRow[]>>, threshold: number): RankChoice {
  const cohorts = Object.keys(evidence);
  const ranks = (evidence[cohorts[0] as string] ?? []).map((r) => r.rank);
  const at = (cohort: string, rank: number): RankRow | undefined => evidence[cohort]?.find((r) => r.rank === rank);
  const least = (rank: number): number => Math.min(...cohorts.map((c) => at(c, rank)?.stability.mean ?? -Infinity));
  const average = (f: (cohort: string) => number): number => cohorts.reduce((s, c) => s + f(c), 0) / cohorts.length;
  const drop = (rank: number): number => average((c) => (at(c, rank)?.stability.mean ?? NaN) - (at(c, rank + 1)?.stability.mean ?? NaN));
  const gain = (rank: number): number => average((c) => (at(c, rank - 1)?.error.mean ?? NaN) - (at(c, rank)?.error.mean ?? NaN));
  const where = cohorts.length > 1 ? 'in every cohort' : `in ${cohorts[0] ?? 'the cohort'}`;

  const stable = ranks.filter((rank) => least(rank) > threshold);
  if (stable.length === 0) {
    const best = ranks.reduce((a, b) => (least(b) > least(a) ? b : a));
    return { chosen: best, doubt: true, reason: `no rank is above ${threshold} ${where}; ${best} has the highest minimum stability (${least(best).toFixed(3)})` };
  }
  const gainText = (rank: number): string => {
    const before = gain(rank), after = gain(rank + 1);
    if (!Number.isFinite(before) || !Number.isFinite(after)) return '';
    const share = after / before;
    return `; accuracy gains ${before.toPrecision(3)} up to ${rank} and ${after.toPrecision(3)} from ${rank} to ${rank + 1} (${share < 1 ? `${(share * 100).toFixed(0)} % of the step before` : 'more than the step before'})`;
  };
  const followed = stable.filter((rank) => Number.isFinite(drop(rank)));
  const sharpest = followed.length > 0 ? followed.reduce((a, b) => (drop(b) > drop(a) ? b : a)) : null;
  if (sharpest !== null && drop(sharpest) >= DROP) {
    return {
      chosen: sharpest, doubt: false,
      reason: `stability at ${sharpest} is above ${threshold} ${where} (at least ${least(sharpest).toFixed(3)}) and falls most sharply after it (by ${drop(sharpest).toFixed(3)} on average to rank ${sharpest + 1})${gainText(sharpest)}`,
    };
  }
  const elbows = stable.filter((rank) => gain(rank) > 0 && Number.isFinite(gain(rank + 1)));
  if (elbows.length > 0) {
    const ratio = (rank: number): number => gain(rank + 1) / gain(rank);
    const elbow = elbows.reduce((a, b) => (ratio(b) < ratio(a) ? b : a));
    return { chosen: elbow, doubt: false, reason: `stability never falls sharply among the ranks above ${threshold} ${where}; the gain in accuracy falls most after ${elbow}${gainText(elbow)}` };
  }
  const highest = stable[stable.length - 1] as number;
  return { chosen: highest, doubt: false, reason: `${highest} is the highest rank above ${threshold} ${where}; too few ranks were computed to see a drop` };
}
