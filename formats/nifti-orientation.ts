/** Where a NIfTI volume lies in space: voxel indices to RAS coordinates in mm (nifti1.h, "3D image (volume) orientation and location in space"). */
import type { NIFTI1, NIFTI2 } from 'nifti-reader-js';
import { FormatError, mismatch } from './format-error.js';

/** Three rows of four, row-major. */
export type VoxelToWorld = readonly number[];

export interface Orientation {
  affine: VoxelToWorld;
  /** The form it was taken from. The sform is preferred, as nibabel and Connectome Workbench do. */
  form: 'sform' | 'qform';
  /** How far apart sform and qform put a corner of the volume, mm; null when only one is set. Programs differ in which they believe. */
  disagreement: number | null;
}

/** Millimetres in the header's unit of space; an unknown unit is taken as mm. */
const MILLIMETRES: Readonly<Record<number, number>> = { 0: 1, 1: 1000, 2: 1, 3: 0.001 };

/**
 * The affine of a header. `srow` holds the header's twelve sform numbers.
 * @throws FormatError NO_ORIENTATION when neither form is set, BAD_NIFTI when the one used is not a finite, sensible one
 */
export function orientationOf(header: NIFTI1 | NIFTI2, srow: readonly number[], file: string): Orientation {
  const unit = MILLIMETRES[header.xyzt_units & 7] ?? 1;
  const scaled = (a: readonly number[] | null): number[] | null => a?.map((x) => x * unit) ?? null;
  const sform = scaled(header.sform_code > 0 ? srow : null), qform = scaled(header.qform_code > 0 ? quaternionAffine(header, file) : null);
  const affine = sform ?? qform;
  if (affine === null) {
    throw new FormatError('NO_ORIENTATION', `${file}: the header does not say where the volume lies (sform_code and qform_code are 0)`, {
      file, found: 'no sform and no qform', expected: 'one of them', remedy: 'Convert the volume again with a program that keeps the scanner\'s coordinates.',
    });
  }
  const form = sform === null ? 'qform' : 'sform';
  if (!affine.every(Number.isFinite)) throw mismatch('BAD_NIFTI', { file }, `an ${form} with numbers that are not finite`, 'finite ones', 'Write the volume again.');
  return { affine, form, disagreement: sform === null || qform === null ? null : farthestCorner(sform, qform, header.dims) };
}

/** Method 2 of nifti1.h: rotation by the quaternion (a, b, c, d), voxel sizes, and qfac for left-handed grids. */
function quaternionAffine(header: NIFTI1 | NIFTI2, file: string): number[] {
  const sizes = header.pixDims.slice(1, 4);
  if (!sizes.every((s) => s > 0 && Number.isFinite(s))) throw mismatch('BAD_NIFTI', { file }, `voxel sizes ${sizes.join(' x ')}`, 'positive ones', 'Write the volume again.');
  let { quatern_b: b, quatern_c: c, quatern_d: d } = header;
  const square = b * b + c * c + d * d;
  if (!(square <= 1.0001)) throw mismatch('BAD_NIFTI', { file }, `a quaternion (b, c, d) of length ${Math.sqrt(square)}`, 'a length of at most 1', 'Write the volume again.');
  const half = 1 - square < 1e-7, a = half ? 0 : Math.sqrt(1 - square), length = half ? Math.sqrt(square) : 1;
  [b, c, d] = [b / length, c / length, d / length];
  const [x, y, z] = sizes as [number, number, number], k = header.pixDims[0]! < 0 ? -z : z;
  return [
    (a * a + b * b - c * c - d * d) * x, 2 * (b * c - a * d) * y, 2 * (b * d + a * c) * k, header.qoffset_x,
    2 * (b * c + a * d) * x, (a * a + c * c - b * b - d * d) * y, 2 * (c * d - a * b) * k, header.qoffset_y,
    2 * (b * d - a * c) * x, 2 * (c * d + a * b) * y, (a * a + d * d - b * b - c * c) * k, header.qoffset_z,
  ];
}

function farthestCorner(one: readonly number[], two: readonly number[], dims: readonly number[]): number {
  let most = 0;
  for (let corner = 0; corner < 8; corner++) {
    let sum = 0;
    for (let r = 0; r < 3; r++) {
      let d = one[4 * r + 3]! - two[4 * r + 3]!;
      for (let c = 0; c < 3; c++) d += (one[4 * r + c]! - two[4 * r + c]!) * ((corner >> c) & 1) * (dims[c + 1]! - 1);
      sum += d * d;
    }
    most = Math.max(most, Math.sqrt(sum));
  }
  return most;
}
