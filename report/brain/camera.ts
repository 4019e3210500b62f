/** Where a hemisphere is looked at from. Coordinates: x to the right, y to the front, z up (mm), as surfaces of CIVET and FreeSurfer have them. */
import type { Hemisphere } from '../../contracts/study.js';

export type View = 'lateral' | 'medial';
export type Vector = readonly [number, number, number];

/** Unit vectors of the picture: to its right, to its top, and out of it towards the reader. */
export interface Camera {
  right: Vector;
  up: Vector;
  out: Vector;
}

/** Moved towards the back by `azimuth` and upwards by `elevation`, in degrees, from the standard view: whatever the side, one pose shows the same of each. */
export function cameraOf(side: Hemisphere, view: View, azimuth = 0, elevation = 0): Camera {
  const sign = facing(side, view);
  const a = (Math.PI / 180) * azimuth, e = (Math.PI / 180) * elevation;
  const flat: Vector = [sign * Math.cos(a), -Math.sin(a), 0];
  const right: Vector = [-flat[1], flat[0], 0];
  const out: Vector = [flat[0] * Math.cos(e), flat[1] * Math.cos(e), Math.sin(e)];
  const up: Vector = [-flat[0] * Math.sin(e), -flat[1] * Math.sin(e), Math.cos(e)];
  return { right, up, out };
}

/** 1 where the reader is on the right of the hemisphere, and front is to the right; -1 on its left. */
export const facing = (side: Hemisphere, view: View): 1 | -1 => ((side === 'left') === (view === 'lateral') ? -1 : 1);

export const dot = (a: Vector, x: number, y: number, z: number): number => a[0] * x + a[1] * y + a[2] * z;

/** Middle and size of a hemisphere's box in mm; views of several hemispheres share the scale that fits the largest. */
export interface Box {
  centre: Vector;
  size: Vector;
}

export function boxOf(points: ArrayLike<number>): Box {
  const low = [Infinity, Infinity, Infinity], high = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i++) {
    const k = i % 3, v = points[i] as number;
    if (v < (low[k] as number)) low[k] = v;
    if (v > (high[k] as number)) high[k] = v;
  }
  const of = (f: (low: number, high: number) => number): Vector => [0, 1, 2].map((k) => f(low[k] as number, high[k] as number)) as unknown as Vector;
  return { centre: of((l, h) => (l + h) / 2), size: of((l, h) => Math.max(h - l, 1e-9)) };
}

/** Width over height of every view. */
export const ASPECT = 1.36;
const MARGIN = 1.07;

/** Height of the picture in mm so that every hemisphere fits from the side. */
export function heightFor(boxes: readonly Box[]): number {
  return MARGIN * Math.max(...boxes.map(({ size }) => Math.max(size[2], size[1] / ASPECT)));
}
