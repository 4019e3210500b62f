/** Affine maps of points in mm: three rows of four numbers, row-major, [x' y' z'] = A [x y z 1]. */
import { SurfaceError } from './errors.js';

/** Twelve numbers: the upper three rows of a 4 x 4 matrix. */
export type Affine = readonly number[];

export const IDENTITY: Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

/**
 * A map that flattens space is not a registration: refused when the volume of a unit cube, with axes scaled to unit length, is below this.
 * 1e-6 leaves room for anisotropic voxels (the scaling takes them out) and shears, not for a plane.
 */
const LEAST_VOLUME = 1e-6;

/** Throws BAD_TRANSFORM unless there are twelve finite numbers. */
function checkAffine(a: Affine): Affine {
  if (a.length !== 12 || !a.every(Number.isFinite)) throw new SurfaceError('BAD_TRANSFORM', 'an affine transform needs 3 rows of 4 finite numbers', 'write the transform again');
  return a;
}

/** The map that does `first`, then `second`. */
export function compose(first: Affine, second: Affine): Affine {
  const out = new Array<number>(12);
  for (let r = 0; r < 3; r++) for (let c = 0; c < 4; c++) {
    let sum = c === 3 ? second[4 * r + 3]! : 0;
    for (let k = 0; k < 3; k++) sum += second[4 * r + k]! * first[4 * k + c]!;
    out[4 * r + c] = sum;
  }
  return out;
}

/** The inverse map, by cofactors. Throws SINGULAR_TRANSFORM when the map flattens space, BAD_TRANSFORM when it is not finite. */
export function invert(a: Affine): Affine {
  checkAffine(a);
  const [m00, m01, m02, tx, m10, m11, m12, ty, m20, m21, m22, tz] = a as [number, number, number, number, number, number, number, number, number, number, number, number];
  const c0 = m11 * m22 - m12 * m21, c1 = m12 * m20 - m10 * m22, c2 = m10 * m21 - m11 * m20;
  const det = m00 * c0 + m01 * c1 + m02 * c2;
  const axes = [[m00, m10, m20], [m01, m11, m21], [m02, m12, m22]].map(([x, y, z]) => Math.sqrt(x! * x! + y! * y! + z! * z!));
  if (!(Math.abs(det) > LEAST_VOLUME * axes[0]! * axes[1]! * axes[2]!) || !Number.isFinite(1 / det)) {
    throw new SurfaceError('SINGULAR_TRANSFORM', `the transform cannot be inverted: it maps space onto a plane, a line or a point (determinant ${det})`, 'make the registration again');
  }
  const linear = [
    c0 / det, (m02 * m21 - m01 * m22) / det, (m01 * m12 - m02 * m11) / det,
    c1 / det, (m00 * m22 - m02 * m20) / det, (m02 * m10 - m00 * m12) / det,
    c2 / det, (m01 * m20 - m00 * m21) / det, (m00 * m11 - m01 * m10) / det,
  ] as const;
  const row = (i: 0 | 3 | 6): number[] => [linear[i], linear[i + 1]!, linear[i + 2]!, -(linear[i] * tx + linear[i + 1]! * ty + linear[i + 2]! * tz)];
  return [...row(0), ...row(3), ...row(6)];
}

/** Maps points (x, y, z of each, 3 N values); a new array. */
export function transformPoints(a: Affine, points: Float64Array): Float64Array {
  const out = new Float64Array(points.length);
  for (let i = 0; i < points.length; i += 3) {
    const x = points[i]!, y = points[i + 1]!, z = points[i + 2]!;
    for (let r = 0; r < 3; r++) out[i + r] = a[4 * r]! * x + a[4 * r + 1]! * y + a[4 * r + 2]! * z + a[4 * r + 3]!;
  }
  return out;
}
