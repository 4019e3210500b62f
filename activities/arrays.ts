/** Objects with typed arrays in them as bytes: one line of JSON, in which each array is its place, then the arrays. */
import { SulcusError } from '../contracts/errors.js';

const TYPES = { f64: Float64Array, i32: Int32Array, u8: Uint8Array } as const;
type TypeName = keyof typeof TYPES;

const nameOf = (value: unknown): TypeName | null => (Object.keys(TYPES) as TypeName[]).find((name) => value instanceof TYPES[name]) ?? null;

export function encodeArrays(value: unknown): Uint8Array {
  const parts: Uint8Array[] = [];
  let offset = 0;
  const text = JSON.stringify(value, function (this: Record<string, unknown>, key) {
    const member = this[key], name = nameOf(member);
    if (name === null) return member;
    const array = member as Float64Array, at = offset;
    parts.push(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    offset += array.byteLength;
    return { $: name, at, length: array.length };
  });
  return Buffer.concat([Buffer.from(`${text}\n`), ...parts]);
}

/** Throws ARTIFACT_CORRUPT when an array lies beyond the bytes. */
export function decodeArrays<T>(bytes: Uint8Array): T {
  const end = bytes.indexOf(10), payload = bytes.subarray(end + 1);
  return JSON.parse(Buffer.from(bytes.subarray(0, end)).toString('utf8'), (_key, member: unknown) => {
    const place = member as { $?: TypeName; at?: number; length?: number } | null;
    if (typeof place !== 'object' || place?.$ === undefined || place.at === undefined || place.length === undefined) return member;
    const array = new TYPES[place.$](place.length), raw = new Uint8Array(array.buffer);
    if (place.at + raw.length > payload.length) throw new SulcusError('ARTIFACT_CORRUPT', `an array of ${place.length} lies beyond the artifact's ${bytes.length} bytes`);
    raw.set(payload.subarray(place.at, place.at + raw.length));
    return array;
  }) as T;
}
