/** Where an interrupted fit goes on: the state of its solver between two passes, and as bytes. */
import type { AcceleratedState } from './accelerated/state.js';
import type { MultiplicativeState } from './multiplicative.js';

export type Checkpoint = { solver: 'accelerated'; state: AcceleratedState } | { solver: 'multiplicative'; state: MultiplicativeState };

const FORMAT = 'sulcus/checkpoint/1';

interface Place {
  doubles: [from: number, length: number];
}

/** One line of JSON, in which every array of doubles is a place in the little-endian doubles that follow. */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const arrays: Float64Array[] = [];
  let total = 0;
  const text = JSON.stringify({ format: FORMAT, checkpoint }, (_key, value: unknown) => {
    if (value === Infinity) return { infinite: true };
    if (!(value instanceof Float64Array)) return value;
    const place: Place = { doubles: [total, value.length] };
    arrays.push(value);
    total += value.length;
    return place;
  });
  const head = new TextEncoder().encode(`${text}\n`), bytes = new Uint8Array(head.length + total * 8);
  bytes.set(head);
  let at = head.length;
  for (const a of arrays) { bytes.set(new Uint8Array(a.buffer, a.byteOffset, a.byteLength), at); at += a.byteLength; }
  return bytes;
}

/** null when the bytes are of another format: the fit then starts from its beginning. */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint | null {
  const end = bytes.indexOf(10);
  if (end < 0) return null;
  const doubles = new Float64Array(Uint8Array.from(bytes.subarray(end + 1)).buffer); // a copy of its own, whatever buffer the bytes lie in
  const { format, checkpoint } = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)), (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    if ('infinite' in value) return Infinity;
    if (!('doubles' in value)) return value;
    const [from, length] = (value as Place).doubles;
    return doubles.slice(from, from + length);
  }) as { format: string; checkpoint: Checkpoint };
  return format === FORMAT ? checkpoint : null;
}
