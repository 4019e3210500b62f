/** The Temporal server a command works with, whoever's it is. */
import { existsSync } from 'node:fs';
import { Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { admitKeys, dataConverterOf, keysOf, type KeyRing } from '../../security/index.js';
import { acquireServer, type AcquireOptions } from './acquire.js';
import { whyUnreachable } from './diagnose.js';
import { ServerUnreachableError } from './errors.js';
import { ensureSearchAttributes } from './search-attributes.js';
import { foreignServer, type ForeignServer } from './settings.js';
import { statePaths } from './state.js';

export interface TemporalServer {
  /** For `Connection.connect` and `NativeConnection.connect`. */
  connectionOptions: ForeignServer['connectionOptions'];
  address: string;
  namespace: string;
  /** For every `Client`: encrypts what it sends when keys are configured. */
  dataConverter: DataConverter;
  /** Null: nothing is encrypted. */
  keys: KeyRing | null;
  /** Base of links into the web UI; null when it is not known (a foreign server, unless SULCUS_UI_URL says it). */
  uiUrl: string | null;
  /** True: the embedded server of the state folder. False: a server named by a profile or TEMPORAL_* variables. */
  embedded: boolean;
  /** True when the embedded server was already running. */
  adopted: boolean;
  /** Leaves the embedded server, which stops it if nobody else uses it; does nothing to a foreign one. */
  release(options?: { keep?: boolean }): Promise<void>;
}

/**
 * Uses the server that a profile or TEMPORAL_* variables name (and registers the search attributes there), else the embedded one of `state`.
 * Refuses a state folder that was begun with encryption when its keys are not given.
 */
export async function openTemporal(state: string, options: AcquireOptions = {}): Promise<TemporalServer> {
  const { env = process.env } = options;
  const foreign = foreignServer(env), keys = keysOf(env), protection = { keys, dataConverter: dataConverterOf(keys) };
  const history = existsSync(statePaths(state).database), admission = admitKeys(state, keys);
  if (admission === 'begins') options.log?.(`from now on what Temporal keeps of ${state} is encrypted (key ${keys?.active.id})${history ? '; what is in its history already stays as it is' : ''}`);
  if (admission === 'rotated') options.log?.(`from now on key ${keys?.active.id} encrypts; the earlier ones are still needed to read what is there`);
  if (foreign === null) {
    const server = await acquireServer(state, options);
    return { ...server, ...protection, connectionOptions: { address: server.address }, embedded: true };
  }
  const connection = await reach(foreign);
  try {
    await ensureSearchAttributes(connection, foreign.namespace);
  } finally {
    await connection.close();
  }
  return { ...foreign, ...protection, uiUrl: env['SULCUS_UI_URL'] ?? null, embedded: false, adopted: false, release: () => Promise.resolve() };
}

async function reach(server: ForeignServer): Promise<Connection> {
  let connection: Connection | null = null;
  try {
    connection = await Connection.connect(server.connectionOptions);
    await connection.workflowService.describeNamespace({ namespace: server.namespace });
    return connection;
  } catch (cause) {
    await connection?.close();
    throw new ServerUnreachableError(server.address, cause, await whyUnreachable(server, cause));
  }
}
