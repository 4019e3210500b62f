/** What a worker process is told: by its command line and its environment. */
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { memoryForPrograms } from '../activities/imaging/room.js';
import { SulcusError } from '../contracts/errors.js';
import { isS3 } from '../storage/location.js';
import type { Room } from './slots.js';

const ROLES = ['control', 'compute', 'tools', 'all'] as const;
export type WorkerRole = (typeof ROLES)[number];

export interface Listen {
  port: number;
  host: string;
}

/** The version of a deployment that a worker belongs to: studies begun on it end on it. */
export interface Deployment {
  name: string;
  /** Null: this installation's own. */
  buildId: string | null;
}

export interface WorkerOptions {
  role: WorkerRole;
  /** Address of the artifact store: a folder, or s3://BUCKET/PREFIX. */
  store: string;
  /** The state folder: what holds the store's folder, unless --state says otherwise. */
  state: string;
  /** Folder of the log files: `logs` in the state folder unless --logs says otherwise. */
  logs: string;
  /** Fits at the same time, one thread each. */
  threads: number;
  /** What programs of others may take together. */
  tools: Room;
  /** The command that started this process will say which server to work for; it also reads the log file, so that nothing goes to stderr. */
  awaitServer: boolean;
  /** Where to serve metrics and health; null: nowhere. */
  metrics: Listen | null;
  health: Listen | null;
  /** Null: not versioned; it takes whatever work there is. */
  deployment: Deployment | null;
  /** Participants' identifiers are left in the log. */
  identifiers: boolean;
}

/** Throws BAD_ROLE, NO_STORE, BAD_THREADS, BAD_TOOL_CORES, BAD_TOOL_MEMORY, BAD_METRICS_PORT, BAD_HEALTH_PORT, BAD_DEPLOYMENT. */
export function readWorkerOptions(argv: string[], env: NodeJS.ProcessEnv = process.env): WorkerOptions {
  const text = { type: 'string' } as const, flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({ args: argv, options: {
    role: { ...text, default: 'all' }, store: text, state: text, logs: text, threads: text, 'tool-cores': text, 'tool-memory': text, 'metrics-port': text, 'health-port': text, deployment: text, 'build-id': text, identifiers: flag, 'await-server': flag,
  } });
  const { role, store } = values, s3 = store !== undefined && isS3(store);
  if (!isRole(role)) throw new SulcusError('BAD_ROLE', `role "${role}" is not control, compute, tools or all`);
  if (store === undefined) throw new SulcusError('NO_STORE', 'a worker needs --store FOLDER (or s3://BUCKET/PREFIX)');
  if (s3 && values.state === undefined) throw new SulcusError('NO_STORE', 'a worker whose artifacts are in a bucket needs --state FOLDER too', { remedy: '`sulcus worker` gives it' });
  const state = values.state ?? dirname(resolve(store));
  const threads = values.threads === undefined ? availableParallelism() : Number(values.threads);
  if (!Number.isInteger(threads) || threads < 1) throw new SulcusError('BAD_THREADS', `--threads ${values.threads} is not a positive whole number`);
  return {
    role, store, state, threads, tools: tools(values['tool-cores'] ?? env['SULCUS_TOOL_CORES'], values['tool-memory'] ?? env['SULCUS_TOOL_MEMORY']), awaitServer: values['await-server'],
    logs: values.logs ?? join(state, 'logs'),
    // The exporter cannot tell which port it got, so there is no "any free one" for it.
    metrics: listen('METRICS', values['metrics-port'], env, 1),
    health: listen('HEALTH', values['health-port'], env, 0),
    // What a command brings along for itself takes whatever work there is.
    deployment: values['await-server'] ? null : deployment(values.deployment ?? env['SULCUS_DEPLOYMENT'], values['build-id'] ?? env['SULCUS_BUILD_ID']),
    identifiers: values.identifiers || ['1', 'true'].includes(env['SULCUS_LOG_IDENTIFIERS'] ?? ''),
  };
}

const isRole = (role: string): role is WorkerRole => (ROLES as readonly string[]).includes(role);

function tools(cores: string | undefined, memory: string | undefined): Room {
  const given = (text: string | undefined): text is string => text !== undefined && text !== '';
  if (given(cores) && !/^[1-9]\d*$/.test(cores)) throw new SulcusError('BAD_TOOL_CORES', `--tool-cores (SULCUS_TOOL_CORES) "${cores}" is not a positive whole number`);
  if (given(memory) && !(/^\d+(\.\d+)?$/.test(memory) && Number(memory) > 0)) throw new SulcusError('BAD_TOOL_MEMORY', `--tool-memory (SULCUS_TOOL_MEMORY) "${memory}" is not a number of GiB`);
  return { cores: given(cores) ? Number(cores) : availableParallelism(), memory: memoryForPrograms(memory) };
}

function listen(what: 'METRICS' | 'HEALTH', option: string | undefined, env: NodeJS.ProcessEnv, least: number): Listen | null {
  const text = option ?? env[`SULCUS_${what}_PORT`] ?? '', host = env[`SULCUS_${what}_HOST`] ?? '';
  if (text === '') return null;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < least || port > 65535) {
    const where = option === undefined ? `SULCUS_${what}_PORT` : `--${what.toLowerCase()}-port`;
    throw new SulcusError(`BAD_${what}_PORT`, `${where} "${text}" is not a port number`, { remedy: `give a number from ${least}${least === 0 ? ' (any free port)' : ''} to 65535, or leave it out` });
  }
  return { port, host: host === '' ? '127.0.0.1' : host };
}

function deployment(name: string | undefined, buildId: string | undefined): Deployment | null {
  const given = (text: string | undefined): text is string => text !== undefined && text !== '';
  if (!given(name)) {
    if (given(buildId)) throw new SulcusError('BAD_DEPLOYMENT', `build id ${buildId} without a deployment`, { remedy: 'name the deployment with --deployment (or SULCUS_DEPLOYMENT)' });
    return null;
  }
  // The server joins the two by a colon, in older versions by a dot, and keeps names that begin with __ for itself.
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(name)) throw new SulcusError('BAD_DEPLOYMENT', `deployment name "${name}" is not made of letters, digits, - and _`);
  if (given(buildId) && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(buildId)) throw new SulcusError('BAD_DEPLOYMENT', `build id "${buildId}" is not made of letters, digits, ., - and _`);
  return { name, buildId: given(buildId) ? buildId : null };
}
