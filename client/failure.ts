/** What went wrong in a workflow, for a person: the cause at the bottom, and where it happened. */
import { ActivityFailure, ApplicationFailure, CancelledFailure, ChildWorkflowFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/common';
import { WorkflowFailedError } from '@temporalio/client';

export interface FailureReport {
  code: string;
  message: string;
  /** Child workflow and activity it happened in. */
  where: string[];
  /** What to do, as it stands in brackets at the end of the message; null: it says nothing. */
  remedy: string | null;
}

export function describeFailure(error: unknown): FailureReport {
  const where: string[] = [];
  let at: unknown = error instanceof WorkflowFailedError ? error.cause : error;
  while (at instanceof ChildWorkflowFailure || at instanceof ActivityFailure) {
    where.push(at instanceof ChildWorkflowFailure ? at.execution.workflowId ?? at.workflowType : at.activityType);
    if (at.cause === undefined) break;
    at = at.cause;
  }
  if (at instanceof CancelledFailure) return { code: 'CANCELLED', message: 'the study was cancelled', where, remedy: null };
  if (at instanceof TerminatedFailure) return { code: 'TERMINATED', message: 'the study was terminated', where, remedy: null };
  if (at instanceof TimeoutFailure) return { code: 'TIMEOUT', message: `${at.message}: its worker was lost, or is too busy to answer`, where, remedy: null };
  if (at instanceof ApplicationFailure) return { code: at.type ?? 'FAILED', message: at.message, where, remedy: remedyOf(at) };
  return { code: 'FAILED', message: at instanceof Error ? at.message : String(at), where, remedy: null };
}

function remedyOf({ details, message }: ApplicationFailure): string | null {
  const remedy = (details?.[0] as { remedy?: unknown } | null | undefined)?.remedy;
  return typeof remedy === 'string' && message.endsWith(` (${remedy})`) ? remedy : null;
}

/** The message without the remedy at its end. */
export function causeText({ message, remedy }: Pick<FailureReport, 'message' | 'remedy'>): string {
  return remedy === null ? message : message.slice(0, -(remedy.length + 3));
}
