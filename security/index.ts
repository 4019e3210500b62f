/** Protection of clinical data: keys, encryption of payloads and of what lies in the store, the codec server, pseudonyms. */
export { admitKeys, type Admission } from './admission.js';
export { createCodecServer, type AuditLine, type CodecServerOptions } from './codec-server.js';
export { encryptedObjects } from './encrypted-objects.js';
export { overObjects } from './store-encryption.js';
export { dataConverterOf } from './data-converter.js';
export { identityWith, refuseStranger } from './identity.js';
export { encodingFailures } from './failure-mode.js';
export { KeyRing, newKeyText, parseKeys } from './keys.js';
export { keysOf, keyFileText, readKeyFile } from './key-source.js';
export { EncryptionCodec, isEncrypted } from './payload-codec.js';
export { logPseudonym, participantPseudonym, participantPseudonyms, pseudonymKey, pseudonymKeyFile, pseudonymKeyId, type Participant } from './pseudonyms.js';
