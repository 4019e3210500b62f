/** The long-lived processes: a server for several commands, workers beside a cluster. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Option, type Command } from 'commander';
import { action, wholeNumber, type Run } from '../command.js';
import { EXIT } from '../console.js';
import { openTemporal, stateDirectory, stopServer } from '../temporal/index.js';

export function registerProcesses(program: Command): void {
  program.command('server')
    .description('keep the embedded Temporal server and its UI running until Ctrl-C')
    .option('--stop', 'stop a server that was left running')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  sulcus server')
    .action(action(server));
  program.command('worker')
    .description('work for the Temporal server that a profile or TEMPORAL_* variables name (else for the embedded one) until Ctrl-C')
    .addOption(new Option('--role <role>', 'control: workflows and files; compute: fits').choices(['control', 'compute', 'all']).default('all'))
    .option('--threads <n>', 'fits at the same time (default: one a core)', wholeNumber('--threads', 1))
    .addHelpText('after', '\nExample:\n  TEMPORAL_ADDRESS=temporal.lab:7233 sulcus worker --role compute')
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

async function worker({ console, interrupted }: Run, options: { role: string; threads?: number }): Promise<number> {
  const state = stateDirectory(null);
  const temporal = await openTemporal(state, { log: console.note });
  const env = temporal.embedded ? { ...process.env, TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace } : process.env;
  const args = ['--store', join(state, 'store'), '--role', options.role, ...(options.threads === undefined ? [] : ['--threads', String(options.threads)])];
  console.note(`worker (${options.role}) for ${temporal.address}; artifacts in ${join(state, 'store')}; Ctrl-C ends it`);
  const child = fork(fileURLToPath(new URL('../../workers/main.js', import.meta.url)), args, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'], detached: true });
  interrupted.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  const code = await new Promise<number>((resolve) => child.once('exit', (c) => resolve(c ?? EXIT.failed)));
  await temporal.release();
  return code;
}
