/** GIFTI label files (GIFTI 1.0: NIFTI_INTENT_LABEL, int32, one value per vertex) for viewers of parcellations. */
import { FormatError } from './format-error.js';
import { INTENT } from './gifti-types.js';
import { writeGifti, type GiftiLabel, type GiftiWriteOptions } from './gifti-write.js';

export type { GiftiLabel } from './gifti-write.js';
export type GiftiLabelOptions = GiftiWriteOptions;

/**
 * Bytes of a GIFTI label file. `labels`: one key per mesh vertex; `table`: every key that occurs.
 * @throws FormatError INVALID_VALUE when a label is not an integer or not in the table
 */
export function writeGiftiLabel(labels: ArrayLike<number>, table: readonly GiftiLabel[], options: GiftiLabelOptions = {}): Uint8Array {
  const keys = new Set(table.map((t) => t.key));
  for (let i = 0; i < labels.length; i++) {
    if (!keys.has(labels[i] as number)) throw new FormatError('INVALID_VALUE', `vertex ${i}: label ${labels[i]} is not in the label table`, { remedy: 'Add the label to the table.' });
  }
  return writeGifti([{ intent: INTENT.label, type: 'i4', dims: [labels.length], data: labels }], table, options);
}
