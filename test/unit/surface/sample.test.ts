import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_DATA, OUTSIDE, sampleTrilinear, SurfaceError, transformPoints, type Volume } from '../../../analysis/surface/index.js';
import { readNifti } from '../../../formats/nifti.js';
import { fixture, scaledError } from './support.js';

const expected = fixture<{ points: number[]; toWorld: number[]; volume: string; inside: number[]; nilearn: (number | null)[]; workbench: number[] }>('sampling.json');
const grid = (shape: [number, number, number], at: (i: number, j: number, k: number) => number, affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]): Volume => ({
  shape, affine, at: (n) => at(n % shape[0], Math.floor(n / shape[0]) % shape[1], Math.floor(n / shape[0] / shape[1])),
});

describe('trilinear sampling', () => {
  it('agrees with nilearn and Connectome Workbench on an oblique, scaled volume', () => {
    const volume = readNifti(Buffer.from(expected.volume, 'base64'), { file: 'v.nii' });
    const { values, missing } = sampleTrilinear(volume, transformPoints(expected.toWorld, Float64Array.from(expected.points)));
    const kept = (all: (number | null)[]): (number | null)[] => all.map((x, i) => (expected.inside[i] === 1 ? x : null));
    expect(scaledError(values, kept(expected.nilearn))).toBeLessThan(1e-5);
    expect(scaledError(values, kept(expected.workbench))).toBeLessThan(1e-5);
    expect(Array.from(missing, (m) => (m === 0 ? 1 : 0))).toEqual(expected.inside);
    expect(Array.from(values, (x) => (Number.isNaN(x) ? 0 : 1))).toEqual(expected.inside);
  });

  it('is exact for linear fields, through any affine', () => {
    const affine = [0, -2, 0, 5, 3, 0, 0, -7, 0, 0, 1.5, 2];
    const volume = grid([6, 5, 4], (i, j, k) => 2 * (-2 * j + 5) - (3 * i - 7) + 0.5 * (1.5 * k + 2) + 11, affine);
    fc.assert(fc.property(fc.double({ min: 0, max: 5, noNaN: true }), fc.double({ min: 0, max: 4, noNaN: true }), fc.double({ min: 0, max: 3, noNaN: true }), (i, j, k) => {
      const point = transformPoints(affine, Float64Array.of(i, j, k));
      expect(sampleTrilinear(volume, point).values[0]).toBeCloseTo(2 * point[0]! - point[1]! + 0.5 * point[2]! + 11, 9);
    }));
  });

  it('has no value outside, one at the outermost centres, in spite of rounding', () => {
    const volume = grid([3, 3, 3], () => 7);
    const at = (x: number, y = 1, z = 1): [number, number] => { const s = sampleTrilinear(volume, Float64Array.of(x, y, z)); return [s.values[0]!, s.missing[0]!]; };
    for (const x of [0, 2, -1e-7, 2 + 1e-7, 1.5]) { expect(at(x)).toEqual([7, 0]); expect(at(1, x)).toEqual([7, 0]); expect(at(1, 1, x)).toEqual([7, 0]); }
    for (const x of [-0.01, 2.01, -100, NaN, Infinity]) { expect(at(x)).toEqual([NaN, OUTSIDE]); expect(at(1, x)).toEqual([NaN, OUTSIDE]); expect(at(1, 1, x)).toEqual([NaN, OUTSIDE]); }
  });

  it('has no value where a voxel it needs has none; voxels without weight do not matter', () => {
    const hole = (value: number): Volume => grid([4, 1, 1], (i) => (i === 2 ? value : i));
    for (const value of [NaN, Infinity, -Infinity]) {
      expect(Array.from(sampleTrilinear(hole(value), Float64Array.of(1, 0, 0, 1.25, 0, 0, 3, 0, 0)).missing)).toEqual([0, NO_DATA, 0]);
    }
    const masked = sampleTrilinear(hole(0), Float64Array.of(1.5, 0, 0, 0, 0, 0), { background: 0 });
    expect(Array.from(masked.missing)).toEqual([NO_DATA, NO_DATA]);
    expect(Array.from(sampleTrilinear(hole(0), Float64Array.of(1.5, 0, 0)).values)).toEqual([0.5]);
  });

  it('refuses flat volumes', () => {
    expect(() => sampleTrilinear(grid([2, 2, 2], () => 1, [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0]), Float64Array.of(0, 0, 0))).toThrow(SurfaceError);
    expect(() => sampleTrilinear(grid([2, 0, 2], () => 1), Float64Array.of(0, 0, 0))).toThrow(/2 x 0 x 2 voxels/);
  });
});
