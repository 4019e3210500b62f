/** Whichever way voxels run through the head, its left is on the left of the sheet, its front and its top are up. */
import { describe, expect, it } from 'vitest';
import { orientationOf, PLANES } from '../../../activities/imaging/sheet/picture/orientation.js';
import { cutLabels, cutSlices } from '../../../activities/imaging/sheet/picture/cut.js';
import { positionOf, sliceOf } from '../../../activities/imaging/sheet/picture/slice.js';
import type { Volume } from '../../../activities/imaging/sheet/picture/volume.js';

/** Voxels from left to right, back to front, foot to head, and their sizes in mm; the middle of the first lies at ORIGIN. */
const HEAD = [3, 4, 5] as const, SIZES = [2, 3, 4] as const, ORIGIN = [-30, -20, -10] as const;
/** A number that tells the place: hundreds from the left, tens from the back, ones from the foot. */
const value = (x: number, y: number, z: number): number => 111 + 100 * x + 10 * y + z;

const ORDERS = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] as const;
const CASES = ORDERS.flatMap((order) => Array.from({ length: 8 }, (_, flips) => ({ order, flips: order.map((_, axis) => ((flips >> axis) & 1) === 1) })));

/** The same head, its voxels in another order: voxel axis `a` runs along head axis order[a], backwards where flipped. */
function stored(order: readonly number[], flips: readonly boolean[]): Volume {
  const shape = order.map((head) => HEAD[head]!) as [number, number, number], affine = new Array<number>(12).fill(0);
  ORIGIN.forEach((mm, head) => { affine[4 * head + 3] = mm; });
  order.forEach((head, axis) => {
    affine[4 * head + axis] = (flips[axis] ? -1 : 1) * SIZES[head]!;
    if (flips[axis]) affine[4 * head + 3]! += SIZES[head]! * (HEAD[head]! - 1);
  });
  const at = (index: number): number => {
    const voxel = [index % shape[0], Math.floor(index / shape[0]) % shape[1], Math.floor(index / shape[0] / shape[1])], place = [0, 0, 0];
    order.forEach((head, axis) => { place[head] = flips[axis] ? shape[axis]! - 1 - voxel[axis]! : voxel[axis]!; });
    return value(...(place as [number, number, number]));
  };
  return { shape, affine, at };
}

const rows = (values: Float32Array, width: number): number[][] => Array.from({ length: values.length / width }, (_, y) => [...values.subarray(y * width, (y + 1) * width)]);

describe.each(CASES)('voxels in order $order, backwards: $flips', ({ order, flips }) => {
  const volume = stored(order, flips);

  it('are seen from the same side, at the same places', () => {
    const { cuts, orientation } = cutSlices(volume, { planes: [...PLANES], slices: 9, range: null }, 'image');
    expect(orientation.oblique).toBe(0);
    const of = (plane: string): typeof cuts => cuts.filter((cut) => cut.plane === plane);
    expect(of('axial').map(({ position }) => position)).toEqual([-10, -6, -2, 2, 6]);
    expect(of('coronal').map(({ position }) => position)).toEqual([-20, -17, -14, -11]);
    expect(of('sagittal').map(({ position }) => position)).toEqual([-30, -28, -26]);
    // The lowest axial slice: left to right, the front above.
    expect(rows(of('axial')[0]!.slice.values, 3)).toEqual([[141, 241, 341], [131, 231, 331], [121, 221, 321], [111, 211, 311]]);
    expect(of('axial')[0]!.slice).toMatchObject({ width: 3, height: 4, pixel: [2, 3] });
    // The hindmost coronal slice: left to right, the top above.
    expect(rows(of('coronal')[0]!.slice.values, 3)).toEqual([[115, 215, 315], [114, 214, 314], [113, 213, 313], [112, 212, 312], [111, 211, 311]]);
    expect(of('coronal')[0]!.slice).toMatchObject({ width: 3, height: 5, pixel: [2, 4] });
    // The leftmost sagittal slice: back to front, the top above.
    expect(rows(of('sagittal')[0]!.slice.values, 4)).toEqual([[115, 125, 135, 145], [114, 124, 134, 144], [113, 123, 133, 143], [112, 122, 132, 142], [111, 121, 131, 141]]);
    expect(of('sagittal')[0]!.slice).toMatchObject({ width: 4, height: 5, pixel: [3, 4] });
  });

  it('are met by a mask whose voxels run in another order', () => {
    const other = stored([2, 0, 1], [true, false, true]), cuts = cutSlices(volume, { planes: [...PLANES], slices: 2, range: null }, 'image');
    expect(cutLabels(volume, cuts, other, 'outline').map((slice) => [...slice.values])).toEqual(cuts.cuts.map(({ slice }) => [...slice.values]));
  });
});

describe('oblique volumes', () => {
  const turned = (degrees: number): number[] => {
    const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    return [2 * c, -2 * s, 0, 0, 2 * s, 2 * c, 0, 0, 0, 0, 2, 5];
  };

  it('are cut along the nearest voxel axis, and the angle is told', () => {
    const volume: Volume = { ...stored([0, 1, 2], [false, false, false]), affine: turned(20) }, { directions, oblique } = orientationOf(volume.affine, 'image');
    expect(directions.map(({ axis, sign }) => [axis, sign])).toEqual([[0, 1], [1, 1], [2, 1]]);
    expect(directions.map(({ size }) => size)).toEqual([2, 2, 2].map((size) => expect.closeTo(size, 12) as number));
    expect(oblique).toBeCloseTo(20, 9);
    expect(positionOf(volume, { directions, oblique }, 'axial', 3)).toBe(11);
    expect(rows(sliceOf(volume, { directions, oblique }, 'axial', 0).values, 3)[3]).toEqual([111, 211, 311]);
    // Turned by 70 degrees, its first axis runs to the front.
    expect(orientationOf(turned(70), 'image').directions.map(({ axis, sign }) => [axis, sign])).toEqual([[1, -1], [0, 1], [2, 1]]);
  });

  it('that are flat are refused', () => {
    expect(() => orientationOf([1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0], 'image')).toThrow(expect.objectContaining({ code: 'BAD_NIFTI' }));
  });
});
