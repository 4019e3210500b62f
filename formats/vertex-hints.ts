/** What callers know of a vertex file before it is read, and what they get: the common face of every format with one value a vertex. */
import type { Hemisphere } from '../contracts/study.js';
import type { LabelEntry } from './label-table.js';

export type VertexFormat = 'text' | 'gifti' | 'curv' | 'annot' | 'label' | 'mgh' | 'npy' | 'mat';

export interface VertexHints {
  /** Name used in messages; usually the path relative to the study file. */
  file: string;
  /** Vertices of one hemisphere's mesh. Absent: as many as the file holds (not for `label` files, which list some vertices only). */
  vertices?: number | undefined;
  /** Ascending vertex indices (0-based) of the values to return; all when absent. */
  select?: Int32Array | undefined;
  /**
   * The hemisphere wanted. A file that states another one (GIFTI) is refused; of a file with twice `vertices` values (left, then right)
   * this half is taken. Absent: a file of both hemispheres is refused.
   */
  hemisphere?: Hemisphere | undefined;
  /** Which map of a file with several (GIFTI data arrays, mgh frames, array columns), counted from 0. Absent: such a file is refused. */
  map?: number | undefined;
  /** NaN and infinities are returned where a format other than text has them (the medial wall); without it such a file is refused. */
  gaps?: boolean | undefined;
  /** Which variable of a .mat file with several. */
  variable?: string | undefined;
}

export interface VertexSource {
  format: VertexFormat;
  /** Vertices of the (one) hemisphere in the file. */
  vertices: number;
  /** The hemisphere the file itself states; null when it does not. */
  hemisphere: Hemisphere | null;
  /** True when the file holds both hemispheres and one half was taken. */
  combined: boolean;
}

export interface VertexValues extends VertexSource {
  /** In mesh order, or in the order of `select`; always finite, unless gaps were asked for. */
  values: Float64Array;
}

export interface VertexLabels extends VertexSource {
  /** In mesh order, or in the order of `select`. In annotations, -1 where a vertex has no structure. */
  labels: Int32Array;
  /** The file's own label table; null when it has none (text, curv, mgh, npy, mat): it stands in a file of its own. */
  table: LabelEntry[] | null;
  /** Of the vertices returned, those whose label `table` does not name (0 without a table): a region by name could miss them. */
  unnamed: number;
}
