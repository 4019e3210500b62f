/** The pipelines of a study, one after the other, before a cohort is read. */
import { CancellationScope, ChildWorkflowCancellationType, executeChild, getExternalWorkflowHandle, ParentClosePolicy, patched, workflowInfo } from '@temporalio/workflow';
import type { ArtifactRef } from '../contracts/refs.js';
import type { CohortInput, CohortProgress } from '../contracts/workflows.js';
import { COHORT, STAGE, STUDY } from './attributes.js';
import { fitsResumed } from './pause.js';
import { pipelineWorkflow } from './pipeline.js';

export interface Pipelines {
  /** Runs them; returns who is left out of the cohort, a list a pipeline that left somebody out. */
  run(): Promise<ArtifactRef[]>;
  /** Tells the one that runs that pauses up to this number are over. */
  resumed(pause: number): Promise<void>;
}

export function createPipelines({ spec, directory, cohort, run, waiting }: CohortInput, progress: CohortProgress, show: () => void): Pipelines {
  const idOf = (name: string): string => `${workflowInfo().workflowId}/${name}`;
  // A cancellation is sent to the execution that was started; a pipeline that has continued as new would not hear of it.
  const cancelContinued = async (): Promise<void> => {
    if (progress.pipeline != null && patched('cancel-continued')) await getExternalWorkflowHandle(idOf(progress.pipeline)).cancel().catch(() => undefined); // it has ended meanwhile
  };
  return {
    async run() {
      const left: ArtifactRef[] = [];
      CancellationScope.current().cancelRequested.catch(() => CancellationScope.nonCancellable(cancelContinued));
      for (const { name } of spec.pipelines ?? []) {
        progress.pipeline = name;
        show();
        const { exclusions } = await executeChild(pipelineWorkflow, {
          args: [{ run, cohort, directory, spec, pipeline: name, ...(left.length === 0 ? {} : { left: [...left] }), ...(waiting === undefined ? {} : { waiting }) }],
          workflowId: idOf(name),
          staticSummary: `${spec.study} · ${cohort} · ${name}`,
          typedSearchAttributes: [{ key: STUDY, value: spec.study }, { key: COHORT, value: cohort }, { key: STAGE, value: 'pipeline' }],
          parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
          cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
        });
        if (exclusions !== null) left.push(exclusions);
      }
      progress.pipeline = null;
      return left;
    },
    async resumed(pause) {
      if (progress.pipeline == null) return;
      await getExternalWorkflowHandle(idOf(progress.pipeline)).signal(fitsResumed, pause).catch(() => undefined); // it has ended meanwhile
    },
  };
}
