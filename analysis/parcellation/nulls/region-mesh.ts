/** The region as a surface of its own: its triangles, its Laplacian, and which vertices of the two hemispheres are mirror images. */
import { adjacencyOf, laplacianOf, type Mesh, type SymmetricMatrix } from '../../surface/index.js';

export interface RegionSide {
  /** The hemisphere's part of the region: points in mm and triangles all of whose corners are in it, by position in the region. */
  mesh: Mesh;
  /** Place of its first vertex among the rows of the region. */
  first: number;
  /** Cotangent stiffness within the region: no flux across its border. */
  stiffness: SymmetricMatrix;
  /** Area of each vertex, mm2; the mean one where a vertex has no triangle in the region. */
  mass: Float64Array;
}

export interface RegionMesh {
  /** Vertices in all hemispheres. */
  size: number;
  sides: RegionSide[];
  /** Pairs of mirror images: position in the first side, position in the second. Empty with one hemisphere, or when too few vertices have one. */
  mirrored: [number, number][];
}

/** A vertex is another's mirror image when it lies within this many mean edge lengths of it. */
const NEAR = 2;
/** With fewer mirror images than this share of the smaller side, the sides are not treated as mirror images at all. */
const ENOUGH = 0.5;

/**
 * `hemispheres`: the whole surface of each (x runs from left to right, 0 between the hemispheres, as in MNI space) and the vertices of the
 * region on it, ascending. Throws SurfaceError as adjacencyOf does.
 */
export function regionMesh(hemispheres: readonly { mesh: Mesh; vertices: ArrayLike<number> }[]): RegionMesh {
  let first = 0;
  const sides = hemispheres.map(({ mesh, vertices }) => {
    const side = regionSide(mesh, Array.from(vertices), first);
    first += side.mass.length;
    return side;
  });
  return { size: first, sides, mirrored: sides.length === 2 ? mirrorImages(sides[0]!, sides[1]!) : [] };
}

function regionSide(whole: Mesh, vertices: number[], first: number): RegionSide {
  const n = whole.points.length / 3, size = vertices.length;
  const place = new Int32Array(n).fill(-1);
  vertices.forEach((v, i) => { place[v] = i; });
  const excluded = Uint8Array.from(place, (p) => (p < 0 ? 1 : 0));
  const { stiffness, mass } = laplacianOf(whole, adjacencyOf(whole), excluded);
  const rows = new Int32Array(size + 1), columns: number[] = [], values: number[] = [];
  vertices.forEach((v, i) => {
    for (let e = stiffness.rows[v]!; e < stiffness.rows[v + 1]!; e++) {
      const j = place[stiffness.columns[e]!]!;
      if (j >= 0 && stiffness.values[e] !== 0) { columns.push(j); values.push(stiffness.values[e]!); }
    }
    rows[i + 1] = columns.length;
  });
  const triangles: number[] = [];
  for (let t = 0; t < whole.triangles.length; t += 3) {
    const [a, b, c] = [place[whole.triangles[t]!]!, place[whole.triangles[t + 1]!]!, place[whole.triangles[t + 2]!]!];
    if (a >= 0 && b >= 0 && c >= 0) triangles.push(a, b, c);
  }
  const area = Float64Array.from(vertices, (v) => mass[v]!), positive = area.filter((x) => x > 0);
  const mean = positive.length > 0 ? positive.reduce((s, x) => s + x, 0) / positive.length : 1;
  return {
    mesh: { points: Float64Array.from({ length: 3 * size }, (_, i) => whole.points[3 * vertices[Math.floor(i / 3)]! + (i % 3)]!), triangles: Int32Array.from(triangles) },
    first, stiffness: { rows, columns: Int32Array.from(columns), values: Float64Array.from(values), diagonal: Float64Array.from(vertices, (v) => stiffness.diagonal[v]!) },
    mass: area.map((x) => (x > 0 ? x : mean)),
  };
}

/** For each vertex of either side the nearest one of the other side, when it is near: mirrored in x, or as it is when both sides have one common mesh. */
function mirrorImages(a: RegionSide, b: RegionSide): [number, number][] {
  const limit = (NEAR * meanEdge(a)) ** 2, p = a.mesh.points, q = b.mesh.points, m = b.mass.length;
  for (const sign of [-1, 1]) {
    const nearest = (p: Float64Array, i: number, q: Float64Array): number => {
      let best = -1, least = limit;
      for (let j = 0; j < q.length / 3; j++) {
        const x = sign * p[3 * i]! - q[3 * j]!, y = p[3 * i + 1]! - q[3 * j + 1]!, z = p[3 * i + 2]! - q[3 * j + 2]!, d = x * x + y * y + z * z;
        if (d < least) { least = d; best = j; }
      }
      return best;
    };
    const pairs = new Map<number, [number, number]>();
    let found = 0;
    for (let i = 0; i < a.mass.length; i++) { const j = nearest(p, i, q); if (j >= 0) { pairs.set(i * m + j, [i, j]); found++; } }
    if (found < ENOUGH * Math.min(a.mass.length, m)) continue;
    for (let j = 0; j < m; j++) { const i = nearest(q, j, p); if (i >= 0) pairs.set(i * m + j, [i, j]); }
    return [...pairs.values()];
  }
  return [];
}

function meanEdge({ mesh: { points: p, triangles: t } }: RegionSide): number {
  let sum = 0;
  for (let i = 0; i < t.length; i += 3) for (let k = 0; k < 3; k++) {
    const a = 3 * t[i + k]!, b = 3 * t[i + ((k + 1) % 3)]!, x = p[a]! - p[b]!, y = p[a + 1]! - p[b + 1]!, z = p[a + 2]! - p[b + 2]!;
    sum += Math.sqrt(x * x + y * y + z * z);
  }
  return t.length > 0 ? sum / t.length : 0;
}
