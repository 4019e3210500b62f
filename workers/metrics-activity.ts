/** Around every activity: one log line at its end, its time, its wait in the queue, and what its result counts. The activities know nothing of it. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { Dataset, FitOutput } from '../contracts/activities.js';
import type { FitBatch } from '../contracts/fit-plan.js';
import type { Metrics } from './metrics.js';

/** The cohort of the activity that runs; for what is deeper down and has no input of it. */
const scope = new AsyncLocalStorage<string>();
/** Label of activities of a whole study. */
const NO_COHORT = 'all';

export const currentCohort = (): string => scope.getStore() ?? NO_COHORT;

export function observeActivities(metrics: Metrics, log: Logger): ActivityInterceptorsFactory {
  return (context: Context) => {
    let cohort: string | undefined;
    return {
      inbound: {
        async execute(input, next) {
          const { activityType: activity, attempt, taskQueue, workflowExecution, currentAttemptScheduledTimestampMs } = context.info;
          cohort = cohortOf(input.args[0]);
          const label = cohort ?? NO_COHORT;
          const wait = Math.max(0, Date.now() - currentAttemptScheduledTimestampMs) / 1000;
          metrics.observe('sulcus_queue_wait_seconds', wait, { queue: taskQueue, cohort: label });
          const started = performance.now();
          const part = partOf(input.args[0]);
          const fields = (): Record<string, unknown> => ({
            ...(workflowExecution === undefined ? {} : { workflowId: workflowExecution.workflowId, runId: workflowExecution.runId }),
            ...(cohort === undefined ? {} : { cohort }), activity, attempt, ...part, seconds: round((performance.now() - started) / 1000), wait: round(wait),
          });
          const ended = (outcome: string): void => metrics.observe('sulcus_activity_duration_seconds', (performance.now() - started) / 1000, { activity, outcome });
          log.debug(fields(), 'activity began');
          try {
            const result = await scope.run(label, () => next(input));
            ended('ok');
            if (activity === 'assembleCohort') countSubjects(metrics, label, result as Partial<Dataset>);
            log.info({ ...fields(), ...fitsIn(result) }, 'activity done');
            return result;
          } catch (error) {
            if (error instanceof CancelledFailure || (error instanceof Error && error.name === 'AbortError')) {
              ended('cancelled');
              log.info(fields(), 'activity cancelled');
            } else {
              ended('failed');
              const code = codeOf(error);
              metrics.count('sulcus_activity_failures', { activity, code });
              const last = error instanceof ApplicationFailure && error.nonRetryable === true;
              log[last ? 'error' : 'warn']({ ...fields(), code, failure: error instanceof Error ? error.message : String(error) }, last ? 'activity failed for good' : 'activity failed and is tried again');
            }
            throw error;
          }
        },
      },
      outbound: { getLogAttributes: (attributes, next) => ({ ...next(attributes), ...(cohort === undefined ? {} : { cohort }) }) },
    };
  };
}

function cohortOf(input: unknown): string | undefined {
  const cohort = (input as { cohort?: unknown } | null | undefined)?.cohort;
  return typeof cohort === 'string' ? cohort : undefined;
}

/** Which part of the study it was: numbers of ranks, splits and shards, nothing else of the input. */
function partOf(input: unknown): Record<string, unknown> {
  const { batch, rank, shard } = (input ?? {}) as { batch?: Partial<FitBatch>; rank?: unknown; shard?: unknown };
  return {
    ...(typeof rank === 'number' ? { rank } : {}), ...(typeof shard === 'number' ? { shard } : {}),
    ...(batch?.ranks === undefined ? {} : { ranks: batch.ranks }), ...(typeof batch?.split === 'number' ? { split: batch.split, half: batch.half } : {}),
  };
}

/** How many fits a fit activity computed and reused. */
function fitsIn(result: unknown): Record<string, number> {
  const { fits } = (result ?? {}) as Partial<FitOutput>;
  if (!Array.isArray(fits)) return {};
  const reused = fits.filter((f) => f.reused).length, notConverged = fits.filter((f) => !f.converged).length;
  return { computed: fits.length - reused, reused, ...(notConverged > 0 ? { notConverged } : {}) };
}

function countSubjects(metrics: Metrics, cohort: string, { subjects, excluded }: Partial<Dataset>): void {
  if (subjects !== undefined) metrics.set('sulcus_cohort_subjects', subjects, { cohort, standing: 'analysed' });
  if (excluded !== undefined) metrics.set('sulcus_cohort_subjects', excluded, { cohort, standing: 'excluded' });
}

const codeOf = (error: unknown): string => (error instanceof ApplicationFailure && error.type != null ? error.type : 'UNEXPECTED');
const round = (seconds: number): number => Math.round(seconds * 1000) / 1000;
