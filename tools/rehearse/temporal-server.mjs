/** The Temporal server on PostgreSQL: schema by its own SQL tool, all four services in one process, a namespace of its own. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Connection } from '@temporalio/client';
import { accepts, freePorts, run, start, until } from './processes.mjs';

const DYNAMIC_CONFIG = fileURLToPath(new URL('../../deploy/temporal/dynamicconfig.yaml', import.meta.url));
const SCHEMA = fileURLToPath(new URL('../../deploy/compose/schema.sh', import.meta.url));
const RETENTION_SECONDS = 720 * 3600;
const SHARDS = 16;
/** What a namespace that was just registered takes to be known everywhere in the server. */
const NAMESPACE_SECONDS = 60;

/** Writes schema and configuration. @returns what starts the server, and its address */
export async function makeTemporal({ programs, folder, postgresql, namespace }) {
  await makeSchema(programs.sql, postgresql, folder);
  const [frontend, matching, history, worker, http, ...membership] = await freePorts(9);
  const root = join(folder, 'temporal');
  mkdirSync(join(root, 'config'), { recursive: true, mode: 0o700 });
  const document = configuration({ postgresql, ports: { frontend, matching, history, worker, http }, membership });
  // JSON is YAML. The password is in it.
  writeFileSync(join(root, 'config', 'rehearsal.yaml'), JSON.stringify(document, null, 2), { mode: 0o600 });
  const address = `127.0.0.1:${frontend}`;
  return {
    address, namespace,
    async start() {
      const server = start('temporal', programs.server, ['--root', root, '--env', 'rehearsal', '--allow-no-auth', 'start'], { folder, cwd: root });
      await until('the Temporal server', async () => (await accepts(frontend)) && (await healthy(address)), { needs: [server] });
      return server;
    },
    register: () => registerNamespace(address, namespace),
  };
}

/** The script that docker-compose.yml's `schema` runs. Twice: the second time it must leave everything as it is. */
async function makeSchema(tool, { port, password }, folder) {
  const tools = join(folder, 'tools'), secret = join(folder, 'password');
  mkdirSync(tools);
  symlinkSync(tool, join(tools, 'temporal-sql-tool'));
  writeFileSync(secret, password, { mode: 0o600 });
  const env = { PATH: `${tools}:${process.env.PATH}`, SQL_HOST: '127.0.0.1', SQL_PORT: String(port), SQL_USER: 'temporal', SQL_PASSWORD_FILE: secret };
  for (let time = 0; time < 2; time++) await run('schema', 'sh', [SCHEMA], { folder, env });
}

function configuration({ postgresql, ports, membership }) {
  const store = (databaseName, maxConns) => ({ sql: { pluginName: 'postgres12', databaseName, connectAddr: `127.0.0.1:${postgresql.port}`, connectProtocol: 'tcp', user: 'temporal', password: postgresql.password, maxConns, maxIdleConns: maxConns, maxConnLifetime: '1h' } });
  const service = (grpcPort, index, more = {}) => ({ rpc: { grpcPort, membershipPort: membership[index], bindOnLocalHost: true, ...more } });
  return {
    log: { stdout: false, level: 'warn' },
    persistence: { defaultStore: 'default', visibilityStore: 'visibility', numHistoryShards: SHARDS, datastores: { default: store('temporal', 20), visibility: store('temporal_visibility', 5) } },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: { frontend: service(ports.frontend, 0, { httpPort: ports.http }), matching: service(ports.matching, 1), history: service(ports.history, 2), worker: service(ports.worker, 3) },
    clusterMetadata: {
      enableGlobalNamespace: false, failoverVersionIncrement: 10, masterClusterName: 'active', currentClusterName: 'active',
      clusterInformation: { active: { enabled: true, initialFailoverVersion: 1, rpcName: 'frontend', rpcAddress: `127.0.0.1:${ports.frontend}` } },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: DYNAMIC_CONFIG, pollInterval: '60s' },
  };
}

async function healthy(address) {
  let connection = null;
  try {
    connection = await Connection.connect({ address, connectTimeout: 1000 });
    return await connection.withDeadline(Date.now() + 2000, async () => (await connection.healthService.check({ service: 'temporal.api.workflowservice.v1.WorkflowService' })).status === 1);
  } catch {
    return false;
  } finally {
    await connection?.close();
  }
}

async function registerNamespace(address, namespace) {
  const connection = await Connection.connect({ address });
  try {
    await until('the cluster to accept a namespace', () => connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: RETENTION_SECONDS } }).then(() => true, (error) => {
      if (error.code === 6) return true; // ALREADY_EXISTS
      if (error.code === 14 || error.code === 4) return null; // not up yet
      throw error;
    }));
    await until(`namespace ${namespace}`, () => connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name: 'none' }, taskQueueType: 1 }).then(() => true, () => null), { seconds: NAMESPACE_SECONDS });
  } finally {
    await connection.close();
  }
}
