import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { SulcusError } from '../../contracts/errors.js';
import { pseudonymKey, pseudonymKeyFile, pseudonymKeyId } from '../../security/index.js';
import { action, type Run } from '../command.js';
import { EXIT, type Console } from '../console.js';
import { checkResults, exportBids } from '../export/index.js';
import { stateOfResults } from '../state.js';

interface Options {
  bids: string;
  state?: string;
  keyTable?: string;
  identifiers?: boolean;
}

export function registerExport(program: Command): void {
  program.command('export')
    .description('write a results folder in the layout of others, participants under pseudonyms; needs no server')
    .argument('<results>', 'results folder')
    .requiredOption('--bids <dir>', 'a BIDS derivative: dataset_description.json, indices by subject, parcellations (new folder, or an earlier export)')
    .option('--state <dir>', 'the state folder whose key makes the pseudonyms (default: $SULCUS_STATE, else .sulcus beside the results or in the working directory)')
    .option('--key-table <file>', 'write who is who, for the laboratory alone: cohort, participant, pseudonym, name in logs')
    .option('--identifiers', 'name participants by their identifiers instead of pseudonyms')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExamples:\n  sulcus export results --bids derivatives/sulcus\n  sulcus export results --bids derivatives/sulcus --key-table private/who-is-who.tsv')
    .action(action(exportCommand));
}

async function exportCommand({ console }: Run, folder: string, options: Options): Promise<number> {
  if (options.identifiers && (options.keyTable ?? options.state) !== undefined) {
    throw new SulcusError('BAD_OPTION', `--identifiers and ${options.keyTable !== undefined ? '--key-table' : '--state'} do not go together: there are no pseudonyms then`, { remedy: 'leave one of them out' });
  }
  const results = resolve(folder), out = resolve(options.bids), table = options.keyTable === undefined ? null : resolve(options.keyTable);
  checkResults(results);
  const key = options.identifiers ? null : keyOf(stateOfResults(results, options.state));
  const files = await exportBids(results, out, key?.bytes ?? null, table);
  console.say(`${files} files of a BIDS derivative: ${out}`);
  tellNames(console, key, table);
  console.answer({ out, files, participants: key === null ? 'identifiers' : 'pseudonyms', key: key === null ? null : { id: key.id, file: key.file, made: key.made }, keyTable: table });
  return EXIT.done;
}

interface Key {
  bytes: Uint8Array;
  id: string;
  file: string;
  /** There was none before. */
  made: boolean;
}

function keyOf(state: string): Key {
  const file = pseudonymKeyFile(state), made = !existsSync(file), bytes = pseudonymKey(state);
  return { bytes, id: pseudonymKeyId(bytes), file, made };
}

function tellNames(console: Console, key: Key | null, table: string | null): void {
  if (key === null) {
    console.say('participants are named by their identifiers: for the laboratory\'s own use');
    return;
  }
  console.say(`participants are named by pseudonyms under key ${key.id}${key.made ? ', made now' : ''}: ${key.file}`);
  console.say(table === null ? 'who is who: the same command with --key-table FILE writes it' : `who is who, for the laboratory alone: ${table}`);
}
