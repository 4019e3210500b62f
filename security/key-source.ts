/** Where a process finds its keys: SULCUS_KEY_FILE names a file that only its owner may read; SULCUS_KEYS holds them, where secrets come as variables. */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { SulcusError } from '../contracts/errors.js';
import { parseKeys, type KeyRing } from './keys.js';

/** Null: nothing is to be encrypted. Throws KEYS_TWICE, KEY_FILE_MISSING, KEY_FILE_OPEN, BAD_KEY. */
export function keysOf(env: NodeJS.ProcessEnv = process.env): KeyRing | null {
  const file = env['SULCUS_KEY_FILE'] ?? '', text = env['SULCUS_KEYS'] ?? '';
  if (file !== '' && text !== '') throw new SulcusError('KEYS_TWICE', 'SULCUS_KEY_FILE and SULCUS_KEYS are both set', { remedy: 'unset one of them' });
  if (file !== '') return readKeyFile(resolve(file));
  return text === '' ? null : parseKeys(text, 'SULCUS_KEYS');
}

/** Throws KEY_FILE_MISSING, KEY_FILE_OPEN, BAD_KEY. */
export function readKeyFile(file: string): KeyRing {
  return parseKeys(keyFileText(file), file);
}

/** The text of a key file, if nobody but its owner may read it. Throws KEY_FILE_MISSING, KEY_FILE_OPEN. */
export function keyFileText(file: string): string {
  try {
    const { mode } = statSync(file);
    if ((mode & 0o077) !== 0) {
      throw new SulcusError('KEY_FILE_OPEN', `the key file ${file} may be read by others (mode ${(mode & 0o777).toString(8).padStart(4, '0')})`, { file, remedy: `chmod 600 ${file}` });
    }
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof SulcusError) throw cause;
    const why = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new SulcusError('KEY_FILE_MISSING', `the key file ${file} cannot be read (${why})`, { file, remedy: 'correct SULCUS_KEY_FILE, or make a key with `sulcus keys new`', cause });
  }
}
