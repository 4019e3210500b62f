/** Writing NIfTI-1 volumes and series in one file (nifti1.h), little-endian, with an sform. */
import { FormatError } from './format-error.js';
import { encodeNumbers } from './numbers.js';
import type { VoxelToWorld } from './nifti-orientation.js';

export interface NiftiOutput {
  /** Voxels along i, j and k, and volumes when it is a series: three or four sizes, at most 32,767 each. */
  shape: readonly number[];
  /** Voxel indices to RAS coordinates in mm: three rows of four, row-major. */
  affine: VoxelToWorld;
  /** In the order of the file: i fastest, volumes slowest. Whole numbers and in range for `i2` and `u1`. */
  values: ArrayLike<number>;
  type: 'f4' | 'f8' | 'i2' | 'u1';
}

const CODES = { u1: [2, 8], i2: [4, 16], f4: [16, 32], f8: [64, 64] } as const;
const HEADER = 348, DATA = 352;
/** xyzt_units: mm and seconds; sform_code: scanner coordinates. */
const MM_AND_SECONDS = 2 + 8, SCANNER = 1;

/**
 * Bytes of a `.nii`; gzip them for a `.nii.gz`. Nothing is scaled and no date or name is written: equal volumes give equal bytes.
 * @throws FormatError INVALID_VALUE: a shape that the values do not fill or the header cannot hold, an affine that is not finite or flattens, a value that the type cannot hold
 */
export function writeNifti({ shape, affine, values, type }: NiftiOutput): Uint8Array {
  const count = shape.reduce((product, n) => product * n, 1);
  if ((shape.length !== 3 && shape.length !== 4) || !shape.every((n) => Number.isInteger(n) && n >= 1 && n <= 32767) || count !== values.length) {
    throw new FormatError('INVALID_VALUE', `${values.length} values do not fill a volume of ${shape.join(' x ')}`, { remedy: 'Give three or four sizes of 1 to 32,767 that fit the values.' });
  }
  const column = (c: number): number[] => [affine[c]!, affine[4 + c]!, affine[8 + c]!];
  const [i, j, k] = [column(0), column(1), column(2)] as [number[], number[], number[]];
  const volume = i[0]! * (j[1]! * k[2]! - j[2]! * k[1]!) - j[0]! * (i[1]! * k[2]! - i[2]! * k[1]!) + k[0]! * (i[1]! * j[2]! - i[2]! * j[1]!);
  if (affine.length !== 12 || !affine.every(Number.isFinite) || volume === 0) throw new FormatError('INVALID_VALUE', 'the affine is not three finite rows of four that keep space', { remedy: 'Give the map from voxels to millimetres.' });
  const header = Buffer.alloc(DATA);
  header.writeInt32LE(HEADER, 0);
  header.writeInt16LE(shape.length, 40);
  for (let d = 0; d < 7; d++) header.writeInt16LE(shape[d] ?? 1, 42 + 2 * d);
  const [code, bits] = CODES[type];
  header.writeInt16LE(code, 70);
  header.writeInt16LE(bits, 72);
  // pixdim[0] is the handedness of the qform, which is not set; [4] a repetition time that nobody gave.
  [1, Math.hypot(...i), Math.hypot(...j), Math.hypot(...k), 1].forEach((size, d) => header.writeFloatLE(size, 76 + 4 * d));
  header.writeFloatLE(DATA, 108);
  header.writeFloatLE(1, 112);
  header[123] = MM_AND_SECONDS;
  header.writeInt16LE(SCANNER, 254);
  affine.forEach((x, at) => header.writeFloatLE(x, 280 + 4 * at));
  header.write('n+1\0', 344, 'latin1');
  return Buffer.concat([header, encodeNumbers(values, type, true)]);
}
