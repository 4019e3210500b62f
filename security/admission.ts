/**
 * A state folder remembers that it was worked on with encryption, and with which keys: going on without them would mix readable payloads among
 * the encrypted ones, and leave workers trying for ever to read what they cannot.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SulcusError } from '../contracts/errors.js';
import type { KeyRing } from './keys.js';

const FORMAT = 'sulcus/encryption/1';

interface Record {
  format: typeof FORMAT;
  /** Ids of the keys that were ever active here. */
  keys: string[];
}

/** What was found out about a folder: `begins`: from now on it is encrypted; `rotated`: from now on with another key. */
export type Admission = 'plain' | 'encrypted' | 'begins' | 'rotated';

/** Notes the active key in the folder. Throws ENCRYPTION_REQUIRED, KEY_MISSING, BAD_STATE. */
export function admitKeys(state: string, keys: KeyRing | null): Admission {
  const file = join(state, 'encryption.json'), known = read(file);
  if (keys === null) {
    if (known.length === 0) return 'plain';
    throw new SulcusError('ENCRYPTION_REQUIRED', `${state} was begun with encryption (key ${known.join(', ')}) and no key is given`, { file, remedy: 'set SULCUS_KEY_FILE or SULCUS_KEYS' });
  }
  const missing = known.filter((id) => keys.find(id) === null);
  if (missing.length > 0) {
    throw new SulcusError('KEY_MISSING', `${state} holds what was encrypted with key ${missing.join(', ')}, which is not among the keys given (${keys.ids.join(', ')})`, { file, remedy: 'add it to SULCUS_KEY_FILE or SULCUS_KEYS, after the active key' });
  }
  if (known.includes(keys.active.id)) return 'encrypted';
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, `${JSON.stringify({ format: FORMAT, keys: [...known, keys.active.id] } satisfies Record)}\n`, { mode: 0o600 });
  renameSync(aside, file);
  return known.length === 0 ? 'begins' : 'rotated';
}

function read(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  try {
    const { format, keys } = JSON.parse(text) as Partial<Record>;
    if (format === FORMAT && Array.isArray(keys)) return keys;
  } catch {
    // said below
  }
  throw new SulcusError('BAD_STATE', `${file} cannot be understood: whether this folder is encrypted is not known`, { file, remedy: 'restore it from a backup, or choose another state folder' });
}
