import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { formatProblem } from '../../config/index.js';
import { action, type Run } from '../command.js';
import { EXIT } from '../console.js';
import { initialise } from '../init/index.js';
import type { Outside } from '../init/outside.js';
import type { Ask } from '../init/propose.js';

interface Options {
  out?: string;
  name?: string;
  force?: boolean;
  yes?: boolean;
  json?: boolean;
}

export function registerInit(program: Command): void {
  program.command('init')
    .description('look at a folder and write a study file for it: CIVET, FreeSurfer, BIDS or other layouts, participants tables, labels, LCModel tables')
    .argument('<dir>', 'folder with the data; nothing that is there is changed')
    .option('--out <file>', 'study file to write (default: study.yaml in the folder)')
    .option('--name <study>', 'name of the study (default: that of the folder)')
    .option('--force', 'replace a study file that exists')
    .option('--yes', 'ask nothing: take the likeliest answers')
    .option('--json', 'print one JSON document on stdout; asks nothing')
    .addHelpText('after', '\nExample:\n  sulcus init my-data && sulcus check my-data/study.yaml\n\nExit code 3: the file is written, but a person has to fill something in.')
    .action(action(init));
}

async function init(run: Run, dir: string, options: Options): Promise<number> {
  try {
    return await write(run, dir, options);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    run.console.note('interrupted; nothing was written');
    return EXIT.interrupted;
  }
}

async function write({ console, json, interrupted }: Run, dir: string, options: Options): Promise<number> {
  const directory = resolve(dir), file = resolve(options.out ?? `${directory}/study.yaml`);
  if (options.out !== undefined && dirname(file) !== directory) console.note(`paths in a study file are relative to it: move ${file} into ${directory} before it is used`);
  const asked: string[] = [];
  const ask = !json && options.yes !== true && process.stdin.isTTY && process.stderr.isTTY ? askPerson(interrupted) : answerAlone(asked);
  const { proposal, written, problems } = await initialise(directory, { file, force: options.force === true, name: options.name }, ask);
  const assumed = [...proposal.assumed, ...asked], errors = problems.filter((p) => p.severity === 'error');
  console.say(`found ${proposal.cohorts.map((c) => `${c.name}: ${c.ids.length} participants (${c.groups.join(', ')})`).join('; ')}`);
  for (const m of proposal.metrics) console.say(`  ${m.name}: ${m.template} (${m.subjects} subjects)`);
  for (const line of outsideLines(proposal.outside)) console.say(line);
  if (assumed.length > 0) console.say('assumed');
  for (const line of assumed) console.say(`  ${line}`);
  if (proposal.missing.length > 0) console.say('to fill in');
  for (const line of proposal.missing) console.say(`  ${line}`);
  // What is to be filled in is said above in better words than the file's reader has.
  if (proposal.missing.length === 0) for (const problem of errors) console.say(`error: ${formatProblem(problem)}`);
  for (const path of written) console.say(`written: ${path}`);
  console.say(`written: ${file}`);
  const complete = proposal.missing.length === 0 && errors.length === 0;
  console.say(complete ? `next: sulcus check ${options.out ?? `${dir.replace(/\/$/, '')}/study.yaml`}` : 'fill that in, then: sulcus check');
  console.answer({ file, written, complete, assumed, missing: proposal.missing, problems, outside: proposal.outside.folders, cohorts: proposal.cohorts.map((c) => ({ cohort: c.name, subjects: c.ids.length, groups: c.groups })), metrics: proposal.metrics });
  return complete ? EXIT.done : EXIT.review;
}

/** What the study file allows that it would not by itself. */
function outsideLines({ folders, files }: Outside): string[] {
  if (folders.length === 0) return [];
  return [
    `${files === 0 ? 'a folder is' : files === 1 ? '1 file is' : `${files} files are`} linked from outside of the folder; the study file allows links to lead to (outside:)`,
    ...folders.map((folder) => `  ${folder}`),
    '  and to nothing else. Take out what should not be read',
  ];
}

/** Without a person: the likeliest answer, and a line about it. */
function answerAlone(lines: string[]): Ask {
  return async (question, choices, likely) => {
    if (likely !== null) lines.push(`${question} ${likely}${choices.length > 1 ? ` (others: ${choices.filter((c) => c !== likely).slice(0, 8).join(', ')})` : ''}`);
    return likely;
  };
}

/** The person left, or their input ended. */
class NoAnswer extends Error {}

const askPerson = (interrupted: AbortSignal): Ask => async (question, choices, likely) => {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const gone = new Promise<never>((_, reject) => {
    const leave = (): void => reject(new NoAnswer());
    lines.once('close', leave).once('SIGINT', leave);
    interrupted.addEventListener('abort', leave, { once: true });
  });
  try {
    const menu = choices.map((c, i) => `  ${i + 1}  ${c}${c === likely ? '  (default)' : ''}`).join('\n');
    for (;;) {
      const answer = (await Promise.race([lines.question(`${question}\n${menu}\nnumber${likely === null ? '' : ' (Enter for the default)'}: `), gone])).trim();
      if (answer === '') { if (likely !== null) return likely; continue; }
      const choice = choices[Number(answer) - 1] ?? choices.find((c) => c.toLowerCase() === answer.toLowerCase());
      if (choice !== undefined) return choice;
    }
  } finally {
    gone.catch(() => undefined);
    lines.close();
  }
};
