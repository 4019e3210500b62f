/** The studies a server knows, running and recent, without reading their histories. */
import type { Client } from '@temporalio/client';
import { attribute, stateOf, type WorkflowState } from './standing.js';

export interface ListedStudy {
  workflowId: string;
  runId: string;
  status: WorkflowState;
  stage: string | null;
  /** Rank chosen; null: none yet. */
  rank: number | null;
  /** ISO times. */
  started: string;
  ended: string | null;
}

/** The last run of every study, running ones first, then the latest. */
export async function listStudies(client: Client): Promise<ListedStudy[]> {
  const studies = new Map<string, ListedStudy>();
  // The server gives the latest runs first.
  for await (const w of client.workflow.list({ query: 'WorkflowType = "studyWorkflow"' })) {
    const listed: ListedStudy = {
      workflowId: w.workflowId, runId: w.runId, status: stateOf(w), stage: attribute(w, 'SulcusStage'), rank: numberOf(attribute(w, 'SulcusRank')),
      started: w.startTime.toISOString(), ended: w.closeTime?.toISOString() ?? null,
    };
    const known = studies.get(w.workflowId);
    if (known === undefined || known.started < listed.started) studies.set(w.workflowId, listed);
  }
  return [...studies.values()].sort((a, b) => Number(b.status === 'running') - Number(a.status === 'running') || (a.started < b.started ? 1 : -1));
}

const numberOf = (text: string | null): number | null => (text === null ? null : Number(text));
