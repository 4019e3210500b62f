/** Values of one vertex file at the region's vertices, whatever its format. */
import { FormatError, readVertexValues, type VertexHints } from '../../formats/index.js';
import type { SourceFile } from './documents.js';

/**
 * Reads the half of the file that is the source's hemisphere. A file that holds both hemispheres is read only where the study says so, and the
 * other way round: a left file that is read for the right side would give wrong numbers without a word.
 * @throws FormatError
 */
export function readSource(bytes: Uint8Array, source: Pick<SourceFile, 'name' | 'side' | 'together'>, mesh: number, select?: Int32Array, gaps = false): Float64Array {
  const hints: VertexHints = { file: source.name, vertices: mesh, hemisphere: source.side, ...(select === undefined ? {} : { select }), gaps };
  const { values, combined } = readVertexValues(bytes, hints);
  const together = source.together === true;
  if (combined === together) return values;
  const found = together ? `${mesh} values` : `${2 * mesh} values, both hemispheres`, expected = together ? `${2 * mesh}, left then right` : `${mesh}`;
  throw new FormatError(together ? 'SHORT_FILE' : 'LONG_FILE', `${source.name}: found ${found}, expected ${expected}`, {
    file: source.name, remedy: together ? 'write {side} in the template and leave out hemispheres: together' : 'write hemispheres: together for this metric, without {side} in its template',
  });
}
