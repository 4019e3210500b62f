/** A slice on paper: true proportions, a window of grey, an outline. */
import type { Canvas, Colour } from './canvas.js';
import { outlineOf } from './outline.js';
import type { Slice } from './slice.js';

/** Stands out against dark greys, with any colour vision; against light ones by the dark line along its inner side. */
export const OUTLINE: Colour = [255, 176, 0], BESIDE: Colour = [0, 0, 0];

/** Pixels of a slice at `scale` pixels a millimetre. */
export const sizeOf = ({ width, height, pixel }: Omit<Slice, 'values'>, scale: number): [number, number] => [Math.max(1, Math.round(width * pixel[0] * scale)), Math.max(1, Math.round(height * pixel[1] * scale))];

/** Values between the window's ends become grey, those beyond black and white, those that are not finite black. Between voxels it is drawn linearly. */
export function drawSlice(canvas: Canvas, slice: Slice, left: number, top: number, scale: number, [low, high]: readonly [number, number]): void {
  const [across, down] = sizeOf(slice, scale), { width, height, values } = slice;
  const grey = Float32Array.from(values, (v) => (Number.isFinite(v) ? Math.min(255, Math.max(0, (255 * (v - low)) / (high - low))) : 0));
  for (let y = 0; y < down; y++) {
    const [r0, r1, v] = between(y, down, height);
    for (let x = 0; x < across; x++) {
      const [c0, c1, u] = between(x, across, width);
      const upper = grey[c0 + width * r0]! * (1 - u) + grey[c1 + width * r0]! * u, lower = grey[c0 + width * r1]! * (1 - u) + grey[c1 + width * r1]! * u;
      const g = Math.round(upper * (1 - v) + lower * v);
      canvas.set(left + x, top + y, [g, g, g]);
    }
  }
}

/** The voxels on either side of the middle of a pixel, and how far it is between them. */
function between(pixel: number, pixels: number, voxels: number): [number, number, number] {
  const at = Math.min(voxels - 1, Math.max(0, ((pixel + 0.5) * voxels) / pixels - 0.5)), below = Math.floor(at);
  return [below, Math.min(voxels - 1, below + 1), at - below];
}

/** The outline of labels along the edges of voxels. True: there was something to draw. */
export function drawOutline(canvas: Canvas, labels: Slice, left: number, top: number, scale: number): boolean {
  const [across, down] = sizeOf(labels, scale), drawn = new Float32Array(across * down);
  for (let y = 0; y < down; y++) for (let x = 0; x < across; x++) drawn[x + across * y] = labels.values[Math.floor(((x + 0.5) * labels.width) / across) + labels.width * Math.floor(((y + 0.5) * labels.height) / down)]!;
  const outline = outlineOf(drawn, across, down);
  for (let y = 0; y < down; y++) for (let x = 0; x < across; x++) {
    const at = x + across * y, beside = drawn[at]! > 0 && [at - 1, at + 1, at - across, at + across].some((near) => outline[near] === 1);
    if (outline[at] === 1 || beside) canvas.set(left + x, top + y, outline[at] === 1 ? OUTLINE : BESIDE);
  }
  return outline.includes(1);
}
