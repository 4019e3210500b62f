import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, digestBytes, stepKey } from '../../../storage/keys.js';

/** The same value with the keys of every object in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([k, v]) => [k, reversed(v)]));
}

describe('stepKey', () => {
  it('is the SHA-256 of the canonical JSON of step, version and inputs', () => {
    expect(stepKey('fit', 1, { b: [2, { d: null, c: 'x' }], a: 1 })).toBe(createHash('sha256').update('["fit",1,{"a":1,"b":[2,{"c":"x","d":null}]}]').digest('hex'));
  });

  it('does not depend on the order of keys, at any depth', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      expect(stepKey('s', 1, reversed(value))).toBe(stepKey('s', 1, value));
    }), { numRuns: 200, seed: 5 });
  });

  it('depends on the step, the version, every value, and the order of lists', () => {
    const keys = [
      stepKey('fit', 1, { a: [1, 2] }), stepKey('fit', 2, { a: [1, 2] }), stepKey('match', 1, { a: [1, 2] }), stepKey('fit', 1, { a: [2, 1] }), stepKey('fit', 1, { b: [1, 2] }),
      stepKey('fit', 1, { a: [1, '2'] }), stepKey('fit', 1, { a: [[1], 2] }), stepKey('fit', 1, { a: [1, 2], b: null }), stepKey('fit', 1, { a: [1, 2 + 2 ** -51] }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.every((k) => /^[0-9a-f]{64}$/.test(k))).toBe(true);
  });

  it('a member that is undefined is no member', () => expect(stepKey('s', 1, { a: 1, b: undefined })).toBe(stepKey('s', 1, { a: 1 })));
});

describe('canonicalJson', () => {
  it('is JSON of the same value', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }), { numRuns: 200, seed: 6 });
  });
});

it('digestBytes: the SHA-256 of "abc" (FIPS 180-2, appendix B.1)', () => {
  expect(digestBytes(Buffer.from('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
