import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { loadStudy } from '../../config/index.js';
import { simulateStudy } from '../../simulate/index.js';
import { action, wholeNumber, type Run } from '../command.js';
import { openSession } from '../session.js';
import { checkOut, concludeStudy, startStudy } from '../study.js';
import { stateDirectory } from '../temporal/index.js';

interface Options {
  out: string;
  seed: number;
  effect: 'paper' | 'population' | 'none';
  keep?: boolean;
}

export function registerDemo(program: Command): void {
  program.command('demo')
    .description('simulate the two-cohort study of the paper and run it end to end')
    .option('--out <dir>', 'results folder', 'sulcus-demo')
    .option('--seed <n>', 'seed of the simulation', wholeNumber('--seed', 0), 0)
    .addOption(new Option('--effect <kind>', 'effects in the simulated data').choices(['paper', 'population', 'none']).default('paper'))
    .option('--keep', 'leave the Temporal server running, to look at the workflows in its UI')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  sulcus demo --out my-demo --keep')
    .action(action(demo));
}

async function demo(run: Run, options: Options): Promise<number> {
  const { console } = run;
  const out = resolve(options.out);
  await checkOut(out);
  const state = stateDirectory(null);
  const started = performance.now();
  const since = (): string => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  // The server and the worker start while the data are written.
  const opening = openSession(state, console.note);
  opening.catch(() => undefined); // awaited below
  const directory = await simulated(state, options, console.note);
  console.note(`${since()}: data ready in ${directory}`);
  const session = await opening;
  try {
    const file = await loadStudy(join(directory, 'study.yaml'));
    const cohorts = file.spec.cohorts.map((c) => c.name);
    const handle = await startStudy(session, { file, out, cohorts }, console);
    const code = await concludeStudy(session, handle, cohorts, console, run.interrupted);
    console.note(`${since()} in all`);
    if (options.keep) console.note(`the Temporal UI stays at ${session.server.uiUrl ?? session.server.address}; \`sulcus server --stop\` ends it`);
    return code;
  } finally {
    await session.close({ keep: options.keep ?? false });
  }
}

/** The simulated study in the state folder; written once for a seed and effect. A folder that exists is complete. */
async function simulated(state: string, { seed, effect }: Options, note: (line: string) => void): Promise<string> {
  const directory = join(state, 'demo', `${effect}-${seed}`);
  if (existsSync(join(directory, 'study.yaml'))) return directory;
  const fresh = `${directory}.new-${process.pid}`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  await simulateStudy(fresh, { seed, effect, onProgress: note });
  await rename(fresh, directory);
  return directory;
}
