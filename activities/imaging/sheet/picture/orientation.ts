/** Which way a volume's voxels run through the head, after its affine; and where slices in a plane of the head are cut. */
import { FormatError } from '../../../../formats/index.js';

export const PLANES = ['axial', 'coronal', 'sagittal'] as const;
export type Plane = (typeof PLANES)[number];

/** An axis of the head: 0 left to right, 1 back to front, 2 foot to head. */
export type HeadAxis = 0 | 1 | 2;

/** The voxel axis that runs nearest to an axis of the head. */
export interface Direction {
  /** 0, 1 or 2: i, j or k. */
  axis: 0 | 1 | 2;
  /** 1: its indices rise towards right, front or head; -1: they fall. */
  sign: 1 | -1;
  /** Between two voxels along it, mm. */
  size: number;
}

export interface Orientation {
  /** By axis of the head. */
  directions: [Direction, Direction, Direction];
  /** The largest angle between a voxel axis and its axis of the head, degrees: the slices are as oblique as this. */
  oblique: number;
}

const ORDERS = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] as const;

/**
 * Of the six ways to give the head's axes to the voxels' the one whose cosines are largest together. Volumes are not turned: slices are cut along voxels.
 * `affine`: voxel indices to RAS mm, three rows of four.
 * @throws FormatError BAD_NIFTI when the affine flattens the volume
 */
export function orientationOf(affine: readonly number[], file: string): Orientation {
  const column = (axis: number): number[] => [affine[axis]!, affine[4 + axis]!, affine[8 + axis]!];
  const sizes = [0, 1, 2].map((axis) => Math.hypot(...column(axis)));
  const [a, b, c] = [column(0), column(1), column(2)] as [number[], number[], number[]];
  const volume = a[0]! * (b[1]! * c[2]! - b[2]! * c[1]!) - b[0]! * (a[1]! * c[2]! - a[2]! * c[1]!) + c[0]! * (a[1]! * b[2]! - a[2]! * b[1]!);
  if (!(Math.abs(volume) > 1e-9 * sizes[0]! * sizes[1]! * sizes[2]!)) throw new FormatError('BAD_NIFTI', `${file}: the affine flattens the volume`, { file, remedy: 'Write the volume again.' });
  const cosine = (head: number, axis: number): number => column(axis)[head]! / sizes[axis]!;
  const total = (order: readonly number[]): number => order.reduce((sum, axis, head) => sum + Math.abs(cosine(head, axis)), 0);
  const best = ORDERS.reduce<readonly [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2]>((one, other) => (total(other) > total(one) + 1e-9 ? other : one), ORDERS[0]);
  const directions = best.map((axis, head): Direction => ({ axis, sign: cosine(head, axis) < 0 ? -1 : 1, size: sizes[axis]! })) as Orientation['directions'];
  return { directions, oblique: Math.max(...best.map((axis, head) => (Math.acos(Math.min(1, Math.abs(cosine(head, axis)))) * 180) / Math.PI)) };
}

/** A plane on paper: which axis of the head runs to the right, which upwards, and along which slices follow each other. The left of the head is on the left. */
export const VIEWS: Readonly<Record<Plane, { right: HeadAxis; up: HeadAxis; through: HeadAxis; marks: readonly [left: string, right: string] }>> = {
  axial: { right: 0, up: 1, through: 2, marks: ['L', 'R'] },
  coronal: { right: 0, up: 2, through: 1, marks: ['L', 'R'] },
  sagittal: { right: 1, up: 2, through: 0, marks: ['P', 'A'] },
};
