/** The packed brain as typed arrays. */
import type { Box } from '../camera.js';
import type { PackedBrain } from '../pack.js';

export interface Surface {
  side: 'left' | 'right';
  box: Box;
  /** mm. */
  points: Float32Array;
  triangles: Uint16Array | Uint32Array;
  /** 0 to 1. */
  grey: Float32Array;
}

export interface Unpacked {
  span: number;
  rank: number;
  colours: string[];
  surfaces: Surface[];
  cohorts: { name: string; labels: Uint16Array[] }[];
}

function bytes(base64: string): ArrayBuffer {
  const text = atob(base64), out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  return out.buffer;
}

export function unpack(text: string): Unpacked {
  const { span, rank, colours, sides, cohorts } = JSON.parse(text) as PackedBrain;
  return {
    span, rank, colours,
    surfaces: sides.map(({ side, box, points, triangles, indexBytes, grey }) => ({
      side, box,
      points: Float32Array.from(new Uint16Array(bytes(points)), (v, i) => box.centre[i % 3]! + (v / 65535 - 0.5) * box.size[i % 3]!),
      triangles: indexBytes === 2 ? new Uint16Array(bytes(triangles)) : new Uint32Array(bytes(triangles)),
      grey: Float32Array.from(new Uint8Array(bytes(grey)), (g) => g / 255),
    })),
    cohorts: cohorts.map(({ name, labels }) => ({ name, labels: labels.map((l) => new Uint16Array(bytes(l))) })),
  };
}
