/** Payloads through the codec: what goes in comes out, what was changed does not, and nothing of it can be read on the way. */
import { inspect } from 'node:util';
import { createRequire } from 'node:module';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import type { FailureConverter } from '@temporalio/common';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EncryptionCodec, isEncrypted, newKeyText, parseKeys } from '../../../security/index.js';
import { seal, SEAL_BYTES, unseal } from '../../../security/cipher.js';

const A = newKeyText(), B = newKeyText();
const ring = (...keys: string[]) => parseKeys(keys.join('\n'), 'test');
const codec = new EncryptionCodec(ring(A));
const payload = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);
const value = (p: Payload | undefined) => defaultPayloadConverter.fromPayload<unknown>(p ?? {});
const bytes = (p: Payload): Buffer => Buffer.concat([...Object.values(p.metadata ?? {}), p.data ?? new Uint8Array()].map((one) => Buffer.from(one)));
const first = async (encoder: EncryptionCodec, v: unknown): Promise<Payload> => (await encoder.encode([payload(v)]))[0] as Payload;

describe('a payload', () => {
  it('comes back as it was, whatever it is', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 4 }), async (values) => {
      const sealed = await codec.encode(values.map(payload));
      expect((await codec.decode(sealed)).map(value)).toEqual(values.map((v) => JSON.parse(JSON.stringify(v)) as unknown));
    }), { numRuns: 60 });
    const binary: Payload = { metadata: { encoding: Buffer.from('binary/plain'), messageType: Buffer.from('x') }, data: Buffer.from([0, 255, 1]) };
    const [back] = await codec.decode(await codec.encode([binary, { metadata: { encoding: Buffer.from('binary/null') } }]));
    expect([...(back?.data ?? [])]).toEqual([0, 255, 1]);
    expect(Object.keys(back?.metadata ?? {})).toEqual(['encoding', 'messageType']);
  });

  it('says which key, and nothing else; twice the same is never the same', async () => {
    const one = await first(codec, { subject: 'sub-TKY001', group: 'TRS', value: 2.7182818 }), two = await first(codec, { subject: 'sub-TKY001', group: 'TRS', value: 2.7182818 });
    expect(isEncrypted(one)).toBe(true);
    expect(Object.fromEntries(Object.entries(one.metadata ?? {}).map(([k, v]) => [k, Buffer.from(v).toString()]))).toEqual({ encoding: 'binary/encrypted', 'encryption-key-id': ring(A).active.id, 'encryption-cipher': 'AES-256-GCM' });
    for (const word of ['sub-TKY001', 'TRS', '2.718', 'json']) expect(bytes(one).includes(word)).toBe(false);
    expect(Buffer.from(one.data ?? []).equals(Buffer.from(two.data ?? []))).toBe(false);
    expect(Buffer.from(one.data ?? []).subarray(0, 12).equals(Buffer.from(two.data ?? []).subarray(0, 12))).toBe(false);
  });

  it('is refused when one bit of it, or its key id, was changed', async () => {
    const sealed = await first(codec, { rank: 4 }), data = Buffer.from(sealed.data ?? []);
    for (let bit = 0; bit < data.length * 8; bit++) {
      const changed = Buffer.from(data);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      await expect(codec.decode([{ ...sealed, data: changed }])).rejects.toMatchObject({ code: 'PAYLOAD_DAMAGED' });
    }
    for (const cut of [0, 1, SEAL_BYTES - 1, data.length - 1]) await expect(codec.decode([{ ...sealed, data: data.subarray(0, cut) }])).rejects.toMatchObject({ code: 'PAYLOAD_DAMAGED' });
    const relabelled = { ...sealed, metadata: { ...sealed.metadata, 'encryption-key-id': Buffer.from(ring(B).active.id) } };
    await expect(new EncryptionCodec(ring(A, B)).decode([relabelled])).rejects.toMatchObject({ code: 'PAYLOAD_DAMAGED' });
  });

  it('of an unknown key is refused by the ids, and whoever listens hears of it', async () => {
    const heard: string[] = [], other = new EncryptionCodec(ring(B), (error) => heard.push(error.code));
    await expect(other.decode([await first(codec, 1)])).rejects.toThrow(`encrypted with key ${ring(A).active.id}, which is not among the keys here (${ring(B).active.id})`);
    expect(heard).toEqual(['KEY_UNKNOWN']);
  });

  it('outlives the rotation of keys: the first encrypts, all decrypt; what was never encrypted passes', async () => {
    const old = await first(codec, 'before'), rotated = new EncryptionCodec(ring(B, A)), fresh = await first(rotated, 'after');
    expect((await rotated.decode([old, fresh, payload('plain')])).map(value)).toEqual(['before', 'after', 'plain']);
    await expect(codec.decode([fresh])).rejects.toMatchObject({ code: 'KEY_UNKNOWN' });
  });
});

describe('the cipher', () => {
  it('is AES-256-GCM as others compute it', () => {
    // NIST SP 800-38D test case 16 of McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B: AES-256, IV of 96 bits, AAD.
    const hex = (text: string): Buffer => Buffer.from(text, 'hex');
    const key = hex('feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308'), iv = hex('cafebabefacedbaddecaf888');
    const cipher = hex('522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662'), tag = hex('76fc6ece0f4e1768cddf8853bb2d551b');
    const plain = hex('d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39');
    const aad = hex('feedfacedeadbeeffeedfacedeadbeefabaddad2');
    expect(Buffer.from(unseal(key, Buffer.concat([iv, cipher, tag]), aad) ?? []).toString('hex')).toBe(plain.toString('hex'));
    expect(unseal(key, Buffer.concat([iv, cipher, tag]), hex('00'))).toBeNull();
    expect(unseal(key, seal(key, plain, 'here'), 'there')).toBeNull();
  });
});

describe('failures', () => {
  it('keep message and stack trace in a payload, causes too', () => {
    const { failureConverter } = createRequire(import.meta.url)('../../../security/failure-converter.cjs') as { failureConverter: FailureConverter };
    const failure = failureConverter.errorToFailure(new Error('sub-TKY001 is missing', { cause: new Error('tokyo/civet/sub-TKY001') }), defaultPayloadConverter);
    const { encodedAttributes: _outer, cause, ...shown } = failure, { encodedAttributes: _inner, cause: _none, ...shownCause } = cause ?? {};
    expect(JSON.stringify([shown, shownCause])).not.toContain('TKY001');
    expect(shown.message).toBe('Encoded failure');
    expect(failureConverter.failureToError(failure, defaultPayloadConverter).message).toBe('sub-TKY001 is missing');
  });
});

describe('keys', () => {
  it('are not printed by anything', () => {
    const keys = ring(A, B), secret = Buffer.from(A, 'base64').toString('hex');
    for (const text of [inspect(keys, { depth: 9, showHidden: true }), JSON.stringify({ keys }), `${keys.ids.join()}`]) {
      expect(text).not.toContain(A);
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(keys.active.payload).toString('hex'));
      expect(text).not.toContain('Uint8Array');
    }
  });

  it('have ids of their own making, and a purpose each', () => {
    expect(ring(A).active.id).toBe(ring(A).active.id);
    expect(ring(A).active.id).not.toBe(ring(B).active.id);
    const { payload: p, artifact } = ring(A).active;
    expect(new Set([p, artifact].map((k) => Buffer.from(k).toString('hex'))).size).toBe(2);
    expect(ring(A, B, A).ids).toEqual([ring(A).active.id, ring(B).active.id]);
  });

  it('that are none are refused by their place, never by their text', () => {
    for (const [text, place] of [['', 'no key'], ['# nothing\n', 'no key'], [`${A}\n\nsecret-but-wrong`, 'key 2 of test (line 3)'], [A.slice(4), 'key 1 of test']] as const) {
      const error = (() => { try { parseKeys(text, 'test'); return null; } catch (caught) { return caught as Error & { code: string }; } })();
      expect(error?.code).toBe('BAD_KEY');
      expect(error?.message).toContain(place);
      expect(error?.message).not.toContain('secret');
      expect(error?.message).not.toContain(A.slice(4));
    }
  });
});
