/** Protection of clinical data: keys, encryption of payloads, pseudonyms, the codec server. */
export { admitKeys, type Admission } from './admission.js';
export { createCodecServer, type AuditLine, type CodecServerOptions } from './codec-server.js';
export { encryptedObjects } from './encrypted-objects.js';
export { overObjects } from './store-encryption.js';
export { dataConverterOf } from './data-converter.js';
export { identityWith, refuseStranger } from './identity.js';
export { encodingFailures } from './failure-mode.js';
export { deriveKey, KeyRing, newKeyText, parseKeys, type Key } from './keys.js';
export { keysOf, keyFileText, readKeyFile } from './key-source.js';
export { EncryptionCodec, isEncrypted } from './payload-codec.js';
