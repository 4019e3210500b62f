/** FreeSurfer .label: text; a comment line, the number of vertices, then lines `vertex x y z value`. It lists some vertices of a mesh whose size it does not say. */
import { FormatError, mismatch, refusePointer } from './format-error.js';
import { NumberScanner } from './number-scanner.js';

export interface FreesurferLabel {
  /** Vertex indices (0-based) as listed. */
  vertices: Int32Array;
  /** The last column: a statistic, often 0. */
  values: Float64Array;
}

export function isFreesurferLabel(bytes: Uint8Array): boolean {
  return /^#!ascii\s+label\b/i.test(Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 40)).toString('latin1'));
}

/**
 * Reads a label. `vertices`: of the mesh; indices must be below it.
 * @throws FormatError NOT_FREESURFER, BAD_FREESURFER (a vertex out of range or twice), SHORT_FILE, LONG_FILE, NOT_A_NUMBER, POINTER_FILE, EMPTY_FILE, with the line
 */
export function readFreesurferLabel(bytes: Uint8Array, options: { file: string; vertices?: number | undefined }): FreesurferLabel {
  const { file } = options;
  refusePointer(bytes, file);
  if (bytes.length === 0) throw new FormatError('EMPTY_FILE', `${file}: the file is empty`, { file, remedy: 'Export the file again.' });
  if (!isFreesurferLabel(bytes)) throw mismatch('NOT_FREESURFER', { file, line: 1 }, 'another first line', '"#!ascii label"', 'Give a FreeSurfer .label file.');
  const comment = bytes.indexOf(10);
  const scan = new NumberScanner(bytes, file, comment < 0 ? bytes.length : comment + 1);
  const count = scan.integer(0, 2 ** 31, 'the number of vertices');
  scan.need(count * 5, `${count} lines`);
  const limit = options.vertices ?? 2 ** 31 - 1;
  const vertices = new Int32Array(count), values = new Float64Array(count);
  const seen = new Set<number>();
  for (let i = 0; i < count; i++) {
    const vertex = vertices[i] = scan.integer(0, limit, 'a vertex index', 'BAD_FREESURFER');
    if (seen.has(vertex)) throw mismatch('BAD_FREESURFER', { file, line: scan.line() }, `vertex ${vertex} a second time`, 'each vertex once', 'Write the label again.');
    seen.add(vertex);
    for (const axis of ['x', 'y', 'z']) scan.next(`the ${axis} coordinate`);
    values[i] = scan.next('a value');
  }
  if (scan.more()) throw mismatch('LONG_FILE', { file, line: scan.line() }, `"${scan.peek()}"`, `the end after ${count} vertices`, 'The count on line 2 is wrong: write the label again.');
  return { vertices, values };
}

/** Text of a label: the vertices and, where the mesh is given, their coordinates. */
export function writeFreesurferLabel(vertices: ArrayLike<number>, points?: Float64Array): Uint8Array {
  const lines = Array.from(vertices, (v) => {
    const xyz = points === undefined ? [0, 0, 0] : [0, 1, 2].map((d) => points[v * 3 + d] as number);
    return `${v}  ${xyz.map((c) => c.toFixed(3)).join('  ')} 0.0000000000`;
  });
  return Buffer.from(['#!ascii label, from sulcus', String(lines.length), ...lines, ''].join('\n'), 'latin1');
}
