/** What a GIFTI file holds (GIFTI 1.0, 2011). */
import type { Hemisphere } from '../contracts/study.js';
import type { LabelEntry } from './label-table.js';
import type { NumberType } from './numbers.js';

export const INTENT = {
  points: 'NIFTI_INTENT_POINTSET', triangles: 'NIFTI_INTENT_TRIANGLE', shape: 'NIFTI_INTENT_SHAPE', label: 'NIFTI_INTENT_LABEL', none: 'NIFTI_INTENT_NONE',
} as const;

/** Intents that some writers give as NIfTI codes. */
export const INTENT_CODES: Readonly<Record<string, string>> = { 0: INTENT.none, 1002: INTENT.label, 1008: INTENT.points, 1009: INTENT.triangles, 2005: INTENT.shape };

/** The standard allows UINT8, INT32 and FLOAT32; the rest is seen in real files. */
export const DATA_TYPES: Readonly<Record<string, NumberType>> = {
  NIFTI_TYPE_UINT8: 'u1', NIFTI_TYPE_INT8: 'i1', NIFTI_TYPE_UINT16: 'u2', NIFTI_TYPE_INT16: 'i2', NIFTI_TYPE_UINT32: 'u4', NIFTI_TYPE_INT32: 'i4',
  NIFTI_TYPE_UINT64: 'u8', NIFTI_TYPE_INT64: 'i8', NIFTI_TYPE_FLOAT32: 'f4', NIFTI_TYPE_FLOAT64: 'f8',
  2: 'u1', 8: 'i4', 16: 'f4',
};

/** Where coordinates are and a matrix (row-major 4 x 4) to another space. It is reported, never applied. */
export interface GiftiTransform {
  dataSpace: string;
  transformedSpace: string;
  matrix: Float64Array;
}

export interface GiftiArray {
  /** e.g. NIFTI_INTENT_SHAPE. */
  intent: string;
  type: NumberType;
  dims: number[];
  /** Row-major, whatever the file's order; as stored (NaN is kept). null when the reader was told to leave the array out. */
  data: Float64Array | null;
  meta: Map<string, string>;
  transforms: GiftiTransform[];
}

export interface GiftiFile {
  meta: Map<string, string>;
  labels: LabelEntry[];
  arrays: GiftiArray[];
}

/** The hemisphere that AnatomicalStructurePrimary names, of the file or of any array; null when none does or they disagree. */
export function giftiHemisphere(file: GiftiFile): Hemisphere | null {
  const stated = [file.meta, ...file.arrays.map((a) => a.meta)].map((meta) => meta.get('AnatomicalStructurePrimary') ?? '');
  const sides = new Set(stated.flatMap((text): Hemisphere[] => (/left/i.test(text) ? ['left'] : /right/i.test(text) ? ['right'] : [])));
  return sides.size === 1 ? ([...sides][0] as Hemisphere) : null;
}
