/** Which steps a rerun computes again though their artifacts exist: the stage that was asked for, and what follows from it. Pure. */
import type { ArtifactKind } from './refs.js';
import type { StepName } from './steps.js';

/** What was asked for: `sulcus rerun ID --stage STAGE [--cohort NAME]`. */
export interface Again {
  stage: RerunStage;
  /** Cohorts whose own steps are computed again; null: all. What cohorts have in common follows in any case. */
  cohorts: string[] | null;
  /** Who asked. */
  by: string | null;
}

export const RERUN_STAGES = ['ingest', 'fit', 'stability', 'surrogates', 'rank', 'match', 'indices', 'statistics', 'bootstrap', 'report'] as const;
export type RerunStage = (typeof RERUN_STAGES)[number] & StepName;

/** What `sulcus rerun` gives as the reason in `steps`. */
export const ASKED_FOR = 'asked for by rerun';

const AFTER_MATCH: readonly RerunStage[] = ['match', 'indices', 'statistics', 'bootstrap', 'report'];
/** The stage itself and what is made from it. Surrogates and bootstrap only enter the report. */
const FOLLOWING: Record<RerunStage, readonly RerunStage[]> = {
  ingest: RERUN_STAGES,
  fit: RERUN_STAGES.slice(1),
  stability: RERUN_STAGES.slice(2),
  surrogates: ['surrogates', 'report'],
  rank: ['rank', ...AFTER_MATCH],
  match: AFTER_MATCH,
  indices: AFTER_MATCH.slice(1),
  statistics: AFTER_MATCH.slice(2),
  bootstrap: ['bootstrap', 'report'],
  report: ['report'],
};

/** Whether a rerun asks for a step; `cohort` null: it belongs to all of them. Without a rerun: never. */
export function isAskedFor(again: Again | null | undefined, step: StepName, cohort: string | null): boolean {
  if (again == null || !(FOLLOWING[again.stage] as readonly StepName[]).includes(step)) return false;
  return cohort === null || again.cohorts === null || again.cohorts.includes(cohort);
}

/** The step an artifact is made by; kinds that only travel, keyed by their own content, belong to none. */
const STEP_OF_KIND: Partial<Record<ArtifactKind, StepName>> = {
  subject: 'ingest', stat: 'ingest', matrix: 'ingest', fit: 'fit', stability: 'stability', rank: 'rank', match: 'match', parcellation: 'match',
  indices: 'indices', statistics: 'statistics', surface: 'surrogates', modes: 'surrogates', null: 'surrogates', bootstrap: 'bootstrap',
  drawn: 'report', picture: 'report', residuals: 'report', pages: 'report',
};

/** Whether a rerun asks for an artifact of this kind. The surface and its modes follow from no fit. */
export function isKindAskedFor(again: Again | null | undefined, kind: ArtifactKind, cohort: string | null): boolean {
  const step = STEP_OF_KIND[kind];
  if (again == null || step === undefined) return false;
  if ((kind === 'surface' || kind === 'modes') && again.stage !== 'ingest' && again.stage !== 'surrogates') return false;
  return isAskedFor(again, step, cohort);
}

/** `fit of tokyo and what follows`. */
export function describeAgain({ stage, cohorts }: Again): string {
  return `${stage}${cohorts === null ? '' : ` of ${cohorts.join(', ')}`}${FOLLOWING[stage].length > 1 ? ' and what follows' : ''}`;
}
