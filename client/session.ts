/** Everything a command needs to work with studies: a server, a worker, a client; and their orderly end. */
import { Client, Connection } from '@temporalio/client';
import { COMPUTE_QUEUE, CONTROL_QUEUE } from '../contracts/queues.js';
import { refuseStranger } from '../security/index.js';
import { foreignServer, openTemporal, type TemporalServer } from './temporal/index.js';
import { hostWorker } from './worker-process.js';

export interface Session {
  client: Client;
  server: TemporalServer;
  /** Resolves when a worker is ready. */
  working: Promise<void>;
  /** Link to a workflow in the UI; null when the UI's address is not known. */
  link(workflowId: string): string | null;
  close(options?: { keep?: boolean }): Promise<void>;
}

/** Opens a session on a state folder. The worker is started beside it unless others poll a foreign server already. */
export async function openSession(state: string, note: (line: string) => void): Promise<Session> {
  const opening = openTemporal(state, { log: note });
  // With the embedded server a worker is certain to be needed: its process starts beside the server's.
  const place = opening.then((s) => ({ TEMPORAL_ADDRESS: s.address, TEMPORAL_NAMESPACE: s.namespace }));
  place.catch(() => undefined); // it may fail before the worker's process is there to hear of it; `opening` has the error
  let host = foreignServer() === null ? hostWorker(state, place, note) : null;
  let server: TemporalServer;
  try {
    server = await opening;
  } catch (error) {
    await host?.stop();
    throw error;
  }
  const connection = await Connection.connect(server.connectionOptions);
  const client = new Client({ connection, namespace: server.namespace, dataConverter: server.dataConverter });
  if (!server.embedded) await refuseStrangers(client, server).catch(async (error: unknown) => { await connection.close(); throw error; });
  if (host === null && !(await isWorkerPolling(client))) host = hostWorker(state, Promise.resolve({}), note);
  const hosted = host;
  const working = hosted === null ? Promise.resolve() : hosted.ready;
  working.catch(() => undefined); // awaited by whoever needs the worker
  return {
    client, server, working,
    link: (id) => (server.uiUrl === null ? null : `${server.uiUrl}/namespaces/${server.namespace}/workflows/${encodeURIComponent(id)}`),
    async close(options = {}) {
      await hosted?.stop();
      await connection.close();
      await server.release(options);
    },
  };
}

/** Whether workers of both queues have polled in the last half minute. */
export async function isWorkerPolling(client: Client): Promise<boolean> {
  return (await polled(client, CONTROL_QUEUE)) && (await polled(client, COMPUTE_QUEUE));
}

/** Throws KEYS_DIFFER when a worker at work has other keys than this command: whatever was launched would be tried for ever. */
export async function refuseStrangers(client: Client, { keys }: Pick<TemporalServer, 'keys'>): Promise<void> {
  for (const queue of [CONTROL_QUEUE, COMPUTE_QUEUE]) for (const identity of await pollers(client, queue)) refuseStranger(identity, keys);
}

async function polled(client: Client, taskQueue: string): Promise<boolean> {
  return (await pollers(client, taskQueue)).length > 0;
}

/** Identities of the workers that polled the queue in the last half minute. */
async function pollers(client: Client, taskQueue: string): Promise<string[]> {
  const kind = taskQueue === CONTROL_QUEUE ? 1 : 2; // TASK_QUEUE_TYPE_WORKFLOW, _ACTIVITY
  const { pollers: found } = await client.workflowService.describeTaskQueue({ namespace: client.options.namespace, taskQueue: { name: taskQueue }, taskQueueType: kind });
  return (found ?? []).filter((p) => Date.now() / 1000 - Number(p.lastAccessTime?.seconds ?? 0) < 30).map((p) => p.identity ?? '');
}
