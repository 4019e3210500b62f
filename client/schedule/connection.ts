/** A client of the server, without bringing a worker along: enough to look at schedules and change them. */
import { Client, Connection } from '@temporalio/client';
import { openTemporal, type TemporalServer } from '../temporal/index.js';

export interface ScheduleConnection {
  client: Client;
  server: TemporalServer;
  close(): Promise<void>;
}

export async function connect(state: string, note: (line: string) => void): Promise<ScheduleConnection> {
  const server = await openTemporal(state, { log: note });
  const connection = await Connection.connect(server.connectionOptions).catch(async (error: unknown) => { await server.release(); throw error; });
  return {
    client: new Client({ connection, namespace: server.namespace }), server,
    async close() { await connection.close(); await server.release(); },
  };
}
