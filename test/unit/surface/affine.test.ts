import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compose, IDENTITY, invert, SurfaceError, transformPoints, type Affine } from '../../../analysis/surface/index.js';

const code = (run: () => unknown): string => { try { run(); } catch (e) { if (e instanceof SurfaceError) return e.code; throw e; } return 'none'; };
const number = fc.integer({ min: -5000, max: 5000 }).map((i) => i / 1000);
const affines = fc.array(number, { minLength: 12, maxLength: 12 });
const volume = (a: Affine): number => {
  const [x, y, z] = [0, 1, 2].map((c) => [a[c]!, a[4 + c]!, a[8 + c]!]) as [number[], number[], number[]];
  const det = x[0]! * (y[1]! * z[2]! - y[2]! * z[1]!) - y[0]! * (x[1]! * z[2]! - x[2]! * z[1]!) + z[0]! * (x[1]! * y[2]! - x[2]! * y[1]!);
  return Math.abs(det) / [x, y, z].reduce((p, v) => p * Math.hypot(...v), 1);
};

describe('affine maps', () => {
  it('compose in order: first, then second', () => {
    const shift = [1, 0, 0, 10, 0, 1, 0, 0, 0, 0, 1, 0], double = [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0];
    expect(Array.from(transformPoints(compose(shift, double), Float64Array.of(1, 2, 3)))).toEqual([22, 4, 6]);
    expect(Array.from(transformPoints(compose(double, shift), Float64Array.of(1, 2, 3)))).toEqual([12, 4, 6]);
    fc.assert(fc.property(affines, affines, fc.array(number, { minLength: 3, maxLength: 3 }), (a, b, p) => {
      const one = transformPoints(compose(a, b), Float64Array.from(p)), two = transformPoints(b, transformPoints(a, Float64Array.from(p)));
      one.forEach((x, i) => { expect(x).toBeCloseTo(two[i]!, 9); });
    }));
  });

  it('invert, or are refused as flat', () => {
    fc.assert(fc.property(affines, (a) => {
      const flat = volume(a);
      if (!(flat > 0.01)) return;
      const back = compose(a, invert(a));
      back.forEach((x, i) => { expect(Math.abs(x - IDENTITY[i]!)).toBeLessThan(1e-9 / flat); });
    }), { numRuns: 500 });
    expect(code(() => invert([1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0]))).toBe('SINGULAR_TRANSFORM');
    expect(code(() => invert(new Array<number>(12).fill(0)))).toBe('SINGULAR_TRANSFORM');
    expect(code(() => invert([1, 2, 3, 0, 2, 4, 6.0000001, 0, 0, 0, 1, 0]))).toBe('SINGULAR_TRANSFORM');
    expect(code(() => invert([...IDENTITY.slice(0, 11), NaN]))).toBe('BAD_TRANSFORM');
    expect(code(() => invert([1, 2, 3]))).toBe('BAD_TRANSFORM');
    // Thin voxels and small units are no fault.
    expect(invert([1e-4, 0, 0, 0, 0, 1e3, 0, 0, 0, 0, 1, 0])[0]).toBeCloseTo(1e4, 6);
  });
});
