/** Keys that encrypt what Temporal keeps: making them, listing their ids, changing to a new one. */
import { linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { SulcusError } from '../../contracts/errors.js';
import { keyFileText, newKeyText, parseKeys, readKeyFile } from '../../security/index.js';
import { action, type Run } from '../command.js';
import { EXIT } from '../console.js';

export function registerKeys(program: Command): void {
  const keys = program.command('keys').description('make and change the keys that encrypt what Temporal keeps of a study').helpCommand(false)
    .addHelpText('after', '\nExample:\n  sulcus keys new ~/sulcus.keys\n  export SULCUS_KEY_FILE=~/sulcus.keys');
  const sub = (name: string, description: string): Command => keys.command(`${name} [file]`).description(`${description} (default: $SULCUS_KEY_FILE, else ~/.config/sulcus/keys)`)
    .option('--json', 'print one JSON document on stdout').addHelpText('after', `\nExample:\n  sulcus keys ${name} ~/sulcus.keys`).exitOverride();
  sub('new', 'make a key file').action(action(newFile));
  sub('list', 'show the ids of the keys, the active one first').action(action(list));
  sub('rotate', 'put a new key before the others: it encrypts from now on, all of them decrypt').action(action(rotate));
}

function fileOf(named: string | undefined): string {
  const set = process.env['SULCUS_KEY_FILE'] ?? '';
  return resolve(named ?? (set === '' ? join(homedir(), '.config', 'sulcus', 'keys') : set));
}

const line = (at: Date): string => `${newKeyText()}  # made ${at.toISOString().slice(0, 10)}\n`;

async function newFile({ console }: Run, named: string | undefined): Promise<number> {
  const file = fileOf(named);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const aside = writeAside(file, `# Keys of sulcus, the active one first. Whoever has this file can read the studies; without it nobody can. Keep a copy elsewhere.\n${line(new Date())}`);
  try {
    linkSync(aside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new SulcusError('KEY_FILE_EXISTS', `${file} exists already`, { file, remedy: 'a further key: `sulcus keys rotate`; a file of its own: name another' });
  } finally {
    rmSync(aside, { force: true });
  }
  const [active] = readKeyFile(file).ids;
  console.say(`key ${active} is in ${file}, for you alone to read. Keep a copy in a safe place: what is encrypted with a lost key is lost.\nUse it with: export SULCUS_KEY_FILE=${file}`);
  console.answer({ file, active, keys: [active] });
  return EXIT.done;
}

async function list({ console }: Run, named: string | undefined): Promise<number> {
  const file = fileOf(named), { ids } = readKeyFile(file);
  console.say(ids.map((id, i) => `${id}  ${i === 0 ? 'encrypts and decrypts' : 'decrypts'}`).join('\n'));
  console.answer({ file, active: ids[0], keys: ids });
  return EXIT.done;
}

async function rotate({ console }: Run, named: string | undefined): Promise<number> {
  const file = fileOf(named), text = keyFileText(file);
  const fresh = line(new Date()), first = text.split('\n').findIndex((row) => !/^\s*(#|$)/.test(row)), rows = text.split('\n');
  const changed = [...rows.slice(0, first), fresh.trimEnd(), ...rows.slice(first)].join('\n');
  const { ids: before } = parseKeys(text, file), { ids } = parseKeys(changed, file);
  renameSync(writeAside(file, changed), file);
  console.say(`key ${ids[0]} encrypts from now on; ${before.join(', ')} still ${before.length === 1 ? 'decrypts' : 'decrypt'}. Give the file to every worker and codec server before the first command uses it.`);
  console.answer({ file, active: ids[0], keys: ids });
  return EXIT.done;
}

function writeAside(file: string, text: string): string {
  const aside = `${file}.${process.pid}.new`;
  writeFileSync(aside, text, { mode: 0o600, flag: 'wx' });
  return aside;
}
