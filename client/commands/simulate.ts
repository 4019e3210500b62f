import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { SulcusError } from '../../contracts/errors.js';
import { DEFAULT_COHORTS, simulateStudy } from '../../simulate/index.js';
import { DEFAULT_SCAN_COHORTS, simulateScans } from '../../simulate/scans/index.js';
import { action, wholeNumber, type Run } from '../command.js';
import { EXIT } from '../console.js';

interface Options {
  seed: number;
  cohort: { name: string; size: number }[];
  effect: 'paper' | 'population' | 'none';
  meshLevel: string;
  scans?: true;
}

export function registerSimulate(program: Command): void {
  program.command('simulate')
    .description('write a synthetic study in the real formats, with the truth beside it')
    .argument('<dir>', 'folder to write; must be empty or not exist')
    .option('--seed <n>', 'seed; the same seed writes the same bytes', wholeNumber('--seed', 0), 0)
    .option('--cohort <name=n>', 'a cohort and its size (may be repeated; cohorts not named are left out)', cohortOption, [])
    .addOption(new Option('--effect <kind>', 'paper: sample effects equal the paper\'s; population: drawn around them; none: null').choices(['paper', 'population', 'none']).default('paper'))
    .addOption(new Option('--mesh-level <n>', '6 is CIVET\'s mesh of 40,962 vertices; lower ones are small, for trying things').choices(['3', '4', '5', '6']).default('6'))
    .option('--scans', 'a small study that begins with diffusion scans, for the pipeline mrtrix3-dti')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  sulcus simulate my-study --cohort tokyo=40 --cohort toronto=44\n  sulcus simulate my-scans --scans')
    .action(action(simulate));
}

function cohortOption(text: string, all: { name: string; size: number }[]): { name: string; size: number }[] {
  const [name, size] = text.split('=');
  if (!name || size === undefined) throw new SulcusError('BAD_OPTION', `--cohort "${text}" is not NAME=N`);
  return [...all, { name, size: wholeNumber('--cohort', 1)(size) }];
}

async function simulate({ console }: Run, directory: string, options: Options): Promise<number> {
  const target = resolve(directory);
  const present = await readdir(target).catch((error: NodeJS.ErrnoException) => { if (error.code === 'ENOENT') return []; throw error; });
  if (present.length > 0) throw new SulcusError('OUT_NOT_EMPTY', `${target} is not empty`, { remedy: 'name a new folder' });
  if (options.scans === true && (options.effect !== 'paper' || options.meshLevel !== '6')) throw new SulcusError('BAD_OPTION', '--effect and --mesh-level are not for --scans', { remedy: 'leave them out: simulated scans have one effect and one mesh' });
  const cohorts = options.cohort.length > 0 ? options.cohort : options.scans === true ? DEFAULT_SCAN_COHORTS : DEFAULT_COHORTS;
  const summary = options.scans === true ? await scans(target, options.seed, cohorts, console.note) : await simulateStudy(target, { seed: options.seed, cohorts, effect: options.effect, meshLevel: Number(options.meshLevel) as 3 | 4 | 5 | 6, onProgress: console.note });
  console.say(`${summary.files} files (${(summary.bytes / 1e6).toFixed(0)} MB) of ${summary.cohorts.map((c) => `${c.name} (${c.subjects})`).join(', ')}`);
  console.say(`next: sulcus run ${summary.study}`);
  console.answer(summary);
  return EXIT.done;
}

/** The summary without the truth about everybody, which is in the folder. */
async function scans(target: string, seed: number, cohorts: readonly { name: string; size: number }[], onProgress: (line: string) => void): Promise<{ study: string; files: number; bytes: number; cohorts: { name: string; subjects: number }[] }> {
  const { cohorts: all, ...summary } = await simulateScans(target, { seed, cohorts, onProgress });
  return { ...summary, cohorts: all.map(({ name, subjects }) => ({ name, subjects })) };
}
