/** What a worker process is told: by its command line and its environment. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { SulcusError } from '../contracts/errors.js';

export type WorkerRole = 'control' | 'compute' | 'all';

export interface WorkerOptions {
  role: WorkerRole;
  /** Folder of the artifact store. */
  store: string;
  /** Fits at the same time, one thread each. */
  threads: number;
  /** The command that started this process will say which server to work for. */
  awaitServer: boolean;
}

export function readWorkerOptions(argv: string[]): WorkerOptions {
  const { values } = parseArgs({ args: argv, options: { role: { type: 'string', default: 'all' }, store: { type: 'string' }, threads: { type: 'string' }, 'await-server': { type: 'boolean', default: false } } });
  const { role, store } = values;
  if (role !== 'control' && role !== 'compute' && role !== 'all') throw new SulcusError('BAD_ROLE', `role "${role}" is not control, compute or all`);
  if (store === undefined) throw new SulcusError('NO_STORE', 'a worker needs --store FOLDER');
  const threads = values.threads === undefined ? availableParallelism() : Number(values.threads);
  if (!Number.isInteger(threads) || threads < 1) throw new SulcusError('BAD_THREADS', `--threads ${values.threads} is not a positive whole number`);
  return { role, store, threads, awaitServer: values['await-server'] };
}
