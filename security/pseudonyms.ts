/**
 * Pseudonyms of participants under a random key of the state folder: in logs, and in what is exported. HMAC-SHA-256 (RFC 2104), so that
 * whoever has the list of identifiers, but not the key, cannot find out who is who by trying them.
 */
import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { SulcusError } from '../contracts/errors.js';

const KEY_BYTES = 32;
/** 64 bits: the chance that any two of 50,000 participants have the same is 7e-11. */
const DIGITS = 16;

export interface Participant {
  cohort: string;
  id: string;
}

export const pseudonymKeyFile = (state: string): string => join(state, 'pseudonym-key');

/** The key of a state folder's pseudonyms, made when there is none; every process of the folder reads the same. Throws BAD_PSEUDONYM_KEY. */
export function pseudonymKey(state: string): Uint8Array {
  const file = pseudonymKeyFile(state);
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const found = readKey(file);
  if (found !== null) return found;
  const aside = `${file}.${randomBytes(6).toString('hex')}`; // not the pid: containers that share a folder have the same
  try {
    writeSynced(aside, randomBytes(KEY_BYTES));
    linkSync(aside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another process was first: its key counts
  } finally {
    rmSync(aside, { force: true });
  }
  return readFileSync(file);
}

/** Null when there is none. A key that is cut short would be easy to guess, or make other pseudonyms than before. */
function readKey(file: string): Uint8Array | null {
  let key: Uint8Array;
  try {
    key = readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  if (key.length === KEY_BYTES) return key;
  throw new SulcusError('BAD_PSEUDONYM_KEY', `${file} holds ${key.length} bytes, not the ${KEY_BYTES} of a key of pseudonyms`, { file, remedy: 'put back a copy of it; without one delete it: a new key is made, and names everybody anew' });
}

function writeSynced(file: string, bytes: Uint8Array): void {
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    writeSync(descriptor, bytes);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** 12 hexadecimal digits, derived from the key: two keys of one id are the same key. Not secret. */
export function pseudonymKeyId(key: Uint8Array): string {
  return Buffer.from(hkdfSync('sha256', key, 'sulcus/1', 'pseudonym-key id', 6)).toString('hex');
}

/** How logs name a participant. They do not know of which cohort an identifier is, and a line is no place for a long name: 32 bits. */
export function logPseudonym(key: Uint8Array, id: string): string {
  return `<subject ${createHmac('sha256', key).update(id).digest('hex').slice(0, 8)}>`;
}

/** How exports name a participant: the first 16 hexadecimal digits of the HMAC of cohort, NUL and identifier. */
export function participantPseudonym(key: Uint8Array, { cohort, id }: Participant, digits = DIGITS): string {
  return createHmac('sha256', key).update(`${cohort}\0${id}`).digest('hex').slice(0, digits);
}

/** Pseudonyms of participants who are all different, in their order. Throws PSEUDONYM_COLLISION when two would have the same. */
export function participantPseudonyms(key: Uint8Array, people: readonly Participant[], digits = DIGITS): string[] {
  const names = people.map((person) => participantPseudonym(key, person, digits));
  if (new Set(names).size < names.length) {
    throw new SulcusError('PSEUDONYM_COLLISION', `two of ${people.length} participants would have the same pseudonym of ${digits} digits under key ${pseudonymKeyId(key)}`, { remedy: 'use another state folder, which has another key' });
  }
  return names;
}
