/**
 * Keys: 32 random bytes each, the first of several the active one. From each, HKDF (RFC 5869, SHA-256) derives one key a purpose, so that what is
 * encrypted for one can never be read as the other; and an id, which names the key without telling anything of it.
 */
import { hkdfSync, randomBytes } from 'node:crypto';
import { SulcusError } from '../contracts/errors.js';

const KEY_BYTES = 32;

export interface Key {
  /** 12 hexadecimal digits, derived from the key itself: two keys of one id are the same key. Not secret. */
  id: string;
  /** For payloads in Temporal. AES-256. */
  payload: Uint8Array;
  /** For what lies in the store. AES-256. */
  artifact: Uint8Array;
}

/** The keys of a process. What it encrypts is encrypted with the active one; it decrypts with any. Never prints a key. */
export class KeyRing {
  readonly #keys: readonly Key[];

  /** `keys`: the active one first. */
  constructor(keys: readonly [Key, ...Key[]]) {
    this.#keys = keys;
  }

  get active(): Key {
    return this.#keys[0] as Key;
  }

  /** The active one first. */
  get ids(): string[] {
    return this.#keys.map(({ id }) => id);
  }

  find(id: string): Key | null {
    return this.#keys.find((key) => key.id === id) ?? null;
  }

  toJSON(): string[] {
    return this.ids;
  }
}

/** A fresh key as it stands in a key file: base64 of 32 bytes from the system's random source. */
export function newKeyText(): string {
  return randomBytes(KEY_BYTES).toString('base64');
}

/**
 * Keys from text: base64, apart by blanks, line ends or commas; `#` begins a comment. `where` says in messages where the text was found; what
 * is wrong with a key is said by its place, never by its text. Throws BAD_KEY.
 */
export function parseKeys(text: string, where: string): KeyRing {
  const words = text.split('\n').flatMap((line, i) => (line.split('#')[0] ?? '').split(/[\s,]+/).filter((word) => word !== '').map((word) => ({ word, line: i + 1 })));
  const keys = words.map(({ word, line }, i) => {
    const bytes = /^[A-Za-z0-9+/]{43}=$/.test(word) ? Buffer.from(word, 'base64') : null;
    if (bytes === null || bytes.length !== KEY_BYTES) {
      throw new SulcusError('BAD_KEY', `key ${i + 1} of ${where} (line ${line}) is not base64 of ${KEY_BYTES} bytes`, { remedy: 'make one with `sulcus keys new`' });
    }
    return deriveKey(bytes);
  });
  const [first, ...others] = keys.filter((key, i) => keys.findIndex(({ id }) => id === key.id) === i);
  if (first === undefined) throw new SulcusError('BAD_KEY', `${where} holds no key`, { remedy: 'make one with `sulcus keys new`' });
  return new KeyRing([first, ...others]);
}

/** `secret`: 32 bytes. */
function deriveKey(secret: Uint8Array): Key {
  const derive = (purpose: string, length: number): Uint8Array => new Uint8Array(hkdfSync('sha256', secret, 'sulcus/1', purpose, length));
  return { id: Buffer.from(derive('id', 6)).toString('hex'), payload: derive('payload', 32), artifact: derive('artifact', 32) };
}
