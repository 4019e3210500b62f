/** Temporal's own log lines, with the fields of ours. */
import { ApplicationFailure } from '@temporalio/common';
import { DefaultLogger } from '@temporalio/worker';
import type { Logger } from 'pino';

/** Of use to the SDK only, or said under another name. */
const DROPPED = new Set(['isLocal', 'namespace', 'taskToken', 'activityId', 'activityType', 'taskQueue', 'workflowType', 'workflowRunId', 'runId', 'sdkComponent', 'attempt', 'error', 'activityRunId']);

/** The compute worker has no workflows, on purpose. */
const USUAL = /^No (workflows|Nexus services) registered/;

/** What the SDK logs about activities and workflows, Rust core included. The end of an activity is told by the interceptor of log-activity.ts instead. */
export function sdkLogger(log: Logger): DefaultLogger {
  return new DefaultLogger('DEBUG', ({ level, message, meta = {} }) => {
    if (meta['sdkComponent'] === 'worker' && meta['activityId'] !== undefined) return;
    if (USUAL.test(message)) return;
    const at = level === 'ERROR' ? 'error' : level === 'WARN' ? 'warn' : level === 'INFO' ? 'info' : 'debug';
    log[at](fieldsOf(meta), message);
  });
}

function fieldsOf(meta: Record<string, unknown>): Record<string, unknown> {
  const { workflowId, activityType, attempt, error, workflowType } = meta;
  const runId = meta['workflowRunId'] ?? meta['runId'];
  const cohort = meta['cohort'] ?? (workflowType === 'cohortWorkflow' && typeof workflowId === 'string' ? workflowId.split('/')[1] : undefined);
  const others = Object.entries(meta).filter(([key]) => !DROPPED.has(key) && key !== 'workflowId' && key !== 'cohort');
  return {
    ...(workflowId === undefined ? {} : { workflowId }), ...(runId === undefined ? {} : { runId }), ...(cohort === undefined ? {} : { cohort }),
    ...(activityType === undefined ? {} : { activity: activityType, attempt }), ...Object.fromEntries(others),
    ...(error instanceof Error ? { failure: error.message, ...(error instanceof ApplicationFailure && error.type != null ? { code: error.type } : {}) } : {}),
  };
}
