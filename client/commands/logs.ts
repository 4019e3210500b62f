import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { formatLogLine } from '../../contracts/log-line.js';
import { SulcusError } from '../../contracts/errors.js';
import { action, type Run } from '../command.js';
import { EXIT } from '../console.js';
import { followLogs, readLogs, type ReadLine, type Wanted } from '../logs/index.js';
import { existingState } from '../state.js';

const LEVELS = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 } as const;

interface Options {
  follow?: boolean;
  level: number;
  run?: string;
  lines?: number;
}

export function registerLogs(program: Command): void {
  program.command('logs')
    .description('what workers wrote about a study: the lines of all of them, by time; needs no server')
    .argument('[id]', 'workflow id of a study; every study and the workers themselves when left out')
    .option('--follow', 'go on with what is written from now on, until Ctrl-C')
    .addOption(new Option('--level <level>', 'from which level on: debug, info, warn, error').argParser(level).default(LEVELS.info, 'info'))
    .option('--run <id>', 'one run only (its id, or the beginning of it)')
    .option('--json', 'print the lines as they were written: one JSON document a line')
    .addHelpText('after', '\nParticipants are not named in the logs. Times are UTC.\n\nExamples:\n  sulcus logs acc-trs --level warn\n  sulcus logs acc-trs --follow')
    .action(action(logs));
}

async function logs({ json, interrupted, console }: Run, id: string | undefined, options: Options): Promise<number> {
  const folder = join(existingState(), 'logs');
  const wanted: Wanted = { study: id ?? null, level: options.level, run: options.run ?? null };
  const { lines, ends } = await readLogs(folder, wanted);
  const show = json ? ({ text }: ReadLine): void => write(text) : byDay(write);
  for (const line of lines) show(line);
  if (lines.length === 0) console.note(id === undefined ? `no worker has written a line of this level in ${folder}` : `no worker has written about ${id} in ${folder}${options.level > LEVELS.info ? ' at this level' : ''}`);
  if (options.follow === true) {
    await followLogs(folder, wanted, ends, show, interrupted);
    return EXIT.interrupted;
  }
  return EXIT.done;
}

/** Lines say the time of day: the day has a line of its own whenever it changes. */
function byDay(print: (text: string) => void): (line: ReadLine) => void {
  let day = '';
  return ({ line }) => {
    const date = new Date(line.time).toISOString().slice(0, 10);
    if (date !== day) print(`${date} (UTC)`);
    day = date;
    print(formatLogLine(line));
  };
}

function write(text: string): void {
  process.stdout.write(`${text}\n`);
}

function level(text: string): number {
  const value = (LEVELS as Record<string, number>)[text.toLowerCase()];
  if (value === undefined) throw new SulcusError('BAD_OPTION', `--level "${text}" is none of ${Object.keys(LEVELS).join(', ')}`);
  return value;
}
