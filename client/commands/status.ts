import type { Command } from 'commander';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { Client } from '@temporalio/client';
import { SulcusError } from '../../contracts/errors.js';
import type { StudyInput } from '../../contracts/workflows.js';
import { action, type Run } from '../command.js';
import { EXIT } from '../console.js';
import { describeFailure } from '../failure.js';
import { progressLine, readProgress, reviewTable } from '../progress.js';
import { openSession } from '../session.js';
import { existingState } from '../state.js';

export function registerStatus(program: Command): void {
  program.command('status')
    .description('where studies stand; exit code 3 when one waits for a person')
    .argument('[id]', 'workflow id of a study; all studies when left out')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  sulcus status acc-trs')
    .action(action(status));
}

interface Standing {
  workflowId: string;
  runId: string;
  status: string;
  started: string;
  ended: string | null;
  progress: Awaited<ReturnType<typeof readProgress>>;
  failure: ReturnType<typeof describeFailure> | null;
}

async function status({ console }: Run, id: string | undefined): Promise<number> {
  const session = await openSession(existingState(), console.note);
  try {
    await session.working;
    const ids = id === undefined ? await studies(session.client) : [id];
    const rows: Standing[] = [];
    for (const workflowId of ids) rows.push(await standing(session.client, workflowId));
    rows.sort((a, b) => Number(b.failure !== null) - Number(a.failure !== null));
    if (rows.length === 0) console.say('no study has been launched here');
    for (const row of rows) {
      console.say(`${row.workflowId}: ${row.status.toLowerCase()}, started ${row.started}${row.ended === null ? '' : `, ended ${row.ended}`}`);
      if (row.failure !== null) console.say(`  ${row.failure.message}${row.failure.where.length > 0 ? ` [in ${row.failure.where.join(' > ')}]` : ''}`);
      if (row.progress !== null && row.status === 'RUNNING') console.say(`  ${progressLine(row.progress)}`);
      if (row.progress !== null && row.status === 'RUNNING') for (const line of reviewTable(row.progress.study)) console.say(`  ${line}`);
    }
    console.answer({ studies: rows });
    return rows.some((r) => r.status === 'RUNNING' && r.progress?.study.review != null) ? EXIT.review : EXIT.done;
  } finally {
    await session.close();
  }
}

async function studies(client: Client): Promise<string[]> {
  const ids = new Set<string>();
  for await (const w of client.workflow.list({ query: 'WorkflowType = "studyWorkflow"' })) ids.add(w.workflowId);
  return [...ids];
}

async function standing(client: Client, workflowId: string): Promise<Standing> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    const { runId, status, startTime, closeTime } = await handle.describe();
    const cohorts = await cohortsOf(client, workflowId, runId);
    const failure = status.name === 'FAILED' ? await handle.result().then(() => null, describeFailure) : null;
    return {
      workflowId, runId, status: status.name, started: startTime.toISOString(), ended: closeTime?.toISOString() ?? null,
      progress: await readProgress(client, workflowId, cohorts), failure,
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw new SulcusError('NO_STUDY', `there is no study ${workflowId} here`, { remedy: '`sulcus status` lists those that are' });
    throw error;
  }
}

async function cohortsOf(client: Client, workflowId: string, runId: string): Promise<string[]> {
  const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const payload = history.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
  if (payload === undefined) return [];
  const input = client.options.loadedDataConverter.payloadConverter.fromPayload<StudyInput>(payload);
  return input.cohorts;
}
