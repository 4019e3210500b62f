/** What is cut out of a volume for its sheet: slices, their labels, and the window. Small, so that no volume need be kept. */
import type { SliceSheet } from '../../../../contracts/pipelines.js';
import { orientationOf, VIEWS, type Orientation, type Plane } from './orientation.js';
import { positionOf, sliceAlong, sliceOf, type Slice } from './slice.js';
import { evenly, extentOf, type Volume } from './volume.js';

export interface Cut {
  plane: Plane;
  /** Along the voxel axis through the slices. */
  index: number;
  /** Of the middle of the slice towards right, front or head, mm. */
  position: number;
  slice: Slice;
}

export interface Cuts {
  orientation: Orientation;
  window: [number, number];
  /** Plane by plane in the order of the sheet; foot to head, back to front, left to right. */
  cuts: Cut[];
}

/** Throws SulcusError NOTHING_TO_DRAW, FormatError BAD_NIFTI. `file`: what it is called in messages. */
export function cutSlices(image: Volume, { planes, slices, range }: Pick<SliceSheet, 'planes' | 'slices' | 'range'>, file: string): Cuts {
  const orientation = orientationOf(image.affine, file), extent = extentOf(image, file);
  const cuts = planes.flatMap((plane) => {
    const { axis, sign } = orientation.directions[VIEWS[plane].through], [first, last] = extent.slices[axis] as [number, number], found = evenly(first, last, slices);
    return (sign === 1 ? found : found.reverse()).map((index): Cut => ({ plane, index, position: positionOf(image, orientation, plane, index), slice: sliceOf(image, orientation, plane, index) }));
  });
  return { orientation, window: range ?? extent.window, cuts };
}

/** What a mask or segmentation holds in these slices, in their order. `grid`: shape and affine of the image. */
export function cutLabels(grid: Omit<Volume, 'at'>, { orientation, cuts }: Cuts, mask: Volume, file: string): Slice[] {
  orientationOf(mask.affine, file);
  return cuts.map(({ plane, index }) => sliceAlong(grid, orientation, plane, index, mask));
}
