/** Whether artifacts are encrypted: asked for by SULCUS_ENCRYPT_STORE=1, with the keys that encrypt payloads. */
import { SulcusError } from '../contracts/errors.js';
import type { ObjectStore } from '../storage/object-store.js';
import { encryptedObjects } from './encrypted-objects.js';
import { keysOf } from './key-source.js';

/** For `openStore`. Throws NO_KEYS when encryption is asked for without keys, and what `keysOf` throws. */
export function overObjects(env: NodeJS.ProcessEnv = process.env): (objects: ObjectStore) => ObjectStore {
  const keys = keysOf(env), encrypt = ['1', 'true'].includes(env['SULCUS_ENCRYPT_STORE'] ?? '');
  if (encrypt && keys === null) throw new SulcusError('NO_KEYS', 'SULCUS_ENCRYPT_STORE is set and no key is given', { remedy: 'set SULCUS_KEY_FILE or SULCUS_KEYS; make one with `sulcus keys new`' });
  return (objects) => encryptedObjects(objects, { keys, encrypt });
}
