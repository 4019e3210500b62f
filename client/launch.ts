/** Launching a study: idempotent, under an id that stays the same over reruns. */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { SulcusError } from '../contracts/errors.js';
import { describeAgain, type Again } from '../contracts/again.js';
import type { ArtifactRef } from '../contracts/refs.js';
import { CONTROL_QUEUE } from '../contracts/queues.js';
import type { StudySpec } from '../contracts/study.js';
import { STUDY_WORKFLOW, studySummary, type StudyInput, type StudyOutput } from '../contracts/workflows.js';
import { digestBytes, launchDigest } from '../storage/keys.js';
import { describeWorkflow } from './describe.js';

export interface Launch {
  spec: StudySpec;
  directory: string;
  out: string;
  /** Cohorts to work on; all of the study's for the whole study. */
  cohorts: string[];
  /** Steps to do again though their artifacts exist; absent: none. */
  again?: Again;
  /** Participants whose files are still arriving, as the run that is repeated left them out; absent: nobody. */
  waiting?: ArtifactRef;
  /** From 1, the most urgent, to 5: whose fits come first when several studies wait for the same workers. Default 2; what a schedule starts has 4. */
  priority?: number;
}

/** Of an operator, who waits for it. */
const OPERATORS_PRIORITY = 2;

/** Their names, or, where those would be too long for a file's name, how many there are and a digest of them. */
export function nameOfSome(cohorts: string[]): string {
  const names = cohorts.join('-');
  return names.length <= 100 ? names : `${cohorts.length}-cohorts-${digestBytes(Buffer.from(names)).slice(0, 8)}`;
}

/** One id per study; a cohort alone has its own, so that it and the study can run side by side. */
export function workflowIdOf(spec: StudySpec, cohorts: string[]): string {
  return cohorts.length === spec.cohorts.length ? spec.study : `${spec.study}-only-${nameOfSome(cohorts)}`;
}

export type StudyHandle = WorkflowHandle<(input: StudyInput) => Promise<StudyOutput>>;

/**
 * Starts the study, or attaches to its run that is still going. A finished one is started again: every step whose inputs did not change
 * is reused. Throws STUDY_BUSY when a run with other settings is going, or when something is to be done again and a run is going that does not.
 */
export async function launchStudy(client: Client, launch: Launch): Promise<{ handle: StudyHandle; attached: boolean }> {
  const { spec, directory, out, cohorts, again, waiting, priority = OPERATORS_PRIORITY } = launch;
  const asked = again === undefined ? null : describeAgain(again);
  const digest = launchDigest({ spec, directory, out, cohorts });
  const workflowId = workflowIdOf(spec, cohorts);
  const before = await describeWorkflow(client, workflowId);
  const started = await client.workflow.start<(input: StudyInput) => Promise<StudyOutput>>(STUDY_WORKFLOW, {
    workflowId, taskQueue: CONTROL_QUEUE, args: [{ spec, directory, out, cohorts, digest, ...(again === undefined ? {} : { again }), ...(waiting === undefined ? {} : { waiting }) }],
    workflowIdConflictPolicy: 'USE_EXISTING', workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: studySummary(spec.study, cohorts), memo: { digest, ...(asked === null ? {} : { again: asked }) }, priority: { priorityKey: priority },
    typedSearchAttributes: [{ key: defineSearchAttributeKey('SulcusStudy', SearchAttributeType.KEYWORD), value: spec.study }],
  });
  // Bound to this run: whoever launches again when it has ended has a run of their own.
  const handle: StudyHandle = client.workflow.getHandle(workflowId, started.firstExecutionRunId);
  const attached = before?.status.name === 'RUNNING' && before.runId === started.firstExecutionRunId;
  const { memo } = await handle.describe();
  if (memo?.['digest'] !== digest) {
    throw new SulcusError('STUDY_BUSY', `study ${workflowId} is running with other settings (another study file, output folder or choice of cohorts)`, {
      remedy: `wait for it, or stop it with \`sulcus cancel ${workflowId}\``,
    });
  }
  if (asked !== null && memo['again'] !== asked) {
    throw new SulcusError('STUDY_BUSY', `study ${workflowId} is running, so ${asked} cannot be done again now`, { remedy: `wait for it, or stop it with \`sulcus cancel ${workflowId}\`` });
  }
  return { handle, attached };
}

/**
 * The study's last run, if it has ended since `askedAt` (ms since 1970) and did what is asked now: it was going, or started, when the
 * command was typed, so it is the one that was asked for, however long the command took to come here. Null: there is no such run.
 */
export async function endedSince(client: Client, { spec, directory, out, cohorts }: Launch, askedAt: number): Promise<StudyHandle | null> {
  const last = await describeWorkflow(client, workflowIdOf(spec, cohorts));
  if (last?.closeTime === undefined || last.closeTime.getTime() < askedAt) return null;
  if (last.memo?.['digest'] !== launchDigest({ spec, directory, out, cohorts }) || last.memo['again'] !== undefined) return null;
  return client.workflow.getHandle(last.workflowId, last.runId);
}
