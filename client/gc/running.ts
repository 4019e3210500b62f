/** Which studies, cohorts and sweeps are under way: whatever they are about to reuse cannot be told from what is in the store. */
import { connect } from '../connection.js';

/** Their workflow ids. An embedded server that does not run is started for the question: a study may wait in its history to be gone on with. */
export async function runningHere(state: string, note: (line: string) => void): Promise<string[]> {
  const connection = await connect(state, note);
  try {
    const found: string[] = [];
    for await (const { workflowId } of connection.client.workflow.list({ query: 'ExecutionStatus = "Running" AND WorkflowType IN ("studyWorkflow", "cohortWorkflow", "sweepWorkflow")' })) found.push(workflowId);
    return found.sort();
  } finally {
    await connection.close();
  }
}
