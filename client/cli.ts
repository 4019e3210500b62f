#!/usr/bin/env node
/** `sulcus`: one executable, a sub-command for each thing an operator does. */
import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { createConsole, EXIT } from './console.js';
import { registerCheck } from './commands/check.js';
import { registerDecisions } from './commands/decide.js';
import { registerDemo } from './commands/demo.js';
import { registerExport } from './commands/export.js';
import { registerFactorize } from './commands/factorize.js';
import { registerInit } from './commands/init.js';
import { registerProcesses } from './commands/processes.js';
import { registerReport } from './commands/report.js';
import { registerRun } from './commands/run.js';
import { registerSimulate } from './commands/simulate.js';
import { registerStatus } from './commands/status.js';
import { SulcusError } from '../contracts/errors.js';

// A reader that has gone (`sulcus check … | head`) takes nothing more; the command goes on to its end and its exit code.
for (const stream of [process.stdout, process.stderr]) stream.on('error', (error: NodeJS.ErrnoException) => { if (error.code !== 'EPIPE') throw error; });

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

const program = new Command('sulcus')
  .description('Structural-parcellation studies of several cohorts as durable workflows: OPNMF, stability, agreement, statistics, report.')
  .version(version)
  .showHelpAfterError('(--help shows how it is used)')
  .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 bad input or usage, 3 a person is needed, 130 interrupted.\nStart with: sulcus demo');

for (const register of [registerDemo, registerSimulate, registerInit, registerCheck, registerRun, registerStatus, registerDecisions, registerReport, registerExport, registerFactorize, registerProcesses]) register(program);
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
