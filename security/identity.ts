/** A worker's identity says which keys it has, by their ids, so that a command can see that it would not be understood before it launches anything. */
import { SulcusError } from '../contracts/errors.js';
import type { KeyRing } from './keys.js';

const KEYS = / keys ([0-9a-f]{12}(?:,[0-9a-f]{12})*)$/;

/** `base`: process and machine, as Temporal's own identities. */
export function identityWith(base: string, keys: KeyRing | null): string {
  return keys === null ? base : `${base} keys ${keys.ids.join(',')}`;
}

/** Throws KEYS_DIFFER when a worker could not read what `keys` encrypt, or the other way round. */
export function refuseStranger(identity: string, keys: KeyRing | null): void {
  const theirs = KEYS.exec(identity)?.[1]?.split(',') ?? [], ours = keys?.ids ?? [];
  const understood = (active: string | undefined, known: string[]): boolean => (active === undefined ? known.length === 0 : known.includes(active));
  if (understood(ours[0], theirs) && understood(theirs[0], ours)) return;
  const have = (ids: string[]): string => (ids.length === 0 ? 'no keys' : `key ${ids.join(', ')}`);
  throw new SulcusError('KEYS_DIFFER', `a worker at work there (${identity.replace(KEYS, '')}) has ${have(theirs)}, this command has ${have(ours)}: they would not understand each other`, {
    remedy: 'give both the same SULCUS_KEY_FILE or SULCUS_KEYS; a worker that has ended is forgotten after a minute and a half',
  });
}
