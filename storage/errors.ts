/** What can be wrong with a store. The message names the object, never a path: failures travel to Temporal's history. */
import { SulcusError } from '../contracts/errors.js';

/**
 * - STORE_FULL: no space or quota left. Tried again: somebody may free space.
 * - STORE_UNAVAILABLE: the disk or the bucket does not answer, after retries. Tried again.
 * - STORE_DENIED, STORE_READ_ONLY: it may not be written or read by this user.
 * - STORE_MISSING: there is no such bucket.
 * - STORE_REFUSED: the bucket does not accept a request.
 * - STORE_DAMAGED: a document that cannot be computed again is damaged.
 * - BAD_STORE: the address of a store makes no sense.
 */
export type StoreErrorCode = 'STORE_FULL' | 'STORE_UNAVAILABLE' | 'STORE_DENIED' | 'STORE_READ_ONLY' | 'STORE_MISSING' | 'STORE_REFUSED' | 'STORE_DAMAGED' | 'BAD_STORE';

export class StoreError extends SulcusError {
  constructor(code: StoreErrorCode, message: string, options: { remedy: string; cause?: unknown }) {
    super(code, message, options);
  }
}

const REMEDIES = {
  STORE_FULL: 'free space or have the quota raised; what is finished is kept, and `sulcus gc` deletes what no run needs any more',
  STORE_DENIED: 'make the store readable and writable for the user who runs the worker',
  STORE_READ_ONLY: 'mount the file system of the store for writing, or set SULCUS_STATE to a folder on another',
  STORE_UNAVAILABLE: 'look at the system log and the network: the disk or the file server of the store fails',
} as const;

const WORDS = { STORE_FULL: 'has no space left', STORE_DENIED: 'may not be used', STORE_READ_ONLY: 'is read-only', STORE_UNAVAILABLE: 'does not answer' } as const;

const CODES: Record<string, keyof typeof REMEDIES> = {
  ENOSPC: 'STORE_FULL', EDQUOT: 'STORE_FULL', EFBIG: 'STORE_FULL', EACCES: 'STORE_DENIED', EPERM: 'STORE_DENIED', EROFS: 'STORE_READ_ONLY',
  EIO: 'STORE_UNAVAILABLE', ESTALE: 'STORE_UNAVAILABLE', ETIMEDOUT: 'STORE_UNAVAILABLE', ENOTCONN: 'STORE_UNAVAILABLE', EHOSTDOWN: 'STORE_UNAVAILABLE',
};

/** What a system call said about an object, in the words above; errors of other kinds stay as they are. `doing`: `writing`, `reading`, ... */
export function diskError(error: unknown, doing: string, name: string): unknown {
  const system = (error as NodeJS.ErrnoException | null)?.code ?? '';
  const code = CODES[system];
  return code === undefined ? error : new StoreError(code, `the artifact store ${WORDS[code]} (${system}, ${doing} ${shortName(name)})`, { remedy: REMEDIES[code], cause: error });
}

/** `artifacts/fit/ab/ab12...` as `artifacts/fit/ab/ab12ab12ab12`: enough to find it. */
export function shortName(name: string): string {
  return name.replace(/[0-9a-f]{64}/g, (key) => key.slice(0, 12));
}
