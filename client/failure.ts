/** What went wrong in a workflow, for a person: the cause at the bottom, and where it happened. */
import { ActivityFailure, ApplicationFailure, CancelledFailure, ChildWorkflowFailure, TerminatedFailure } from '@temporalio/common';
import { WorkflowFailedError } from '@temporalio/client';

export interface FailureReport {
  code: string;
  message: string;
  /** Child workflow and activity it happened in. */
  where: string[];
}

export function describeFailure(error: unknown): FailureReport {
  const where: string[] = [];
  let at: unknown = error instanceof WorkflowFailedError ? error.cause : error;
  while (at instanceof ChildWorkflowFailure || at instanceof ActivityFailure) {
    where.push(at instanceof ChildWorkflowFailure ? at.execution.workflowId ?? at.workflowType : at.activityType);
    if (at.cause === undefined) break;
    at = at.cause;
  }
  if (at instanceof CancelledFailure) return { code: 'CANCELLED', message: 'the study was cancelled', where };
  if (at instanceof TerminatedFailure) return { code: 'TERMINATED', message: 'the study was terminated', where };
  if (at instanceof ApplicationFailure) return { code: at.type ?? 'FAILED', message: at.message, where };
  return { code: 'FAILED', message: at instanceof Error ? at.message : String(at), where };
}
