/** Values of a volume at points in space: trilinear interpolation between voxel centres. */
import { invert, type Affine } from './affine.js';
import { SurfaceError } from './errors.js';

/** A volume in space, read voxel by voxel. */
export interface Volume {
  /** Voxels along i, j and k. */
  shape: readonly [number, number, number];
  /** Voxel indices (the centre of the first voxel is 0 0 0) to world coordinates in mm. */
  affine: Affine;
  /** The value of voxel i + shape[0] * (j + shape[1] * k); NaN where there is none. */
  at(index: number): number;
}

/** Codes of `Samples.missing`. */
export const OUTSIDE = 1, NO_DATA = 2;

export interface Samples {
  /** One a point; NaN where it is missing, never 0. */
  values: Float64Array;
  /** One a point: 0 = has a value, 1 = outside the volume, 2 = a voxel it needs has no data. */
  missing: Uint8Array;
}

/** In voxels: a point this close outside the outermost voxel centres is on them (coordinates are written with few digits). */
const EDGE = 1e-6;

/**
 * Trilinear interpolation at each point (x, y, z in the volume's world coordinates, mm). A point beyond the outermost voxel centres is
 * missing, not extrapolated and not 0 (as scipy's RegularGridInterpolator with NaN as fill value); so is one of whose up to eight
 * voxels with a weight one is not finite or equals `background`, the value that means "no data" in masked maps.
 * @throws SurfaceError BAD_VOLUME, SINGULAR_TRANSFORM
 */
export function sampleTrilinear(volume: Volume, points: Float64Array, options: { background?: number | null } = {}): Samples {
  const [nx, ny, nz] = volume.shape;
  if (![nx, ny, nz].every((n) => Number.isInteger(n) && n > 0)) throw new SurfaceError('BAD_VOLUME', `a volume of ${nx} x ${ny} x ${nz} voxels`, 'give a volume of three dimensions');
  const w = invert(volume.affine);
  const background = options.background ?? NaN;
  const values = new Float64Array(points.length / 3), missing = new Uint8Array(values.length);
  for (let v = 0; v < values.length; v++) {
    const x = points[3 * v]!, y = points[3 * v + 1]!, z = points[3 * v + 2]!;
    const i = inside(w[0]! * x + w[1]! * y + w[2]! * z + w[3]!, nx);
    const j = inside(w[4]! * x + w[5]! * y + w[6]! * z + w[7]!, ny);
    const k = inside(w[8]! * x + w[9]! * y + w[10]! * z + w[11]!, nz);
    if (Number.isNaN(i + j + k)) {
      values[v] = NaN;
      missing[v] = OUTSIDE;
      continue;
    }
    const i0 = Math.min(Math.floor(i), Math.max(0, nx - 2)), j0 = Math.min(Math.floor(j), Math.max(0, ny - 2)), k0 = Math.min(Math.floor(k), Math.max(0, nz - 2));
    let sum = 0;
    for (let corner = 0; corner < 8; corner++) {
      const di = corner & 1, dj = (corner >> 1) & 1, dk = corner >> 2;
      const weight = (di ? i - i0 : 1 - (i - i0)) * (dj ? j - j0 : 1 - (j - j0)) * (dk ? k - k0 : 1 - (k - k0));
      if (weight === 0) continue;
      const value = volume.at(i0 + di + nx * (j0 + dj + ny * (k0 + dk)));
      sum += value === background ? NaN : weight * value;
    }
    values[v] = Number.isFinite(sum) ? sum : NaN;
    if (!Number.isFinite(sum)) missing[v] = NO_DATA;
  }
  return { values, missing };
}

/** The voxel coordinate, moved onto the outermost centres when it is off by rounding; NaN outside. */
function inside(x: number, n: number): number {
  return x >= -EDGE && x <= n - 1 + EDGE ? Math.min(Math.max(x, 0), n - 1) : NaN;
}
