/** Atlas labels and 0/1 masks of a mesh: vertex files whose values are integers (CIVET's DKT-40 labels, midline masks). */
import { FormatError, mismatch } from './format-error.js';
import { frame } from './vertex-text-lines.js';
import { readVertexText, type VertexTextOptions } from './vertex-text.js';

/**
 * Labels in mesh order. The rules of readVertexText hold; whole numbers written with decimals ("18.000000") are accepted.
 * @throws FormatError as readVertexText, and NOT_AN_INTEGER with the line
 */
export function readLabelText(bytes: Uint8Array, options: VertexTextOptions): Int32Array {
  const values = readVertexText(bytes, options);
  const labels = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    labels[i] = value;
    if (labels[i] !== value) throw notAnInteger(bytes, options, i, value, false);
  }
  return labels;
}

/** The error of the i-th value of a text file (or of `select`); `combined`: of the right half of a file of both hemispheres where asked for it. */
export function notAnInteger(bytes: Uint8Array, hints: { file: string; vertices?: number | undefined; select?: Int32Array | undefined; hemisphere?: string | undefined }, i: number, value: number, combined: boolean): FormatError {
  const { file, vertices = 0, select, hemisphere } = hints;
  const before = combined && hemisphere === 'right' ? vertices : 0;
  const header = bytes[0] === 0x1f ? 0 : frame(bytes, file).header;
  return mismatch('NOT_AN_INTEGER', { file, line: before + (select?.[i] ?? i) + header + 1 }, String(value), 'an integer label', 'Give a label or mask file, not a measurement.');
}

/** Bytes of a label file: one integer a line, LF, final newline. */
export function writeLabelText(labels: ArrayLike<number>): Uint8Array {
  const lines = new Array<string>(labels.length + 1);
  for (let i = 0; i < labels.length; i++) {
    const value = labels[i] as number;
    if (!Number.isInteger(value)) throw new FormatError('INVALID_VALUE', `vertex ${i}: ${value} is not an integer label`, { remedy: 'Only integers can be written.' });
    lines[i] = String(value);
  }
  lines[labels.length] = '';
  return Buffer.from(lines.join('\n'), 'latin1');
}
