/** A slice of a volume in a plane of the head: values on a grid whose first row is the upper one, the left of the head on the left. */
import { VIEWS, type Orientation, type Plane } from './orientation.js';
import type { Volume } from './volume.js';

export interface Slice {
  /** Voxels to the right and downwards. */
  width: number;
  height: number;
  /** Of a voxel, mm. */
  pixel: [width: number, height: number];
  values: Float32Array;
}

/** `index`: along the voxel axis that runs through the slices. */
export function sliceOf({ shape, at }: Volume, { directions }: Orientation, plane: Plane, index: number): Slice {
  const view = VIEWS[plane], right = directions[view.right], up = directions[view.up], through = directions[view.through];
  const strides = [1, shape[0], shape[0] * shape[1]] as const, width = shape[right.axis], height = shape[up.axis], values = new Float32Array(width * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
    const a = right.sign === 1 ? x : width - 1 - x, b = up.sign === 1 ? height - 1 - y : y;
    values[x + width * y] = at(a * strides[right.axis] + b * strides[up.axis] + index * strides[through.axis]);
  }
  return { width, height, pixel: [right.size, up.size], values };
}

/** Where the middle of the slice lies, mm towards right, front or head. */
export function positionOf({ shape, affine }: Volume, { directions }: Orientation, plane: Plane, index: number): number {
  const { through } = VIEWS[plane], at = shape.map((n, axis) => (axis === directions[through].axis ? index : (n - 1) / 2));
  return affine[4 * through + 3]! + at.reduce((sum, x, axis) => sum + affine[4 * through + axis]! * x, 0);
}

/**
 * The values of another volume at the voxels of a slice of the first, nearest voxel, 0 outside: a mask need not lie on the image's grid.
 * `index` as for sliceOf.
 */
export function sliceAlong(grid: Omit<Volume, 'at'>, { directions }: Orientation, plane: Plane, index: number, other: Volume): Slice {
  const view = VIEWS[plane], right = directions[view.right], up = directions[view.up], through = directions[view.through];
  const width = grid.shape[right.axis], height = grid.shape[up.axis], values = new Float32Array(width * height), toOther = then(grid.affine, inverse(other.affine));
  const [nx, ny, nz] = other.shape, voxel: [number, number, number] = [0, 0, 0];
  voxel[through.axis] = index;
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
    voxel[right.axis] = right.sign === 1 ? x : width - 1 - x;
    voxel[up.axis] = up.sign === 1 ? height - 1 - y : y;
    const [i, j, k] = [0, 4, 8].map((row) => Math.round(toOther[row]! * voxel[0] + toOther[row + 1]! * voxel[1] + toOther[row + 2]! * voxel[2] + toOther[row + 3]!)) as [number, number, number];
    if (i >= 0 && i < nx && j >= 0 && j < ny && k >= 0 && k < nz) values[x + width * y] = other.at(i + nx * (j + ny * k));
  }
  return { width, height, pixel: [right.size, up.size], values };
}

/** Of an affine of three rows of four. */
function inverse(m: readonly number[]): number[] {
  const [a, b, c, p, d, e, f, q, g, h, i, r] = m as [number, number, number, number, number, number, number, number, number, number, number, number];
  const det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  const rows = [[e * i - f * h, c * h - b * i, b * f - c * e], [f * g - d * i, a * i - c * g, c * d - a * f], [d * h - e * g, b * g - a * h, a * e - b * d]].map((row) => row.map((x) => x / det));
  return rows.flatMap(([x, y, z]) => [x!, y!, z!, -(x! * p + y! * q + z! * r)]);
}

/** One affine after another. */
function then(first: readonly number[], second: readonly number[]): number[] {
  return [0, 4, 8].flatMap((row) => [0, 1, 2, 3].map((col) => second[row]! * first[col]! + second[row + 1]! * first[4 + col]! + second[row + 2]! * first[8 + col]! + (col === 3 ? second[row + 3]! : 0)));
}
