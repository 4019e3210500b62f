/** The sweep: one look at the study's folders, and the study if something is new. What a schedule starts. */
import {
  ActivityCancellationType, ChildWorkflowCancellationType, ParentClosePolicy, proxyActivities, setCurrentDetails, startChild, workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { CONTROL_QUEUE } from '../contracts/queues.js';
import type { SweepActivities, SweepInput, SweepLook, SweepOutput } from '../contracts/sweep.js';
import { studySummary, type StudyInput } from '../contracts/workflows.js';
import { STUDY } from './attributes.js';
import { studyWorkflow } from './study.js';

const { lookAtStudy } = proxyActivities<SweepActivities>({
  taskQueue: CONTROL_QUEUE, startToCloseTimeout: '2h', heartbeatTimeout: '30s', cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m', maximumAttempts: 10 },
});

export async function sweepWorkflow(input: SweepInput): Promise<SweepOutput> {
  const { workflowId, runId } = workflowInfo();
  const { verdict, study, ...look }: SweepLook = await lookAtStudy.executeWithOptions({ summary: `${input.study} · what is new in its folders` }, [{ ...input, run: { workflowId, runId } }]);
  const end = (output: SweepOutput): SweepOutput => { setCurrentDetails(sweepTable(output)); return output; };
  if (study === null || verdict !== 'new') return end({ ...look, verdict: verdict === 'new' ? 'held' : verdict, started: null });
  const started = await startStudy(input.study, study);
  if (started === null) return end({ ...look, verdict: 'running', words: `${input.study} was started meanwhile by somebody else: what is new is left to the next sweep`, started });
  return end({ ...look, verdict: 'started', started });
}

/** As `sulcus run` launches it, only less urgent; it outlives the sweep. Null: it runs already. */
async function startStudy(workflowId: string, study: StudyInput): Promise<SweepOutput['started']> {
  try {
    const { firstExecutionRunId } = await startChild(studyWorkflow, {
      workflowId, taskQueue: CONTROL_QUEUE, args: [study], workflowIdReusePolicy: 'ALLOW_DUPLICATE', priority: { priorityKey: 4 },
      parentClosePolicy: ParentClosePolicy.ABANDON, cancellationType: ChildWorkflowCancellationType.ABANDON,
      staticSummary: `${studySummary(study.spec.study, study.cohorts)} (by schedule)`, memo: { digest: study.digest },
      typedSearchAttributes: [{ key: STUDY, value: study.spec.study }],
    });
    return { workflowId, runId: firstExecutionRunId };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return null;
    throw error;
  }
}

function sweepTable({ verdict, words, cohorts }: SweepOutput): string {
  const rows = cohorts.map((c) => `| ${c.cohort} | ${c.participants} | ${c.added} | ${c.removed} | ${c.files} | ${c.rows} | ${c.waiting} |`);
  const table = rows.length === 0 ? '' : `\n\n| cohort | participants | added | removed | other files | other row | waiting |\n|---|---|---|---|---|---|---|\n${rows.join('\n')}`;
  return `**${verdict}**: ${words}${table}`;
}
