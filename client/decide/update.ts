/** One message to a study that runs: sent, and answered or refused in words. */
import { userInfo } from 'node:os';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import { SulcusError } from '../../contracts/errors.js';
import type { Run } from '../command.js';
import { describeFailure } from '../failure.js';
import { lastRun } from '../last-run.js';
import { openSession, type Session } from '../session.js';
import { existingState } from '../state.js';

/** What to type when a decision was given and the study goes on only while a command keeps it going. */
export const GO_ON = 'go on with: sulcus run STUDY.yaml';

/** Opens the state of the working directory, with a worker that answers, for one command. */
export async function withSession(run: Run, body: (session: Session, state: string) => Promise<number>): Promise<number> {
  const state = existingState();
  const session = await openSession(state, run.console.note);
  try {
    await session.working;
    return await body(session, state);
  } finally {
    await session.close();
  }
}

/** Sends an update. Throws NO_STUDY, NOT_RUNNING, and REFUSED or the code of the refusal with its reason. */
export async function update<R, A>({ client }: Session, workflowId: string, name: string, args: A): Promise<R> {
  try {
    return await client.workflow.getHandle(workflowId).executeUpdate<R, [A]>(name, { args: [args] });
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw await notRunning({ client }, workflowId);
    if (!(error instanceof WorkflowUpdateFailedError)) throw error;
    if (error.cause instanceof ApplicationFailure) throw new SulcusError(error.cause.type ?? 'REFUSED', `refused: ${error.cause.message}`);
    const { code, message } = describeFailure(error.cause);
    throw new SulcusError(code, message);
  }
}

/** The error for a study that is there but does not run. Throws NO_STUDY when it is not there. */
export async function notRunning({ client }: Pick<Session, 'client'>, workflowId: string): Promise<SulcusError> {
  const { status, ended } = await lastRun(client, workflowId);
  return new SulcusError('NOT_RUNNING', `study ${workflowId} does not run: it ${endText(status)}${ended === null ? '' : ` at ${ended.toISOString()}`}`, { remedy: '`sulcus run STUDY.yaml` starts it again, with everything finished reused' });
}

export function endText(status: string): string {
  return { COMPLETED: 'was done', FAILED: 'failed', CANCELLED: 'was cancelled', TERMINATED: 'was terminated' }[status] ?? `has the status ${status.toLowerCase()}`;
}

/** Who decides, when `--by` does not say. */
export function whoDecides(by: string | undefined): string {
  return by ?? userInfo().username;
}
