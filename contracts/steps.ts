/** What a step of a run did, as results.json tells it. */
export type StepName = 'ingest' | 'fit' | 'stability' | 'rank' | 'match' | 'indices' | 'statistics' | 'surrogates' | 'bootstrap' | 'report';

export interface StepRow {
  step: StepName;
  cohort: string | null;
  rank: number | null;
  split: number | null;
  half: 'A' | 'B' | null;
  /** Content key of the artifact the step made or found. */
  key: string | null;
  computed: boolean;
  /** Workflow run id that computed it, when it was reused. */
  reusedFrom: string | null;
  seconds: number;
  /** Why it was computed: `first time`, or what differs from the last time it was done; null when it was reused. Absent, as what follows, in results of earlier versions. */
  why?: string | null;
  /** Workflow run id that did the step last, which `why` compares with. */
  comparedWith?: string | null;
}
