/** Launching a study: idempotent, under an id that stays the same over reruns. */
import { defineSearchAttributeKey, SearchAttributeType, WorkflowNotFoundError } from '@temporalio/common';
import type { Client, WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { SulcusError } from '../contracts/errors.js';
import { CONTROL_QUEUE } from '../contracts/queues.js';
import type { StudySpec } from '../contracts/study.js';
import { STUDY_WORKFLOW, type StudyInput, type StudyOutput } from '../contracts/workflows.js';
import { digestBytes, canonicalJson } from '../storage/keys.js';

export interface Launch {
  spec: StudySpec;
  directory: string;
  out: string;
  /** Cohorts to work on; all of the study's for the whole study. */
  cohorts: string[];
}

/** One id per study; a cohort alone has its own, so that it and the study can run side by side. */
export function workflowIdOf(spec: StudySpec, cohorts: string[]): string {
  return cohorts.length === spec.cohorts.length ? spec.study : `${spec.study}-only-${cohorts.join('-')}`;
}

export type StudyHandle = WorkflowHandleWithFirstExecutionRunId<(input: StudyInput) => Promise<StudyOutput>>;

/**
 * Starts the study, or attaches to its run that is still going. A finished one is started again: every step whose inputs did not change
 * is reused. Throws STUDY_BUSY when a run with other settings is going.
 */
export async function launchStudy(client: Client, launch: Launch): Promise<{ handle: StudyHandle; attached: boolean }> {
  const { spec, directory, out, cohorts } = launch;
  const digest = digestBytes(Buffer.from(canonicalJson({ spec, directory, out, cohorts })));
  const workflowId = workflowIdOf(spec, cohorts);
  const before = await runningRun(client, workflowId);
  const handle = await client.workflow.start<(input: StudyInput) => Promise<StudyOutput>>(STUDY_WORKFLOW, {
    workflowId, taskQueue: CONTROL_QUEUE, args: [{ spec, directory, out, cohorts, digest }],
    workflowIdConflictPolicy: 'USE_EXISTING', workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: `study ${spec.study}: ${cohorts.join(', ')}`, memo: { digest },
    typedSearchAttributes: [{ key: defineSearchAttributeKey('SulcusStudy', SearchAttributeType.KEYWORD), value: spec.study }],
  });
  const attached = before !== null && before === handle.firstExecutionRunId;
  const { memo } = await handle.describe();
  if (memo?.['digest'] !== digest) {
    throw new SulcusError('STUDY_BUSY', `study ${workflowId} is running with other settings (another study file, output folder or choice of cohorts)`, {
      remedy: `wait for it, or stop it with \`sulcus cancel ${workflowId}\``,
    });
  }
  return { handle, attached };
}

async function runningRun(client: Client, workflowId: string): Promise<string | null> {
  try {
    const { status, runId } = await client.workflow.getHandle(workflowId).describe();
    return status.name === 'RUNNING' ? runId : null;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
