/** Files of a sampled metric, as tests write them. */
import { writeObj } from '../../../formats/obj.js';
import type { Mesh } from '../../../analysis/surface/index.js';

/** A NIfTI-1 volume of 32-bit floats; `affine` is its sform. */
export function nifti(shape: readonly [number, number, number], affine: readonly number[], value: (x: number, y: number, z: number) => number, description = ''): Buffer {
  const [nx, ny, nz] = shape, b = Buffer.alloc(352 + 4 * nx * ny * nz);
  b.writeInt32LE(348, 0);
  [3, nx, ny, nz, 1, 1, 1, 1].forEach((n, i) => b.writeInt16LE(n, 40 + 2 * i));
  b.writeInt16LE(16, 70);
  b.writeInt16LE(32, 72);
  [1, 1, 1, 1].forEach((n, i) => b.writeFloatLE(n, 76 + 4 * i));
  b.writeFloatLE(352, 108);
  b[123] = 2;
  b.write(description, 148);
  b.writeInt16LE(1, 254);
  affine.forEach((n, i) => b.writeFloatLE(n, 280 + 4 * i));
  b.write('n+1', 344);
  const at = (r: number, i: number, j: number, k: number): number => affine[4 * r]! * i + affine[4 * r + 1]! * j + affine[4 * r + 2]! * k + affine[4 * r + 3]!;
  let o = 352;
  for (let k = 0; k < nz; k++) for (let j = 0; j < ny; j++) for (let i = 0; i < nx; i++, o += 4) b.writeFloatLE(value(at(0, i, j, k), at(1, i, j, k), at(2, i, j, k)), o);
  return b;
}

export function xfm(matrix: readonly number[]): string {
  const row = (r: number): string => ` ${matrix.slice(4 * r, 4 * r + 4).join(' ')}`;
  return `MNI Transform File\n\nTransform_Type = Linear;\nLinear_Transform =\n${row(0)}\n${row(1)}\n${row(2)};\n`;
}

export function obj(mesh: Mesh): Uint8Array {
  return writeObj(mesh);
}
