import { spawn } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { loadStudy } from '../../config/index.js';
import { action, type Run } from '../command.js';
import { EXIT } from '../console.js';
import { workflowIdOf } from '../launch.js';
import { openSession } from '../session.js';
import { settleStore } from '../store.js';
import { checkOut, chosenCohorts, concludeStudy, resultsFolder, startStudy, type StudyRun } from '../study.js';
import { stateDirectory } from '../temporal/index.js';

interface Options {
  cohort: string[];
  out?: string;
  detach?: boolean;
}

export function registerRun(program: Command): void {
  program.command('run')
    .description('run a study, or go on with it: what is finished is reused')
    .argument('<study.yaml>', 'the study file')
    .option('--cohort <name>', 'this cohort alone, up to its rank evidence and parcellation (may be repeated)', (name: string, all: string[]) => [...all, name], [])
    .option('--out <dir>', 'results folder (default: results/ beside the study file; results-NAME/ for a cohort alone)')
    .option('--detach', 'launch, leave it running in the background, and return')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  sulcus run study.yaml --out results')
    .action(action(runCommand));
}

async function runCommand(run: Run, path: string, options: Options): Promise<number> {
  const file = await loadStudy(path);
  const cohorts = chosenCohorts(file, options.cohort);
  const out = resultsFolder(file, cohorts, options.out);
  await checkOut(out);
  const state = stateDirectory(file.file);
  settleStore(state, file.storage, run.console.note);
  if (options.detach) return detach(run, { file, out, cohorts }, options, state);
  const session = await openSession(state, run.console.note, { study: file });
  try {
    const handle = await startStudy(session, { file, out, cohorts, askedAt: performance.timeOrigin }, run.console);
    return await concludeStudy(session, handle, cohorts, run.console, run.interrupted, path);
  } finally {
    await session.close();
  }
}

/** The same command again, in the background with its words in a log, so that server and worker live until the study ends. */
async function detach({ console }: Run, { file, out, cohorts }: StudyRun, options: Options, state: string): Promise<number> {
  mkdirSync(join(state, 'logs'), { recursive: true });
  const logFile = join(state, 'logs', 'run.log');
  const log = openSync(logFile, 'a');
  const args = ['run', file.file, ...options.cohort.flatMap((c) => ['--cohort', c]), '--out', out];
  const child = spawn(process.execPath, [fileURLToPath(new URL('../cli.js', import.meta.url)), ...args], { detached: true, stdio: ['ignore', log, log] });
  // What fails at once (no server to be had, a study already running with other settings) should be seen here.
  const early = await new Promise<number | null>((resolve) => { child.once('exit', (code) => resolve(code ?? EXIT.failed)); setTimeout(() => resolve(null), 5_000).unref(); });
  if (early !== null && early !== EXIT.done) { console.note(`sulcus: the run ended at once with exit code ${early}; see ${logFile}`); return early; }
  child.unref();
  const workflowId = workflowIdOf(file.spec, cohorts);
  console.say(early === null ? `study ${workflowId} runs in the background (process ${child.pid}); its words are in ${logFile}` : `study ${workflowId} is done; its words are in ${logFile}`);
  console.answer({ workflowId, runId: null, out, status: early === null ? 'running' : 'done', pid: child.pid });
  return EXIT.done;
}
