/** Raw little-endian doubles: the payload of numeric artifacts. */

/** A view of the array's bytes, no copy. */
export function encodeDoubles(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** A copy, aligned. */
export function decodeDoubles(bytes: Uint8Array): Float64Array {
  const out = new Float64Array(bytes.length / 8);
  new Uint8Array(out.buffer).set(bytes);
  return out;
}
