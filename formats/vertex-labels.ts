/** One reader for every format with a label a vertex: atlas labels, parcellations, masks. The content decides which, not the file's name. */
import { decompressed, describe, detectFormat } from './detect.js';
import { FormatError, mismatch } from './format-error.js';
import { readAnnot } from './freesurfer-annot.js';
import { readFreesurferLabel } from './freesurfer-label.js';
import type { LabelEntry } from './label-table.js';
import { notAnInteger } from './label-text.js';
import type { VertexFormat, VertexHints, VertexLabels } from './vertex-hints.js';
import { arrange, readMap } from './vertex-maps.js';
import { readVertexValues } from './vertex-values.js';

const EXPECTED = 'one label per vertex: text, GIFTI label, FreeSurfer annot or label, or whole numbers in mgh, .npy or .mat';

/**
 * Labels of a vertex file: CIVET text (its table stands in a file of its own: readLabelTable), GIFTI label, FreeSurfer annot and label
 * (1 where a vertex is listed, 0 elsewhere), and whole numbers in curv, mgh/mgz, .npy, .mat.
 * @throws FormatError with the file and the line or byte
 */
export function readVertexLabels(bytes: Uint8Array, hints: VertexHints): VertexLabels {
  const { file } = hints;
  const format = detectFormat(bytes);
  switch (format) {
    case 'numbers': case 'text': case 'empty': case 'pointer': {
      const { values, ...source } = readVertexValues(bytes, hints);
      const labels = whole(values, (i, value) => notAnInteger(bytes, hints, i, value, source.combined));
      return { ...source, labels, table: null, unnamed: 0 };
    }
    case 'gifti': case 'curv': case 'npy': case 'mat': case 'mgh': {
      const map = readMap(format === 'mgh' ? bytes : decompressed(bytes, file), format, hints);
      return build(map.values, format, map.hemisphere, map.table, hints);
    }
    case 'annot': {
      const { labels, table, unnamed } = readAnnot(decompressed(bytes, file), { file });
      const result = build(Float64Array.from(labels), 'annot', null, table, hints);
      const chosen = hints.select === undefined ? null : new Set(hints.select);
      return { ...result, unnamed: unnamed.filter((v) => chosen === null || chosen.has(v)).length };
    }
    case 'label': {
      if (hints.vertices === undefined) throw new FormatError('INVALID_VALUE', `${file}: a FreeSurfer label does not say how many vertices its mesh has`, { file, remedy: 'State surface: vertices in the study file.' });
      const mask = new Float64Array(hints.vertices);
      for (const v of readFreesurferLabel(bytes, { file, vertices: hints.vertices }).vertices) mask[v] = 1;
      return build(mask, 'label', null, null, hints);
    }
    case 'gzip': decompressed(bytes, file); break; // says what is wrong with the compression
    case 'xml': case 'mni-obj': case 'freesurfer-surface': case 'nifti': case 'minc': case 'lcmodel-table': case 'lcmodel-coord': case 'hdf5': case 'zip':
    case 'vertstats': case 'binary':
  }
  throw mismatch('WRONG_KIND', { file }, describe(bytes), EXPECTED, 'Give a label or mask file of this mesh.');
}

function build(all: Float64Array, format: VertexFormat, stated: VertexLabels['hemisphere'], table: LabelEntry[] | null, hints: VertexHints): VertexLabels {
  const { source, values } = arrange(all, format, stated, hints);
  const labels = whole(values, (i, value) => mismatch('NOT_AN_INTEGER', { file: hints.file }, `${value} at vertex ${hints.select?.[i] ?? i}`, 'an integer label', 'Give a label or mask file, not a measurement.'));
  const known = new Set(table?.map((t) => t.number));
  const unnamed = table === null ? 0 : labels.reduce((n, l) => n + (l === -1 || known.has(l) ? 0 : 1), 0);
  return { ...source, labels, table, unnamed };
}

function whole(values: Float64Array, error: (index: number, value: number) => FormatError): Int32Array {
  const labels = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    labels[i] = value;
    if (labels[i] !== value) throw error(i, value);
  }
  return labels;
}
