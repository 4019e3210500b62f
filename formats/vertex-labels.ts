/** One reader for every format with a label a vertex: atlas labels, parcellations, masks. The content decides which, not the file's name. */
import { readLabelText } from './label-text.js';
import type { VertexHints, VertexLabels } from './vertex-hints.js';

/**
 * Labels of a vertex file: CIVET text (its table stands in a file of its own: readLabelTable), GIFTI label, FreeSurfer annot and label,
 * and whole numbers in curv, mgh/mgz, .npy, .mat.
 * @throws FormatError with the file and the line or byte
 */
export function readVertexLabels(bytes: Uint8Array, hints: VertexHints): VertexLabels {
  const vertices = hints.vertices ?? 0;
  return { format: 'text', vertices, hemisphere: null, combined: false, table: null, labels: readLabelText(bytes, { file: hints.file, vertices, ...(hints.select ? { select: hints.select } : {}) }) };
}
