/** A client of the Temporal server, without bringing a worker along: enough to look at studies and schedules, and to change them. */
import { Client, Connection } from '@temporalio/client';
import { refuseStranger } from '../security/index.js';
import { areAllServed, whoWorks, type QueueWorkers } from './at-work.js';
import { openTemporal, type TemporalServer } from './temporal/index.js';

export interface ServerConnection {
  client: Client;
  server: TemporalServer;
  /** Who worked on a foreign server when it connected. Null: not looked for, the embedded one has this command's own. */
  workers: QueueWorkers[] | null;
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
    const client = new Client({ connection, namespace: server.namespace, dataConverter: server.dataConverter }), workers = server.embedded ? null : await whoWorks(client);
    for (const identity of workers?.flatMap((found) => found.workers) ?? []) refuseStranger(identity, server.keys);
    return { client, server, workers, close: async (options) => { await client.connection.close(); await server.release(options); } };
  } catch (error) {
    await connection?.close();
    await server.release();
    throw error;
  }
}

/** Whether workers of both queues are at work. */
export async function isWorkerPolling(client: Client): Promise<boolean> {
  return areAllServed(await whoWorks(client));
}
