/** Lists of vertices: one index a line, counted from 0; or a FreeSurfer .label file. */
import { SulcusError } from '../../contracts/errors.js';
import { decodeText, excerpt, readVertexLabels } from '../../formats/index.js';

/**
 * Ascending vertex indices. Blank lines and lines beginning with # are skipped; an index that is listed twice counts once.
 * @throws SulcusError BAD_VERTEX_LIST with the line; the readers' errors
 */
export function readVertexList(bytes: Uint8Array, options: { file: string; vertices: number }): number[] {
  const { file, vertices } = options;
  const text = decodeText(bytes, file);
  if (/^#!ascii label/i.test(text)) {
    const { labels } = readVertexLabels(bytes, { file, vertices });
    return [...labels.keys()].filter((v) => labels[v] === 1);
  }
  const found = new Set<number>();
  text.split('\n').forEach((raw, i) => {
    const word = raw.trim(), line = i + 1;
    if (word === '' || word.startsWith('#')) return;
    const value = Number(word);
    if (/^\d+$/.test(word) && value < vertices) { found.add(value); return; }
    throw new SulcusError('BAD_VERTEX_LIST', `${file} line ${line}: found "${excerpt(word)}", expected a vertex from 0 to ${vertices - 1}`, { file, line, remedy: 'write one vertex index a line, counted from 0' });
  });
  return [...found].sort((a, b) => a - b);
}
