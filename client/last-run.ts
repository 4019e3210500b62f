/** The latest run of a study, and what it was started with. */
import type { Client } from '@temporalio/client';
import { SulcusError } from '../contracts/errors.js';
import { STUDY_WORKFLOW, type StudyInput } from '../contracts/workflows.js';
import { describeWorkflow } from './describe.js';

export interface LastRun {
  workflowId: string;
  runId: string;
  /** RUNNING, COMPLETED, FAILED, CANCELLED, ... */
  status: string;
  started: Date;
  ended: Date | null;
  input: StudyInput;
}

/** Throws NO_STUDY when the id is unknown here, or is no study's. */
export async function lastRun(client: Client, workflowId: string): Promise<LastRun> {
  const described = await describeWorkflow(client, workflowId);
  if (described === null) throw new SulcusError('NO_STUDY', `there is no study ${workflowId} here`, { remedy: '`sulcus status` lists those that are' });
  const { runId, status, startTime, closeTime, type } = described;
  const input = type === STUDY_WORKFLOW ? await inputOf(client, workflowId, runId) : null;
  if (input === null) throw new SulcusError('NO_STUDY', `${workflowId} is no study`, { remedy: '`sulcus status` lists the studies' });
  return { workflowId, runId, status: status.name, started: startTime, ended: closeTime ?? null, input };
}

/** From the first event of its history, whatever its length. */
async function inputOf(client: Client, workflowId: string, runId: string): Promise<StudyInput | null> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({ namespace: client.options.namespace, execution: { workflowId, runId }, maximumPageSize: 1 });
  const payload = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
  if (payload == null) return null;
  const [decoded] = await decode(client, [payload]);
  return decoded === undefined ? null : client.options.loadedDataConverter.payloadConverter.fromPayload<StudyInput>(decoded);
}

type Payloads = Parameters<Client['options']['loadedDataConverter']['payloadCodecs'][number]['decode']>[0];

async function decode(client: Client, payloads: Payloads): Promise<Payloads> {
  let out = payloads;
  for (const codec of [...client.options.loadedDataConverter.payloadCodecs].reverse()) out = await codec.decode(out);
  return out;
}
