/** AES-256-GCM (NIST SP 800-38D): a random IV of 12 bytes, the ciphertext, a tag of 16 bytes. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm', IV_BYTES = 12, TAG_BYTES = 16;

/** Bytes that encryption adds. */
export const SEAL_BYTES = IV_BYTES + TAG_BYTES;

const bytesOf = (context: string | Uint8Array): Uint8Array => (typeof context === 'string' ? Buffer.from(context) : context);

/** IV, ciphertext, tag. `context` is authenticated, not kept: `unseal` must be given the same. A key serves 2^32 messages. */
export function seal(key: Uint8Array, plain: Uint8Array, context: string | Uint8Array): Uint8Array {
  const iv = randomBytes(IV_BYTES), cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES }).setAAD(bytesOf(context));
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Null when the bytes are not what was sealed with this key and context, to the last bit. */
export function unseal(key: Uint8Array, sealed: Uint8Array, context: string | Uint8Array): Uint8Array | null {
  if (sealed.length < SEAL_BYTES) return null;
  const end = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES }).setAAD(bytesOf(context)).setAuthTag(sealed.subarray(end));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, end)), decipher.final()]);
  } catch {
    return null; // the tag does not fit
  }
}
