/** The Laplace-Beltrami operator of a triangle mesh by linear finite elements. */
import { SurfaceError } from './errors.js';
import type { Adjacency } from './topology.js';
import type { Mesh, SymmetricMatrix } from './types.js';

export interface Laplacian {
  /** Stiffness matrix C: C[i][j] = -(cot a + cot b) / 2 for the angles a, b opposite edge ij; rows sum to 0; positive semi-definite. */
  stiffness: SymmetricMatrix;
  /** Lumped mass: a third of the area of each vertex's triangles, mm2. 0 for a vertex whose triangles are all left out. */
  mass: Float64Array;
}

/**
 * Cotangents above this (angles below 0.3 degrees) come from needles and caps that resampling leaves. Such a triangle's part is scaled down
 * as a whole, which keeps C positive semi-definite; what flows through it is still faster than anything around it.
 */
const MOST_COTANGENT = 200;

/**
 * Cotangent stiffness and lumped mass (Pinkall & Polthier 1993; Meyer et al. 2003; Chung & Taylor 2004 for cortical surfaces).
 * Triangles with a corner where `excluded` is not 0 are left out: nothing flows across their edges (a boundary without flux).
 * @throws SurfaceError MESH_DEGENERATE when the surface has no area
 */
export function laplacianOf(mesh: Mesh, adjacency: Adjacency, excluded?: Uint8Array): Laplacian {
  const { points: p, triangles: t } = mesh;
  const n = p.length / 3, { rows, neighbours: columns } = adjacency;
  const values = new Float64Array(columns.length), diagonal = new Float64Array(n), mass = new Float64Array(n);
  const couple = (from: number, to: number, weight: number): void => {
    let e = rows[from]!;
    while (columns[e] !== to) e++;
    values[e] = values[e]! - weight;
    diagonal[from] = diagonal[from]! + weight;
  };
  let total = 0;
  for (let i = 0; i < t.length; i += 3) {
    const v = [t[i]!, t[i + 1]!, t[i + 2]!] as const;
    if (excluded !== undefined && (excluded[v[0]] !== 0 || excluded[v[1]] !== 0 || excluded[v[2]] !== 0)) continue;
    const [d0, d1, d2, doubleArea] = corners(p, v);
    total += doubleArea;
    for (const w of v) mass[w] = mass[w]! + doubleArea / 6;
    const steepest = Math.max(Math.abs(d0), Math.abs(d1), Math.abs(d2));
    if (!(doubleArea > 0) || steepest === 0) continue;
    const half = 0.5 / Math.max(doubleArea, steepest / MOST_COTANGENT);
    const weights = [d0 * half, d1 * half, d2 * half] as const;
    for (let k = 0; k < 3; k++) {
      const a = v[(k + 1) % 3]!, b = v[(k + 2) % 3]!;
      couple(a, b, weights[k]!);
      couple(b, a, weights[k]!);
    }
  }
  if (excluded === undefined && !(total > 0)) throw new SurfaceError('MESH_DEGENERATE', 'the surface has no area', 'the file is damaged: write or copy it again');
  return { stiffness: { rows, columns, values, diagonal }, mass };
}

/** At each corner the scalar product of its two edges, and twice the triangle's area: their quotient is the cotangent. */
function corners(p: Float64Array, [a, b, c]: readonly [number, number, number]): [number, number, number, number] {
  const ux = p[3 * b]! - p[3 * a]!, uy = p[3 * b + 1]! - p[3 * a + 1]!, uz = p[3 * b + 2]! - p[3 * a + 2]!;
  const vx = p[3 * c]! - p[3 * a]!, vy = p[3 * c + 1]! - p[3 * a + 1]!, vz = p[3 * c + 2]! - p[3 * a + 2]!;
  const uu = ux * ux + uy * uy + uz * uz, vv = vx * vx + vy * vy + vz * vz, uv = ux * vx + uy * vy + uz * vz;
  const x = uy * vz - uz * vy, y = uz * vx - ux * vz, z = ux * vy - uy * vx;
  return [uv, uu - uv, vv - uv, Math.sqrt(x * x + y * y + z * z)];
}
