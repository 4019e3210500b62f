/** What was decided about a study: its rank, and what persons did while it ran. */
export interface RankDecision {
  chosen: number | null;
  policy: 'auto' | 'review' | 'number';
  reason: string;
  /** True when no rank was stable in every cohort and the best of the unstable ones was taken. */
  doubt: boolean;
  approvedBy: string | null;
  approvedAt: string | null;
  note: string | null;
}

/** What a person decided about a run. Never names a participant. */
export interface OperatorDecision {
  /** ISO time. */
  at: string;
  by: string | null;
  what: 'approve' | 'pause' | 'resume' | 'exclude' | 'readmit' | 'rerun';
  /** e.g. `rank 4`, `a participant of tokyo`, `statistics and what follows`. */
  about: string;
  note: string | null;
}
