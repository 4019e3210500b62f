/** One reader for every format with a measure a vertex: the content decides which, not the file's name. */
import { decompressed, describe, detectFormat } from './detect.js';
import { mismatch } from './format-error.js';
import { countLines } from './vertex-text-lines.js';
import type { VertexHints, VertexValues } from './vertex-hints.js';
import { arrange, readMap } from './vertex-maps.js';
import { readVertexHalf, readVertexText } from './vertex-text.js';

const EXPECTED = 'one measure per vertex: text, GIFTI, FreeSurfer curv, mgh/mgz, .npy or .mat';

/**
 * Values of a vertex file: CIVET text (also .gz), GIFTI (.gii, .gii.gz), FreeSurfer curv/thickness, mgh/mgz, .npy, .mat.
 * In text every line must be a number; in the other formats NaN is accepted outside of `select` (surface tools write it for the medial wall).
 * @throws FormatError with the file and the line or byte; every value returned is finite, unless gaps were asked for
 */
export function readVertexValues(bytes: Uint8Array, hints: VertexHints): VertexValues {
  const { file } = hints;
  const format = detectFormat(bytes);
  switch (format) {
    case 'numbers': case 'text': case 'empty': case 'pointer':
      return readText(bytes[0] === 0x1f ? decompressed(bytes, file) : bytes, hints);
    case 'gifti': case 'curv': case 'npy': case 'mat': case 'mgh': {
      const map = readMap(format === 'mgh' ? bytes : decompressed(bytes, file), format, hints);
      if (map.labels) throw mismatch('WRONG_KIND', { file }, 'labels (NIFTI_INTENT_LABEL)', EXPECTED, 'Give the file of the measure.');
      const { source, values } = arrange(map.values, format, map.hemisphere, hints);
      const bad = values.findIndex((v) => !Number.isFinite(v) && hints.gaps !== true);
      if (bad >= 0) {
        throw mismatch('NOT_FINITE', { file }, `${values[bad]} at vertex ${hints.select?.[bad] ?? bad}`, 'a finite number', 'Find why this vertex has no value (medial wall, sampling outside of the volume), or leave it out of the region.');
      }
      return { ...source, values };
    }
    case 'gzip': decompressed(bytes, file); break; // says what is wrong with the compression
    case 'xml': case 'mni-obj': case 'freesurfer-surface': case 'nifti': case 'minc': case 'lcmodel-table': case 'lcmodel-coord': case 'hdf5': case 'zip':
    case 'vertstats': case 'binary': case 'annot': case 'label':
  }
  throw mismatch('WRONG_KIND', { file }, describe(bytes), EXPECTED, REMEDIES[format] ?? 'Give the file of the measure on the surface.');
}

const REMEDIES: Partial<Record<string, string>> = {
  nifti: 'Sample the volume on the surface first.', minc: 'Sample the volume on the surface first.', annot: 'This file holds labels: give the file of the measure.',
  label: 'This file holds a list of vertices: give the file of the measure.', vertstats: 'Export one column of it as text, one number a line.',
  'mni-obj': 'This is the mesh: give the file of the measure.', 'freesurfer-surface': 'This is the mesh: give the file of the measure.',
};

function readText(bytes: Uint8Array, hints: VertexHints): VertexValues {
  const { file, hemisphere, select } = hints;
  const vertices = hints.vertices ?? countLines(bytes, file);
  const some = select === undefined ? {} : { select };
  const source = { format: 'text' as const, vertices, hemisphere: null };
  if (hemisphere !== undefined) return { ...source, ...readVertexHalf(bytes, { file, vertices, hemisphere, ...some }) };
  return { ...source, combined: false, values: readVertexText(bytes, { file, vertices, ...some }) };
}
