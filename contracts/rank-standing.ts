/** How a rank stands that a person or the study file chose: said the same way whoever chose it. Pure. */

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
