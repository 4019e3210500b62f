#!/usr/bin/env node
/** `sulcus`: one executable, a sub-command for each thing an operator does. */
import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { createConsole, EXIT } from './console.js';
import { SulcusError } from '../contracts/errors.js';

// A reader that has gone (`sulcus check … | head`) takes nothing more; the command goes on to its end and its exit code.
for (const stream of [process.stdout, process.stderr]) stream.on('error', (error: NodeJS.ErrnoException) => { if (error.code !== 'EPIPE') throw error; });

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

const program = new Command('sulcus')
  .description('Structural-parcellation studies of several cohorts as durable workflows: OPNMF, stability, agreement, statistics, report.')
  .version(version)
  .showHelpAfterError('(--help shows how it is used)')
  .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 bad input or usage, 3 a person is needed, 130 interrupted.\nStart with: sulcus demo');

/** The commands, in the order of the help, and where each is. Only the one that is asked for is loaded; all of them would double the time to start. */
const COMMANDS: Record<string, () => Promise<(program: Command) => void>> = {
  demo: async () => (await import('./commands/demo.js')).registerDemo,
  simulate: async () => (await import('./commands/simulate.js')).registerSimulate,
  init: async () => (await import('./commands/init.js')).registerInit,
  check: async () => (await import('./commands/check.js')).registerCheck,
  run: async () => (await import('./commands/run.js')).registerRun,
  status: async () => (await import('./commands/status.js')).registerStatus,
  'approve pause resume cancel': async () => (await import('./commands/decide.js')).registerDecisions,
  rate: async () => (await import('./commands/rate.js')).registerRate,
  exclude: async () => (await import('./commands/exclude.js')).registerExclude,
  rerun: async () => (await import('./commands/rerun.js')).registerRerun,
  schedule: async () => (await import('./commands/schedule.js')).registerSchedule,
  gc: async () => (await import('./commands/gc.js')).registerGc,
  logs: async () => (await import('./commands/logs.js')).registerLogs,
  diff: async () => (await import('./commands/diff.js')).registerDiff,
  report: async () => (await import('./commands/report.js')).registerReport,
  export: async () => (await import('./commands/export.js')).registerExport,
  factorize: async () => (await import('./commands/factorize.js')).registerFactorize,
  'server worker': async () => (await import('./commands/processes.js')).registerProcesses,
  deploy: async () => (await import('./commands/deploy.js')).registerDeploy,
  keys: async () => (await import('./commands/keys.js')).registerKeys,
  'codec-server': async () => (await import('./commands/codec-server.js')).registerCodecServer,
  doctor: async () => (await import('./commands/doctor.js')).registerDoctor,
};
const asked = Object.keys(COMMANDS).filter((names) => names.split(' ').includes(process.argv[2] ?? ''));
for (const names of asked.length > 0 ? asked : Object.keys(COMMANDS)) (await (COMMANDS[names] as (typeof COMMANDS)[string])())(program);
for (const command of program.commands) command.exitOverride();
program.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
  else {
    // An option's value that could not be read; everything else is handled by the command itself.
    createConsole(false).note(`sulcus: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = error instanceof SulcusError ? EXIT.usage : EXIT.failed;
  }
}
