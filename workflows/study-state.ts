/** What the parts of the study's workflow share: its progress, and what persons decided. */
import { setCurrentDetails } from '@temporalio/workflow';
import type { OperatorDecision } from '../contracts/decisions.js';
import type { StudyProgress } from '../contracts/workflows.js';
import { studyTable } from './progress-table.js';

export interface StudyState {
  readonly progress: StudyProgress;
  readonly decisions: readonly OperatorDecision[];
  decided(decision: OperatorDecision): void;
  /** Draws the table at the top of the workflow's page again. */
  show(): void;
  /** True once the results are being written: what is decided now would not be in them. */
  isClosing(): boolean;
}

export function createStudyState(study: string): StudyState {
  const progress: StudyProgress = { study, stage: 'ingest', cohorts: [], review: null, rank: null, paused: null };
  const decisions: OperatorDecision[] = [];
  return {
    progress, decisions,
    decided(decision) { decisions.push(decision); },
    show() { setCurrentDetails(studyTable(progress)); },
    isClosing: () => progress.stage === 'report' || progress.stage === 'done',
  };
}
