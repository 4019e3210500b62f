import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNifti } from '../../../formats/nifti.js';
import { writeNifti, type NiftiOutput } from '../../../formats/nifti-write.js';

const file = 'written.nii';
/** Oblique, right to left. */
const affine = [-2, 0.25, 0, 90, 0.5, 1.75, -0.125, -126, 0, 0.5, 3, -72];
const finite = fc.float({ noNaN: true, noDefaultInfinity: true });
const values: Record<NiftiOutput['type'], fc.Arbitrary<number>> = {
  f4: finite, f8: fc.double({ noNaN: true, noDefaultInfinity: true }), i2: fc.integer({ min: -32768, max: 32767 }), u1: fc.integer({ min: 0, max: 255 }),
};

describe('a NIfTI volume that is written', () => {
  it.each(['f4', 'f8', 'i2', 'u1'] as const)('is read again as it was: %s, plain and compressed', (type) => {
    fc.assert(fc.property(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 })).chain(([i, j, k, frames]) => fc.record({
      shape: fc.constant([i, j, k, frames] as const), numbers: fc.array(values[type], { minLength: i * j * k * frames, maxLength: i * j * k * frames }),
    })), ({ shape, numbers }) => {
      const bytes = writeNifti({ shape, affine, values: numbers, type }), voxels = shape[0] * shape[1] * shape[2];
      for (const b of [bytes, gzipSync(bytes)]) {
        for (let frame = 0; frame < shape[3]; frame++) {
          const volume = readNifti(b, { file, frame });
          expect(volume).toMatchObject({ shape: shape.slice(0, 3), affine, form: 'sform', disagreement: null, type, version: 1 });
          for (let at = 0; at < voxels; at++) expect(volume.at(at) + 0).toBe(numbers[frame * voxels + at]! + 0);
        }
      }
    }), { numRuns: 30 });
  });

  it('has the voxels\' sizes in its header, mm, and nothing that tells when or by whom', () => {
    const { header } = readNifti(writeNifti({ shape: [1, 1, 1], affine, values: [7], type: 'i2' }), { file });
    const view = new DataView(header.buffer, header.byteOffset);
    expect([1, 2, 3].map((d) => view.getFloat32(76 + 4 * d, true))).toEqual([[-2, 0.5, 0], [0.25, 1.75, 0.5], [0, -0.125, 3]].map((column) => Math.fround(Math.hypot(...column))));
    expect(view.getInt16(40, true)).toBe(3);
    expect(header[123]! & 7).toBe(2);
    expect(Buffer.from(header.subarray(148, 252)).every((b) => b === 0)).toBe(true);
  });

  it.each<[string, Partial<NiftiOutput>, RegExp]>([
    ['values that do not fill it', { values: [1, 2, 3] }, /3 values do not fill a volume of 1 x 1 x 2/],
    ['a size of none', { shape: [0, 1, 2], values: [] }, /0 x 1 x 2/],
    ['a size beyond the header', { shape: [32768, 1, 1], values: new Float32Array(32768) }, /32768 x 1 x 1/],
    ['two dimensions', { shape: [1, 2] }, /1 x 2/],
    ['a flat affine', { affine: [1, 0, 1, 0, 0, 1, 0, 0, 1, 0, 1, 0] }, /affine/],
    ['an affine that is not finite', { affine: affine.map((x, i) => (i === 3 ? NaN : x)) }, /affine/],
    ['a value that is no whole number', { type: 'i2', values: [0.5, 1] }, /integer from -32768 to 32767/],
  ])('is refused with %s', (_name, change, message) => {
    expect(() => writeNifti({ shape: [1, 1, 2], affine, values: [1, 2], type: 'f4', ...change })).toThrow(message);
  });
});
