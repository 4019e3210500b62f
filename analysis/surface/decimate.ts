/** A mesh with fewer triangles for pictures, in which the region keeps all of its own. */
import { MeshoptSimplifier } from 'meshoptimizer/simplifier';
import type { Mesh } from './types.js';

export interface DecimatedMesh extends Mesh {
  /** Which vertex of the whole mesh each vertex is, ascending: decimation moves none. */
  vertices: Int32Array;
}

export interface DecimationOptions {
  /** Vertices of the whole mesh that are all kept, with the triangles around them. */
  keep: ArrayLike<number>;
  /** Triangles wanted in the rest. */
  rest: number;
  /** When the kept part has more triangles than this, it is decimated with the rest, down to this number altogether. */
  most: number;
  /** One value a vertex that should look the same afterwards (depth of the folds), in units of its own spread. */
  shade?: Float64Array;
}

/**
 * Collapses edges by quadric error (Garland & Heckbert 1997, as in meshoptimizer) until the number is reached or nothing more can go.
 * Vertices are left out, never moved, so what is known of a vertex stays true. The same input gives the same mesh.
 * @param mesh indices within the points; boundaries and several pieces are allowed
 */
export async function decimate(mesh: Mesh, { keep, rest, most, shade }: DecimationOptions): Promise<DecimatedMesh> {
  await MeshoptSimplifier.ready;
  const { points, triangles } = mesh, n = points.length / 3;
  const inside = new Uint8Array(n), lock = new Uint8Array(n);
  for (let i = 0; i < keep.length; i++) inside[keep[i]!] = 1;
  let own = 0;
  for (let i = 0; i < triangles.length; i += 3) {
    const corners = [triangles[i]!, triangles[i + 1]!, triangles[i + 2]!];
    if (!corners.some((v) => inside[v] === 1)) continue;
    own++;
    for (const v of corners) lock[v] = 1;
  }
  const locked = own <= most, target = locked ? own + rest : most;
  const indices = Uint32Array.from(triangles);
  const fewer = 3 * target >= indices.length ? indices
    : MeshoptSimplifier.simplifyWithAttributes(indices, Float32Array.from(points), 3, Float32Array.from(shade ?? new Float64Array(n)), 1, [shade === undefined ? 0 : 0.05], locked ? lock : null, 3 * target, 1)[0];
  return compact(points, fewer);
}

function compact(points: Float64Array, indices: Uint32Array): DecimatedMesh {
  const place = new Int32Array(points.length / 3).fill(-1);
  for (const v of indices) place[v] = 0;
  const vertices: number[] = [];
  place.forEach((used, v) => { if (used === 0) { place[v] = vertices.length; vertices.push(v); } });
  const few = new Float64Array(3 * vertices.length);
  vertices.forEach((v, i) => { for (let k = 0; k < 3; k++) few[3 * i + k] = points[3 * v + k]!; });
  return { points: few, triangles: Int32Array.from(indices, (v) => place[v]!), vertices: Int32Array.from(vertices) };
}
