/** One reader for every format with a measure a vertex: the content decides which, not the file's name. */
import type { VertexHints, VertexValues } from './vertex-hints.js';
import { readVertexText } from './vertex-text.js';

/**
 * Values of a vertex file: CIVET text, GIFTI (.gii), FreeSurfer curv/thickness, mgh/mgz, .npy, .mat.
 * @throws FormatError with the file and the line or byte; every value returned is finite
 */
export function readVertexValues(bytes: Uint8Array, hints: VertexHints): VertexValues {
  const vertices = hints.vertices ?? 0;
  return { format: 'text', vertices, hemisphere: null, combined: false, values: readVertexText(bytes, { file: hints.file, vertices, ...(hints.select ? { select: hints.select } : {}) }) };
}
