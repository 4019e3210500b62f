/** Everything a command needs to work with studies: a server, a worker, a client; and their orderly end. */
import type { Client } from '@temporalio/client';
import { examinePrograms } from '../activities/imaging/examine.js';
import type { StudyFile } from '../config/index.js';
import { areAllServed, whoRunsPrograms } from './at-work.js';
import { connectTo } from './connection.js';
import { foreignServer, openTemporal, type TemporalServer } from './temporal/index.js';
import { untilNobodyWorks } from './stand-in.js';
import { hostWorker } from './worker-process.js';

export interface Session {
  client: Client;
  server: TemporalServer;
  /** Resolves when a worker is ready. */
  working: Promise<void>;
  /** Whether anybody is there to run the programs of pipelines: this session's worker, or others' on a foreign server. */
  runsPrograms(): Promise<boolean>;
  /** Link to a workflow in the UI; null when the UI's address is not known. */
  link(workflowId: string): string | null;
  close(options?: { keep?: boolean }): Promise<void>;
}

export interface SessionOptions {
  /** The one that is followed: where the last worker that runs programs of its pipelines is gone, this command's takes over if this machine has them. */
  study?: Pick<StudyFile, 'spec' | 'directory'>;
}

/** Opens a session on a state folder. The worker is started beside it unless others work for a foreign server already, or as soon as they do no more. */
export async function openSession(state: string, note: (line: string) => void, { study }: SessionOptions = {}): Promise<Session> {
  const opening = openTemporal(state, { log: note });
  // With the embedded server a worker is certain to be needed: its process starts beside the server's.
  const place = opening.then((s) => ({ TEMPORAL_ADDRESS: s.address, TEMPORAL_NAMESPACE: s.namespace }));
  place.catch(() => undefined); // it may fail before the worker's process is there to hear of it; `opening` has the error
  let host = foreignServer() === null ? hostWorker(state, place, note) : null;
  const connection = await connectTo(opening).catch(async (error: unknown) => { await host?.stop(); throw error; });
  const { client, server, workers } = connection;
  if (host === null && workers !== null && !areAllServed(workers)) host = hostWorker(state, Promise.resolve({}), note);
  const working = host === null ? Promise.resolve() : host.ready;
  working.catch(() => undefined); // awaited by whoever needs the worker
  const over = new AbortController();
  const watching = host !== null ? Promise.resolve() : untilNobodyWorks(client, { over: over.signal, note, ...(study?.spec.pipelines === undefined ? {} : { programs: () => hasPrograms(study) }) }).then((alone) => {
    if (!alone) return;
    host = hostWorker(state, Promise.resolve({}), note);
    host.ready.catch((error: unknown) => {
      if (!over.signal.aborted) note(`the worker cannot be started: ${error instanceof Error ? error.message : String(error)}`);
    });
  });
  return {
    client, server, working,
    runsPrograms: async () => host !== null || (await whoRunsPrograms(client)).workers.length > 0,
    link: (id) => (server.uiUrl === null ? null : `${server.uiUrl}/namespaces/${server.namespace}/workflows/${encodeURIComponent(id)}`),
    async close(options = {}) {
      over.abort();
      await watching;
      await host?.stop();
      await connection.close(options);
    },
  };
}

/** Whether all programs of its pipelines are on this machine, in versions that may run. */
async function hasPrograms({ spec: { pipelines = [] }, directory }: Pick<StudyFile, 'spec' | 'directory'>): Promise<boolean> {
  return (await Promise.all(pipelines.map((pipeline) => examinePrograms(pipeline, directory)))).flat().every(({ problems }) => problems.length === 0);
}
