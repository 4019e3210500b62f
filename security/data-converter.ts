/** What a client or worker of Temporal is given so that nothing leaves it in the clear. */
import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import type { SulcusError } from '../contracts/errors.js';
import type { KeyRing } from './keys.js';
import { EncryptionCodec } from './payload-codec.js';

/** Empty without keys. `tell` hears of payloads that cannot be decrypted. */
export function dataConverterOf(keys: KeyRing | null, tell?: (error: SulcusError) => void): DataConverter {
  if (keys === null) return {};
  return { payloadCodecs: [new EncryptionCodec(keys, tell)], failureConverterPath: fileURLToPath(new URL('./failure-converter.cjs', import.meta.url)) };
}
