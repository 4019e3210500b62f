/** A client of the Temporal server, without bringing a worker along: enough to look at studies and schedules, and to change them. */
import { Client, Connection } from '@temporalio/client';
import { COMPUTE_QUEUE, CONTROL_QUEUE } from '../contracts/queues.js';
import { refuseStranger } from '../security/index.js';
import { openTemporal, type TemporalServer } from './temporal/index.js';

export interface ServerConnection {
  client: Client;
  server: TemporalServer;
  /** Whether workers of both queues had polled when it connected. */
  working: boolean;
  close(options?: { keep?: boolean }): Promise<void>;
}

/** Finds or starts the server of the state folder and connects to it. Throws as `connectTo`. */
export function connect(state: string, note: (line: string) => void): Promise<ServerConnection> {
  return connectTo(openTemporal(state, { log: note }));
}

/**
 * Connects to a server that is being opened; when that fails, the server is released.
 * Throws KEYS_DIFFER when a worker at work on a foreign server has other keys than this command: whatever was launched would be tried for ever.
 */
export async function connectTo(opening: Promise<TemporalServer>): Promise<ServerConnection> {
  const server = await opening;
  let connection: Connection | null = null;
  try {
    connection = await Connection.connect(server.connectionOptions);
    const client = new Client({ connection, namespace: server.namespace, dataConverter: server.dataConverter }), found = await pollers(client);
    if (!server.embedded) for (const identity of found.flat()) refuseStranger(identity, server.keys);
    return { client, server, working: areAll(found), close: async (options) => { await client.connection.close(); await server.release(options); } };
  } catch (error) {
    await connection?.close();
    await server.release();
    throw error;
  }
}

/** Whether workers of both queues have polled in the last half minute. */
export async function isWorkerPolling(client: Client): Promise<boolean> {
  return areAll(await pollers(client));
}

const areAll = (found: readonly string[][]): boolean => found.every((queue) => queue.length > 0);

/** TASK_QUEUE_TYPE_WORKFLOW of the one, TASK_QUEUE_TYPE_ACTIVITY of the other. */
const POLLED = [{ name: CONTROL_QUEUE, taskQueueType: 1 }, { name: COMPUTE_QUEUE, taskQueueType: 2 }];

/** By queue, identities of the workers that polled it in the last half minute. */
async function pollers({ workflowService, options: { namespace } }: Client): Promise<string[][]> {
  return Promise.all(POLLED.map(async ({ name, taskQueueType }) => {
    const { pollers: found } = await workflowService.describeTaskQueue({ namespace, taskQueue: { name }, taskQueueType });
    return (found ?? []).filter((p) => Date.now() / 1000 - Number(p.lastAccessTime?.seconds ?? 0) < 30).map((p) => p.identity ?? '');
  }));
}
