/**
 * Artifacts encrypted at rest: a layer over a folder or a bucket. An object is a line that names its key, then two sealed parts: the first 4 KiB of what
 * was written (an artifact's header is in them, and is read without the rest), and the rest. Both are bound to the object's name and to each other's
 * presence: an object put in another's place, or cut, is damaged.
 *
 * Names stay as they are: SHA-256 digests of a step's inputs and parameters, by which equal work is found again, whichever key is active. Whoever
 * reads the names can confirm a guess of everything a step was made from, and sees kinds, sizes and times.
 */
import { DamagedError } from '../contracts/damage.js';
import { SulcusError } from '../contracts/errors.js';
import type { ObjectStore, WriteOptions } from '../storage/object-store.js';
import { seal, SEAL_BYTES, unseal } from './cipher.js';
import type { KeyRing } from './keys.js';

const MAGIC = 'sulcus/sealed/1 ';
const KEY_ID_LENGTH = 12, LINE = MAGIC.length + KEY_ID_LENGTH + 1;
/** Plain bytes of the first part. */
const FIRST = 4096;

export interface EncryptedOptions {
  /** Null: what is sealed is refused, not taken for damaged. */
  keys: KeyRing | null;
  /** False: what is written stays plain; what is sealed is read all the same. */
  encrypt: boolean;
}

/** What was written plain is read as it is. Reading throws KEY_UNKNOWN when an object is sealed with a key that is not there. */
export function encryptedObjects(objects: ObjectStore, { keys, encrypt }: EncryptedOptions): ObjectStore {
  const sealed = (name: string, parts: readonly Uint8Array[]): readonly Uint8Array[] => (keys === null || !encrypt ? parts : sealObject(keys, name, parts));
  const opened = (name: string, bytes: Uint8Array | null): Uint8Array | null => (bytes === null || !isSealed(bytes) ? bytes : openObject(keys, name, bytes));
  return {
    location: objects.location,
    read: async (name) => opened(name, await objects.read(name)),
    async readStart(name, length) {
      if (length > FIRST) return opened(name, await objects.read(name));
      const start = await objects.readStart(name, Math.max(length, LINE + FIRST + SEAL_BYTES));
      if (start === null || !isSealed(start)) return start;
      return openFirst(keys, name, start).first;
    },
    create: (name, parts) => objects.create(name, sealed(name, parts)),
    replace: (name, parts, options?: WriteOptions) => objects.replace(name, sealed(name, parts), options),
    setAside: (name) => objects.setAside(name),
    remove: (name) => objects.remove(name),
    list: (folder) => objects.list(folder),
    leftovers: () => objects.leftovers(),
  };
}

const contextOf = (name: string, id: string, part: 'whole' | 'first' | 'rest'): string => `${MAGIC}${id} ${part} ${name}`;

/** What fits into the first part is whole; else a first part says that a rest follows. */
function sealObject({ active: { id, artifact } }: KeyRing, name: string, parts: readonly Uint8Array[]): Uint8Array[] {
  const plain = Buffer.concat(parts), line = Buffer.from(`${MAGIC}${id}\n`);
  if (plain.length < FIRST) return [line, seal(artifact, plain, contextOf(name, id, 'whole'))];
  return [line, seal(artifact, plain.subarray(0, FIRST), contextOf(name, id, 'first')), seal(artifact, plain.subarray(FIRST), contextOf(name, id, 'rest'))];
}

function isSealed(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, MAGIC.length)).toString('latin1') === MAGIC;
}

function keyOf(keys: KeyRing | null, bytes: Uint8Array): { id: string; key: Uint8Array } {
  const id = Buffer.from(bytes.subarray(MAGIC.length, LINE - 1)).toString('latin1'), key = keys?.find(id) ?? null;
  if (!/^[0-9a-f]{12}$/.test(id) || bytes[LINE - 1] !== 10) throw new DamagedError('its first line is not whole');
  if (key === null) throw new SulcusError('KEY_UNKNOWN', `an artifact is encrypted with key ${id}, which is not among the keys here (${keys?.ids.join(', ') ?? 'none'})`, { remedy: 'add that key to SULCUS_KEY_FILE or SULCUS_KEYS' });
  return { id, key: key.artifact };
}

/** `bytes`: the object, or its beginning up to the end of the first part. */
function openFirst(keys: KeyRing | null, name: string, bytes: Uint8Array): { first: Uint8Array; rest: boolean; id: string; key: Uint8Array } {
  const { id, key } = keyOf(keys, bytes), rest = bytes.length >= LINE + FIRST + SEAL_BYTES;
  const first = unseal(key, bytes.subarray(LINE, LINE + FIRST + SEAL_BYTES), contextOf(name, id, rest ? 'first' : 'whole'));
  if (first === null) throw new DamagedError('it was changed after it was encrypted');
  return { first, rest, id, key };
}

function openObject(keys: KeyRing | null, name: string, bytes: Uint8Array): Uint8Array {
  const { first, rest, id, key } = openFirst(keys, name, bytes);
  if (!rest) return first;
  const end = unseal(key, bytes.subarray(LINE + FIRST + SEAL_BYTES), contextOf(name, id, 'rest'));
  if (end === null) throw new DamagedError('it was changed after it was encrypted');
  return Buffer.concat([first, end]);
}
