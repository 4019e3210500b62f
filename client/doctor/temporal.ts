/** The Temporal server that commands would use: reachable, of a version that does, with its namespace, search attributes and workers. */
import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.js';
import { whoRunsPrograms, whoWorks } from '../at-work.js';
import { runningServer } from '../temporal/acquire.js';
import { freePort } from '../temporal/ports.js';
import { foreignServer, type ForeignServer } from '../temporal/settings.js';
import { pinned } from '../temporal/tools.js';
import { bad, ok, older, warn, type Finding } from './finding.js';

const ANSWER_MS = 8_000;
/** Temporal keeps time in milliseconds; beyond this, waits and ages in logs and metrics are misleading. */
const SKEW_MS = 2_000;

/** `foreign`: what TEMPORAL_* variables or a profile name, if they do. `pipelines`: a study that is looked at has some. Starts nothing. */
export async function examineTemporal(state: string, foreign: ForeignServer | null, pipelines = false): Promise<Finding[]> {
  if (foreign !== null) return examineServer(foreign, false, pipelines);
  const record = runningServer(state);
  if (record !== null) return examineServer({ address: `127.0.0.1:${record.port}`, namespace: 'default', connectionOptions: { address: `127.0.0.1:${record.port}` } }, true, pipelines);
  return [ok('temporal', 'server', 'none is configured: the embedded one is started when needed'), await ports()];
}

/** Foreign settings, or the line that says what is wrong with them. */
export function readSettings(env: NodeJS.ProcessEnv = process.env): { foreign: ForeignServer | null; problem: Finding | null } {
  try {
    return { foreign: foreignServer(env), problem: null };
  } catch (error) {
    return { foreign: null, problem: bad('temporal', 'settings', error instanceof Error ? error.message : String(error), 'no command that needs a server works', (error as { remedy?: string }).remedy ?? 'correct the TEMPORAL_* variables') };
  }
}

async function ports(): Promise<Finding> {
  try {
    await freePort(null);
    return ok('temporal', 'ports', 'free ones on the loopback interface');
  } catch {
    return bad('temporal', 'ports', 'nothing may listen on 127.0.0.1', 'the embedded server cannot start', 'allow programs to listen on the loopback interface (sandbox, firewall)');
  }
}

async function examineServer(server: ForeignServer, embedded: boolean, pipelines: boolean): Promise<Finding[]> {
  const port = server.address.split(':').at(-1) ?? '';
  const whose = embedded ? `the embedded one, 127.0.0.1:${port}` : `the one of TEMPORAL_ADDRESS or a profile, port ${port}`;
  let connection: Connection | null = null;
  try {
    connection = await Connection.connect({ ...server.connectionOptions, connectTimeout: ANSWER_MS });
    const { serverVersion = '' } = await connection.withDeadline(Date.now() + ANSWER_MS, () => (connection as Connection).workflowService.getSystemInfo({}));
    const found = await connection.withDeadline(Date.now() + 4 * ANSWER_MS, () => inNamespace(connection as Connection, server.namespace, embedded, pipelines));
    return [versionFinding(whose, serverVersion ?? ''), ...found];
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).split('\n')[0]?.replaceAll(server.address, '<server>').replaceAll(server.address.split(':')[0] ?? server.address, '<server>');
    return [bad('temporal', 'server', `${whose}: does not answer (${why})`, 'no study can be launched or looked at', embedded ? '`sulcus server --stop`, then start again' : 'check TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TLS and the network, or unset them to use the embedded server')];
  } finally {
    await connection?.close();
  }
}

function versionFinding(whose: string, found: string): Finding {
  const { minimumServer } = pinned();
  return older(found, minimumServer)
    ? bad('temporal', 'server', `${whose}: version ${found}`, `sulcus needs ${minimumServer}`, `upgrade the server to ${minimumServer} or newer`)
    : ok('temporal', 'server', `${whose}: answers, version ${found} (${minimumServer} or newer is needed)`);
}

async function inNamespace(connection: Connection, namespace: string, embedded: boolean, pipelines: boolean): Promise<Finding[]> {
  const { workflowService } = connection;
  try {
    await workflowService.describeNamespace({ namespace });
  } catch (error) {
    return [bad('temporal', 'namespace', `${namespace} cannot be used (${(error as { details?: string }).details ?? 'no answer'})`, 'no study can be launched', 'set TEMPORAL_NAMESPACE to one that exists and that you may use')];
  }
  return [ok('temporal', 'namespace', `${namespace}: there`), await searchAttributes(connection, namespace), ...(await workers(connection, namespace, embedded, pipelines)), await clock(connection, namespace)];
}

async function searchAttributes({ operatorService }: Connection, namespace: string): Promise<Finding> {
  const name = 'search attributes', needed = Object.entries(SEARCH_ATTRIBUTES);
  try {
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
    const missing = needed.filter(([attribute]) => !(attribute in (customAttributes ?? {})));
    if (missing.length === 0) return ok('temporal', name, `all ${needed.length} registered`);
    return warn('temporal', name, `${missing.map(([attribute]) => attribute).join(', ')} not registered`, 'the next command registers them, if it may', `temporal operator search-attribute create ${missing.map(([attribute, type]) => `--name ${attribute} --type ${type}`).join(' ')}`);
  } catch (error) {
    return warn('temporal', name, `cannot be listed (${(error as { details?: string }).details ?? 'no answer'})`, 'if they are missing, launching fails', 'ask the server\'s operator whether those of docs/operations.md are registered');
  }
}

/** Workers at work; only counted, for their identities hold user and host names. */
async function workers(connection: Connection, namespace: string, embedded: boolean, pipelines: boolean): Promise<Finding[]> {
  const client = new Client({ connection, namespace }), [all, tools] = await Promise.all([whoWorks(client), whoRunsPrograms(client)]);
  return [...all, tools].map(({ queue, workers: found }) => {
    const n = new Set(found).size;
    if (n > 0) return ok('temporal', queue, `${n} ${n === 1 ? 'worker polls' : 'workers poll'} it`);
    if (queue === tools.queue && !pipelines) return ok('temporal', queue, 'no worker polls it: only studies with pipelines need one');
    if (queue === tools.queue && !embedded) return warn('temporal', queue, 'no worker polls it', 'a study with pipelines waits before its first program', 'start `sulcus worker --role tools` where the scans and the programs are');
    return embedded ? ok('temporal', queue, 'no worker polls it: commands bring one') : warn('temporal', queue, 'no worker polls it', 'studies launched elsewhere wait; `sulcus run` brings a worker of its own', 'start `sulcus worker` where the data are');
  });
}

/** The server notes when a queue was last polled: polling one that nobody uses tells its time, and writes no history. */
async function clock(connection: Connection, namespace: string): Promise<Finding> {
  const { workflowService } = connection, name = 'clock';
  const taskQueue = { name: `sulcus-doctor-${randomBytes(4).toString('hex')}` };
  const abort = new AbortController();
  const before = Date.now();
  const poll = connection.withAbortSignal(abort.signal, () => workflowService.pollActivityTaskQueue({ namespace, taskQueue, identity: 'sulcus-doctor' })).catch(() => null); // ended below
  try {
    for (let i = 0; i < 20; i++) {
      const { pollers } = await workflowService.describeTaskQueue({ namespace, taskQueue, taskQueueType: 2 });
      const at = pollers?.[0]?.lastAccessTime;
      if (at == null) { await new Promise((resolve) => setTimeout(resolve, 100)); continue; }
      const server = Number(at.seconds ?? 0) * 1000 + Number(at.nanos ?? 0) / 1e6, after = Date.now();
      const skew = server < before ? server - before : server > after ? server - after : 0;
      return Math.abs(skew) > SKEW_MS
        ? warn('temporal', name, `the server's clock is ${(Math.abs(skew) / 1000).toFixed(1)} s ${skew > 0 ? 'ahead' : 'behind'}`, 'times in logs, status and metrics do not fit together', 'synchronise both machines (chrony, systemd-timesyncd)')
        : ok('temporal', name, `agrees with the server's within ${Math.max(1, Math.round((after - before) / 2 + Math.abs(skew)))} ms`);
    }
    return ok('temporal', name, 'the server did not tell its time');
  } finally {
    abort.abort();
    await poll;
  }
}
