/**
 * Everything that sulcus gives to Temporal as a payload (inputs, results, memos, summaries, details, heartbeats, failures), encrypted before it
 * leaves the process. A payload says which key it was encrypted with and is bound to that id and to this format, not to its place in a history:
 * the UI asks the codec server to decode it without saying where it stood.
 */
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { SulcusError } from '../contracts/errors.js';
import { seal, unseal } from './cipher.js';
import type { KeyRing } from './keys.js';

/** As in Temporal's samples, so that its UI and command line know what it is. */
const ENCODING = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';
const CIPHER = 'encryption-cipher', CIPHER_NAME = 'AES-256-GCM';

const { Payload: Wire } = proto.temporal.api.common.v1;
const text = (bytes: Uint8Array | null | undefined): string => (bytes == null ? '' : Buffer.from(bytes).toString('utf8'));
const contextOf = (keyId: string): string => `sulcus/payload/1 ${keyId}`;

export class EncryptionCodec implements PayloadCodec {
  /** `tell` hears of every payload that cannot be decrypted, before `decode` throws. */
  constructor(private readonly keys: KeyRing, private readonly tell: (error: SulcusError) => void = () => undefined) {}

  encode(payloads: Payload[]): Promise<Payload[]> {
    const { id, payload: key } = this.keys.active;
    return Promise.resolve(payloads.map((payload) => ({
      metadata: { encoding: Buffer.from(ENCODING), [KEY_ID]: Buffer.from(id), [CIPHER]: Buffer.from(CIPHER_NAME) },
      data: seal(key, Wire.encode(payload).finish(), contextOf(id)),
    })));
  }

  /** What was never encrypted passes: it is from before there were keys. Throws KEY_UNKNOWN, PAYLOAD_DAMAGED. */
  async decode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => (isEncrypted(payload) ? this.open(payload) : payload));
  }

  private open({ metadata, data }: Payload): Payload {
    const id = text(metadata?.[KEY_ID]), key = this.keys.find(id);
    if (key === null) throw this.told(new SulcusError('KEY_UNKNOWN', `a payload is encrypted with key ${printable(id)}, which is not among the keys here (${this.keys.ids.join(', ')})`, { remedy: 'add that key to SULCUS_KEY_FILE or SULCUS_KEYS' }));
    const plain = unseal(key.payload, data ?? new Uint8Array(), contextOf(id));
    if (plain === null) throw this.told(new SulcusError('PAYLOAD_DAMAGED', `a payload of key ${id} was changed after it was encrypted`, { remedy: 'look for who else writes to the Temporal server' }));
    return Wire.decode(plain);
  }

  private told(error: SulcusError): SulcusError {
    this.tell(error);
    return error;
  }
}

export function isEncrypted({ metadata }: Payload): boolean {
  return text(metadata?.['encoding']) === ENCODING;
}

/** A key id of a payload is anybody's text. */
const printable = (id: string): string => (/^[\w.:-]{1,64}$/.test(id) ? id : '(unreadable)');
