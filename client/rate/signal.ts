/** Pipelines that wait for ratings are told that there are new ones: they look at the participants again. */
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { PIPELINE_WORKFLOW, RATED_SIGNAL } from '../../contracts/pipeline-workflows.js';
import { connect } from '../connection.js';

/** Tells every pipeline of a study that runs, of the whole study and of cohorts alone. One that nobody works for hears of it later. Returns how many there are. */
export async function tellRated(client: Client, study: string): Promise<number> {
  let told = 0;
  for await (const { workflowId } of client.workflow.list({ query: `WorkflowType = "${PIPELINE_WORKFLOW}" AND ExecutionStatus = "Running" AND SulcusStudy = "${study}"` })) {
    try {
      await client.workflow.getHandle(workflowId).signal(RATED_SIGNAL);
      told++;
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error; // it has ended meanwhile
    }
  }
  return told;
}

/** The same with the server of a state folder, which is started for it if need be: a study may wait in its history to be gone on with. */
export async function tellRatedHere(state: string, study: string, note: (line: string) => void): Promise<number> {
  const connection = await connect(state, note);
  try {
    return await tellRated(connection.client, study);
  } finally {
    await connection.close();
  }
}
