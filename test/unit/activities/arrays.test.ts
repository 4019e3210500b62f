import { describe, expect, it } from 'vitest';
import { decodeArrays, encodeArrays } from '../../../activities/arrays.js';

describe('objects with arrays as bytes', () => {
  const value = { size: 3, sides: [{ mass: Float64Array.of(1.5, -0, 5e-324), rows: Int32Array.of(-7, 2 ** 31 - 1) }, { mass: new Float64Array(0), rows: Int32Array.of() }], flags: Uint8Array.of(0, 255), name: 'a\nb', none: null, list: [1, [2, 'x']] };

  it('come back as they were, arrays of the same type and bits', () => {
    const again = decodeArrays<typeof value>(encodeArrays(value));
    expect(again).toEqual(value);
    expect(Object.is(again.sides[0]!.mass[1], -0)).toBe(true);
    expect(again.flags).toBeInstanceOf(Uint8Array);
  });

  it('take a view of a larger buffer for what it shows', () => {
    const whole = Float64Array.of(1, 2, 3, 4);
    expect(decodeArrays<{ part: Float64Array }>(encodeArrays({ part: whole.subarray(1, 3) })).part).toEqual(Float64Array.of(2, 3));
  });

  it('cut short they are corrupt, not zeros', () => {
    const bytes = encodeArrays(value);
    expect(() => decodeArrays(bytes.subarray(0, bytes.length - 1))).toThrow(expect.objectContaining({ code: 'ARTIFACT_CORRUPT' }));
  });
});
