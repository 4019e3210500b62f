/** A client of the server, without bringing a worker along: enough to look at schedules and change them. */
import { Client, Connection } from '@temporalio/client';
import { refuseStrangers } from '../session.js';
import { openTemporal, type TemporalServer } from '../temporal/index.js';

export interface ScheduleConnection {
  client: Client;
  server: TemporalServer;
  close(): Promise<void>;
}

export async function connect(state: string, note: (line: string) => void): Promise<ScheduleConnection> {
  const server = await openTemporal(state, { log: note });
  const connection = await Connection.connect(server.connectionOptions).catch(async (error: unknown) => { await server.release(); throw error; });
  const client = new Client({ connection, namespace: server.namespace, dataConverter: server.dataConverter });
  const close = async (): Promise<void> => { await connection.close(); await server.release(); };
  if (!server.embedded) await refuseStrangers(client, server).catch(async (error: unknown) => { await close(); throw error; });
  return { client, server, close };
}
