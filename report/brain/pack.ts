/** What the browser draws from, small: coordinates in 16 bits within the hemisphere's box, indices as wide as they must be, Base64. */
import type { Hemisphere } from '../../contracts/study.js';
import { boxOf, type Box } from './camera.js';
import type { Brain } from './read.js';
import { spanOf } from './scene.js';
import { greys } from './shade.js';

/** Little-endian typed arrays in Base64. */
export interface PackedBrain {
  /** mm from the top to the bottom of a view. */
  span: number;
  rank: number;
  colours: string[];
  sides: {
    side: Hemisphere;
    box: Box;
    /** Unsigned 16 bit, three a vertex: 0 and 65535 are the sides of the box. */
    points: string;
    /** Unsigned, `indexBytes` (2 or 4) each, three a triangle. */
    triangles: string;
    indexBytes: 2 | 4;
    /** 8 bit: lightness of the folds. */
    grey: string;
  }[];
  /** Labels (unsigned 16 bit, one a vertex) by side. */
  cohorts: { name: string; labels: string[] }[];
}

const base64 = (array: Uint8Array | Uint16Array | Uint32Array): string => Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64');

export function pack(brain: Brain, colours: readonly string[]): PackedBrain {
  return {
    span: spanOf(brain), rank: brain.rank, colours: [...colours],
    sides: brain.sides.map(({ side, points, triangles, depth }) => {
      const box = boxOf(points), indexBytes = points.length / 3 > 0xffff ? 4 : 2;
      const quantised = Uint16Array.from(points, (v, i) => Math.round(65535 * Math.min(1, Math.max(0, 0.5 + (v - (box.centre[i % 3] as number)) / (box.size[i % 3] as number)))));
      return { side, box, points: base64(quantised), triangles: base64(indexBytes === 2 ? Uint16Array.from(triangles) : Uint32Array.from(triangles)), indexBytes, grey: base64(Uint8Array.from(greys(depth), (g) => Math.round(255 * g))) };
    }),
    cohorts: brain.cohorts.map(({ name, labels }) => ({ name, labels: labels.map(base64) })),
  };
}
