/** A triangle mesh. The readers of surfaces in formats/ return this shape. */
export interface Mesh {
  /** x, y, z of each vertex in mm: 3 N values. */
  points: Float64Array;
  /** Three vertex indices a triangle, from 0: 3 T values. */
  triangles: Int32Array;
}

/** A sparse symmetric matrix: row i has its diagonal and, in ascending order of column, the entries rows[i] .. rows[i + 1] - 1. */
export interface SymmetricMatrix {
  rows: Int32Array;
  columns: Int32Array;
  values: Float64Array;
  diagonal: Float64Array;
}
