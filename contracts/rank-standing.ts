/** How ranks stand: one that a person or the study file chose, said the same way whoever chose it; and those that the data do not determine. Pure. */
import type { RankRow } from './results.js';

export interface RankStanding {
  /** `0.950 in tokyo, 0.953 in toronto`. */
  shown: string;
  /** True when the rank is not stable in every cohort. */
  doubt: boolean;
}

export function rankStanding(stability: readonly { cohort: string; mean: number | null }[], threshold: number): RankStanding {
  return {
    shown: stability.map(({ cohort, mean }) => `${mean === null ? 'undefined' : mean.toFixed(3)} in ${cohort}`).join(', '),
    doubt: stability.some(({ mean }) => mean === null || mean <= threshold),
  };
}

/** `rank 4` or `ranks 3, 4`: those with a fit of data that do not determine it; null: none. */
export function flatRanks(rows: readonly Pick<RankRow, 'rank' | 'flat'>[]): string | null {
  const flat = rows.filter((row) => (row.flat ?? 0) > 0).map((row) => row.rank);
  return flat.length === 0 ? null : `${flat.length === 1 ? 'rank' : 'ranks'} ${flat.join(', ')}`;
}
