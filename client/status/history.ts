/** Where a workflow stands, read from its history: needs no worker, so looking at a study never makes it work. */
import type { WorkflowHandle } from '@temporalio/client';
import type { LoadedDataConverter } from '@temporalio/common';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';

export type HistoryEvent = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number];
type Payloads = Parameters<typeof decodeArrayFromPayloads>[1];

/** An activity of a history: scheduled, and perhaps closed. */
export interface Step {
  /** Event id of its scheduling, which is its order. */
  id: number;
  name: string;
  input: unknown;
  scheduled: number;
  /** When its last attempt began; null: not known before it closes. */
  started: number | null;
  closed: number | null;
  state: 'open' | 'done' | 'failed' | 'cancelled';
  result: unknown;
  /** Type of the failure, and its detail. */
  failure: string | null;
}

export interface Update {
  name: string;
  args: unknown[];
  accepted: number;
  /** Null while it has none, or when it was refused. */
  result: unknown;
}

export interface Signal {
  name: string;
  args: unknown[];
  /** It came from elsewhere; false: the workflow sent it to another. */
  received: boolean;
}

export interface WorkflowFacts {
  input: unknown;
  steps: Step[];
  updates: Update[];
  /** In the order of events. */
  signals: Signal[];
  /** Results of children that completed, by workflow id; a child started again has none until it completes. */
  children: Map<string, unknown>;
  /** Result of the workflow; undefined unless it completed. */
  result: unknown;
}

/** Seconds are a Long, or a number, as the history was read. */
function milliseconds(time: HistoryEvent['eventTime']): number {
  return Number(time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6;
}

/** Everything of a history that its progress follows from. */
export async function readFacts(events: readonly HistoryEvent[], converter: LoadedDataConverter): Promise<WorkflowFacts> {
  const all = (payloads: Payloads): Promise<unknown[]> => decodeArrayFromPayloads(converter, payloads ?? []);
  const first = async (payloads: Payloads): Promise<unknown> => (await all(payloads))[0];
  const facts: WorkflowFacts = { input: undefined, steps: [], updates: [], signals: [], children: new Map(), result: undefined };
  const steps = new Map<number, Step>(), updates = new Map<number, Update>();
  const close = async (scheduledId: unknown, event: HistoryEvent, state: Step['state'], result?: Payloads, failure: string | null = null): Promise<void> => {
    const step = steps.get(Number(scheduledId));
    if (step === undefined) return;
    Object.assign(step, { state, closed: milliseconds(event.eventTime), failure, ...(result === undefined ? {} : { result: await first(result) }) });
  };
  for (const e of events) {
    const at = milliseconds(e.eventTime);
    if (e.workflowExecutionStartedEventAttributes) facts.input = await first(e.workflowExecutionStartedEventAttributes.input?.payloads);
    else if (e.workflowExecutionCompletedEventAttributes) facts.result = await first(e.workflowExecutionCompletedEventAttributes.result?.payloads);
    else if (e.activityTaskScheduledEventAttributes) {
      const { activityType, input } = e.activityTaskScheduledEventAttributes;
      steps.set(Number(e.eventId), { id: Number(e.eventId), name: activityType?.name ?? '', input: await first(input?.payloads), scheduled: at, started: null, closed: null, state: 'open', result: undefined, failure: null });
    } else if (e.activityTaskStartedEventAttributes) {
      const step = steps.get(Number(e.activityTaskStartedEventAttributes.scheduledEventId));
      if (step !== undefined) step.started = at;
    } else if (e.activityTaskCompletedEventAttributes) await close(e.activityTaskCompletedEventAttributes.scheduledEventId, e, 'done', e.activityTaskCompletedEventAttributes.result?.payloads);
    else if (e.activityTaskFailedEventAttributes) {
      const { failure, scheduledEventId } = e.activityTaskFailedEventAttributes;
      await close(scheduledEventId, e, 'failed', undefined, failure?.applicationFailureInfo?.type ?? failure?.cause?.applicationFailureInfo?.type ?? 'FAILED');
    } else if (e.activityTaskTimedOutEventAttributes) await close(e.activityTaskTimedOutEventAttributes.scheduledEventId, e, 'failed', undefined, 'TIMEOUT');
    else if (e.activityTaskCanceledEventAttributes) await close(e.activityTaskCanceledEventAttributes.scheduledEventId, e, 'cancelled');
    else if (e.signalExternalWorkflowExecutionInitiatedEventAttributes) {
      const { signalName, input } = e.signalExternalWorkflowExecutionInitiatedEventAttributes;
      facts.signals.push({ name: signalName ?? '', args: await all(input?.payloads), received: false });
    } else if (e.workflowExecutionSignaledEventAttributes) {
      const { signalName, input } = e.workflowExecutionSignaledEventAttributes;
      facts.signals.push({ name: signalName ?? '', args: await all(input?.payloads), received: true });
    } else if (e.startChildWorkflowExecutionInitiatedEventAttributes) facts.children.delete(e.startChildWorkflowExecutionInitiatedEventAttributes.workflowId ?? '');
    else if (e.childWorkflowExecutionCompletedEventAttributes) {
      const { workflowExecution, result } = e.childWorkflowExecutionCompletedEventAttributes;
      facts.children.set(workflowExecution?.workflowId ?? '', await first(result?.payloads));
    } else if (e.workflowExecutionUpdateAcceptedEventAttributes) {
      const { acceptedRequest } = e.workflowExecutionUpdateAcceptedEventAttributes;
      updates.set(Number(e.eventId), { name: acceptedRequest?.input?.name ?? '', args: await all(acceptedRequest?.input?.args?.payloads), accepted: at, result: null });
    } else if (e.workflowExecutionUpdateCompletedEventAttributes) {
      const { acceptedEventId, outcome } = e.workflowExecutionUpdateCompletedEventAttributes;
      const update = updates.get(Number(acceptedEventId));
      if (update !== undefined && outcome?.success) update.result = await first(outcome.success.payloads);
    }
  }
  return { ...facts, steps: [...steps.values()], updates: [...updates.values()] };
}
