/** The long-lived processes: a server for several commands, workers beside a cluster. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Option, type Command } from 'commander';
import { action, wholeNumber, type Run } from '../command.js';
import { EXIT } from '../console.js';
import { openTemporal, stateDirectory, stopServer } from '../temporal/index.js';
import { storeAddress, storeName } from '../store.js';
import { announceWorker } from '../worker-process.js';

export function registerProcesses(program: Command): void {
  program.command('server')
    .description('keep the embedded Temporal server and its UI running until Ctrl-C')
    .option('--stop', 'stop a server that was left running')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  sulcus server')
    .action(action(server));
  program.command('worker')
    .description('work for the Temporal server that a profile or TEMPORAL_* variables name (else for the embedded one) until Ctrl-C')
    .addOption(new Option('--role <role>', 'control: workflows and files; compute: fits; tools: programs of pipelines').choices(['control', 'compute', 'tools', 'all']).default('all'))
    .option('--threads <n>', 'fits at the same time (default: one a core)', wholeNumber('--threads', 1))
    .option('--tool-cores <n>', 'cores that programs of pipelines may take together (default: all)', wholeNumber('--tool-cores', 1))
    .option('--tool-memory <GiB>', 'memory that they may take together (default: four fifths of what there is)')
    .option('--metrics-port <port>', 'serve metrics for Prometheus at http://127.0.0.1:PORT/metrics', wholeNumber('--metrics-port', 1))
    .option('--health-port <port>', 'answer /livez and /readyz there, with 503 and the reason when sick', wholeNumber('--health-port', 0))
    .option('--deployment <name>', 'versioned: studies that begin here end here; which version gets new ones is said by `sulcus deploy`')
    .option('--build-id <id>', 'version of the deployment (default: of this installation and its workflow code)')
    .option('--identifiers', 'leave participants\' identifiers in the log (they are replaced by pseudonyms)')
    .addHelpText('after', '\nExample:\n  TEMPORAL_ADDRESS=temporal.lab:7233 sulcus worker --role compute --metrics-port 9464')
    .action(action(worker));
}

async function server({ console, interrupted }: Run, options: { stop?: boolean }): Promise<number> {
  const state = stateDirectory(null);
  if (options.stop) {
    const stopped = await stopServer(state);
    console.say(stopped ? 'the server is stopped' : 'no server was running');
    console.answer({ stopped });
    return EXIT.done;
  }
  const temporal = await openTemporal(state, { log: console.note });
  console.say(`Temporal at ${temporal.address}${temporal.uiUrl === null ? '' : `, UI at ${temporal.uiUrl}`}; Ctrl-C ends it`);
  console.answer({ address: temporal.address, uiUrl: temporal.uiUrl });
  await new Promise<void>((resolve) => {
    const alive = setInterval(() => undefined, 60_000);
    interrupted.addEventListener('abort', () => { clearInterval(alive); resolve(); }, { once: true });
  });
  await temporal.release();
  return EXIT.done;
}

interface WorkerOptions {
  role: string;
  threads?: number;
  toolCores?: number;
  toolMemory?: string;
  metricsPort?: number;
  healthPort?: number;
  identifiers?: boolean;
  deployment?: string;
  buildId?: string;
}

async function worker({ console, interrupted }: Run, options: WorkerOptions): Promise<number> {
  const state = stateDirectory(null), address = storeAddress(state);
  const temporal = await openTemporal(state, { log: console.note });
  const env = temporal.embedded ? { ...process.env, TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace } : process.env;
  const given = (name: string, value: number | string | undefined): string[] => (value === undefined ? [] : [name, String(value)]);
  const args = [
    '--store', address, '--state', state, '--role', options.role, ...given('--threads', options.threads), ...given('--tool-cores', options.toolCores), ...given('--tool-memory', options.toolMemory),
    ...given('--deployment', options.deployment), ...given('--build-id', options.buildId),
    ...given('--metrics-port', options.metricsPort), ...given('--health-port', options.healthPort), ...(options.identifiers === true ? ['--identifiers'] : []),
  ];
  console.note(`worker (${options.role}) for ${temporal.address}; artifacts in ${storeName(address)}; Ctrl-C ends it`);
  const child = fork(fileURLToPath(new URL('../../workers/main.js', import.meta.url)), args, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'], detached: true });
  interrupted.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  // Commands on this state folder use it then, instead of starting one of their own beside it.
  if (temporal.embedded && options.role === 'all') await announceWorker(state, child.pid);
  const code = await new Promise<number>((resolve) => child.once('exit', (c) => resolve(c ?? EXIT.failed)));
  await temporal.release();
  return code;
}
