/** What a run computed and reused, together by stage, cohort and reason. Pure. */
import type { StepName, StepRow } from '../../contracts/steps.js';

export interface StepWork {
  step: StepName;
  cohort: string | null;
  computed: boolean;
  /** Null when reused. */
  why: string | null;
  count: number;
  /** Seconds of computing; of reused steps, what they once took. */
  seconds: number;
}

/** Null when there are no rows: the run is of an earlier version, or the store is not here. */
export function workByReason(steps: readonly StepRow[]): StepWork[] | null {
  const rows = new Map<string, StepWork>();
  for (const { step, cohort, computed, why = null, seconds } of steps) {
    const key = JSON.stringify([step, cohort, computed, why]), row = rows.get(key) ?? { step, cohort, computed, why, count: 0, seconds: 0 };
    row.count++;
    row.seconds += seconds;
    rows.set(key, row);
  }
  return rows.size === 0 ? null : [...rows.values()];
}
