/** What the tests of operators' messages look at: a server that stays, histories, fits in the store, processor time. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { acquireServer } from '../../client/temporal/index.js';
import type { hostWorker as startWorker, WorkerHost } from '../../client/worker-process.js';
import { pidOf, type SmallStudy } from './harness.js';

export interface KeptServer {
  client: Client;
  /** Events in the history of a workflow's latest run. */
  events(workflowId: string): Promise<number>;
  /** Every byte of the history, as text. */
  history(workflowId: string): Promise<string>;
  release(): Promise<void>;
}

/**
 * Holds the study's server, so that what commands leave can be looked at between them; with `worker` its worker too, which commands would each bring
 * along otherwise: what one of them set going then goes on after its end.
 */
export async function keepServer(study: SmallStudy, { worker = false } = {}): Promise<KeptServer> {
  const server = await acquireServer(study.state);
  const host = worker ? await keepWorker(study.state, server.address) : null;
  const connection = await Connection.connect({ address: server.address });
  const client = new Client({ connection });
  const history = async (workflowId: string): Promise<string> => {
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    return JSON.stringify(events, (key, value: unknown) => (key === 'data' && typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : value));
  };
  return {
    client, history,
    events: async (workflowId) => (await client.workflow.getHandle(workflowId).describe()).historyLength,
    async release() { await host?.stop(); await connection.close(); await server.release(); },
  };
}

/** The worker that a command brings along, from dist/, without the command. */
export async function keepWorker(state: string, address: string): Promise<WorkerHost> {
  const { hostWorker } = (await import(new URL('../../dist/client/worker-process.js', import.meta.url).href)) as { hostWorker: typeof startWorker };
  return hostWorker(state, Promise.resolve({ TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: 'default' }), () => undefined);
}

/** Keys of the fits in the store, with the time of writing. */
export function storedFits(study: SmallStudy): Map<string, number> {
  const root = join(study.state, 'store', 'artifacts', 'fit'), fits = new Map<string, number>();
  let folders: string[] = [];
  try { folders = readdirSync(root); } catch { return fits; } // no fit yet
  for (const folder of folders) for (const name of readdirSync(join(root, folder))) if (/^[0-9a-f]{64}$/.test(name)) fits.set(name, statSync(join(root, folder, name)).mtimeMs);
  return fits;
}

/** Seconds of processor time that the study's worker has used, all threads. */
export function workerSeconds(study: SmallStudy): number {
  const stat = readFileSync(`/proc/${pidOf(join(study.state, 'worker.json')) as number}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
