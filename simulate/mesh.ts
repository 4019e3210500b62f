/**
 * The mesh of a simulated hemisphere: an icosphere (10 * 4^level + 2 vertices; level 6 has CIVET's 40,962) and a brain-like surface over it.
 * Sphere axes of the left hemisphere: x medial (+), y anterior (+), z superior (+); the right one is its mirror image, vertex by vertex.
 */
import type { Hemisphere } from '../contracts/study.js';
import { vertexNormals, type SurfaceMesh } from '../formats/obj.js';

export interface Icosphere extends SurfaceMesh {
  level: number;
  /** Neighbours of vertex i: `neighbours[start[i]] .. neighbours[start[i + 1] - 1]`. */
  start: Int32Array;
  neighbours: Int32Array;
}

/** An icosahedron subdivided `level` times, on the unit sphere; vertices of level L are the first ones of level L + 1, as in CIVET. */
export function icosphere(level: number): Icosphere {
  const t = (1 + Math.sqrt(5)) / 2;
  const points: number[] = [];
  const add = (x: number, y: number, z: number): number => {
    const r = Math.hypot(x, y, z);
    points.push(x / r, y / r, z / r);
    return points.length / 3 - 1;
  };
  for (const [x, y, z] of [[-1, t, 0], [1, t, 0], [-1, -t, 0], [1, -t, 0], [0, -1, t], [0, 1, t], [0, -1, -t], [0, 1, -t], [t, 0, -1], [t, 0, 1], [-t, 0, -1], [-t, 0, 1]] as const) add(x, y, z);
  let triangles: number[] = [0, 11, 5, 0, 5, 1, 0, 1, 7, 0, 7, 10, 0, 10, 11, 1, 5, 9, 5, 11, 4, 11, 10, 2, 10, 7, 6, 7, 1, 8, 3, 9, 4, 3, 4, 2, 3, 2, 6, 3, 6, 8, 3, 8, 9, 4, 9, 5, 2, 4, 11, 6, 2, 10, 8, 6, 7, 9, 8, 1];
  for (let l = 0; l < level; l++) {
    const middle = new Map<number, number>();
    const between = (a: number, b: number): number => {
      const key = a < b ? a * 65536 * 8 + b : b * 65536 * 8 + a;
      let v = middle.get(key);
      if (v === undefined) {
        v = add(points[3 * a]! + points[3 * b]!, points[3 * a + 1]! + points[3 * b + 1]!, points[3 * a + 2]! + points[3 * b + 2]!);
        middle.set(key, v);
      }
      return v;
    };
    const next: number[] = [];
    for (let i = 0; i < triangles.length; i += 3) {
      const a = triangles[i]!, b = triangles[i + 1]!, c = triangles[i + 2]!;
      const ab = between(a, b), bc = between(b, c), ca = between(c, a);
      next.push(a, ab, ca, b, bc, ab, c, ca, bc, ab, bc, ca);
    }
    triangles = next;
  }
  const mesh = { points: Float64Array.from(points), triangles: Int32Array.from(triangles) };
  return { level, ...mesh, ...adjacency(mesh) };
}

function adjacency(mesh: SurfaceMesh): { start: Int32Array; neighbours: Int32Array } {
  const { triangles } = mesh;
  const n = mesh.points.length / 3;
  const start = new Int32Array(n + 1);
  for (const v of triangles) start[v + 1]!++;
  for (let i = 0; i < n; i++) start[i + 1]! += start[i]!;
  const fill = start.slice(0, n);
  const neighbours = new Int32Array(start[n]!);
  // On a closed surface each edge a -> b belongs to exactly one triangle, so every neighbour is listed once.
  for (let i = 0; i < triangles.length; i += 3) {
    for (let e = 0; e < 3; e++) {
      const a = triangles[i + e]!;
      neighbours[fill[a]!++] = triangles[i + ((e + 1) % 3)]!;
    }
  }
  return { start, neighbours };
}

/** Centre, radii and angles of the cingulate arc on the medial wall, in sphere coordinates (y, z); used by the region and by the folds. */
const ARC = { y: 0.05, z: -0.08, radius: 0.42, halfWidth: 0.14, angle: 0.44, halfAngle: 1.4 };

/** Polar coordinates about the arc's centre: `across` and `along` are -1..1 inside the band; Infinity off the medial wall. */
export function arcCoordinates(sphere: SurfaceMesh, vertex: number): { across: number; along: number } {
  const x = sphere.points[3 * vertex]!, y = sphere.points[3 * vertex + 1]! - ARC.y, z = sphere.points[3 * vertex + 2]! - ARC.z;
  if (x <= 0.2) return { across: Infinity, along: Infinity };
  return { across: (Math.hypot(y, z) - ARC.radius) / ARC.halfWidth, along: (Math.atan2(z, y) - ARC.angle) / ARC.halfAngle };
}

/** Waves whose zero lines are the sulci: directions spread over the sphere by the golden angle, frequencies and phases scattered. */
const WAVES = Array.from({ length: 30 }, (_, i) => {
  const z = 1 - (2 * i + 1) / 30, r = Math.sqrt(1 - z * z), a = 2.39996 * i;
  const scatter = (k: number): number => (((i + 1) * k) % 997) / 997;
  const frequency = 11 + 4 * scatter(611);
  return { x: frequency * r * Math.cos(a), y: frequency * r * Math.sin(a), z: frequency * z, phase: 2 * Math.PI * scatter(379 * (i + 3)) };
});

const bump = (d: number, width: number): number => Math.exp(-((d / width) ** 2));
const step = (d: number, width: number): number => 1 / (1 + Math.exp(-d / width));

/** The mid surface of a hemisphere in mm: a flattened ellipsoid with a temporal lobe, a Sylvian fissure, a cingulate sulcus and winding sulci. */
export function hemisphereSurface(sphere: Icosphere, side: Hemisphere): SurfaceMesh {
  const n = sphere.points.length / 3;
  const points = new Float64Array(3 * n);
  const depth = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const x = sphere.points[3 * i]!, y = sphere.points[3 * i + 1]!, z = sphere.points[3 * i + 2]!;
    const lateral = step(-x - 0.2, 0.1);
    const sylvianLine = z + 0.12 + 0.32 * y;
    const temporal = lateral * step(-sylvianLine - 0.05, 0.05) * bump(y - 0.12, 0.55);
    points[3 * i] = -35 + 32 * (x >= 0 ? 1 - (1 - x) ** 3 : x * (1.5 + 0.5 * x)) - 2 * temporal;
    points[3 * i + 1] = 84 * y - 16 + 8 * temporal * step(y, 0.2);
    points[3 * i + 2] = z * (z < 0 ? 44 : 58) + 12 - 13 * temporal * step(0.75 + z, 0.12) - 4 * bump(y - 1, 0.4);
    const sylvian = 13 * lateral * bump(sylvianLine, 0.08) * step(y + 0.45, 0.08) * step(0.75 - y, 0.06);
    const { across, along } = arcCoordinates(sphere, i);
    const medial = step(x - 0.3, 0.08);
    const nearArc = Number.isFinite(across) ? step(1.6 - across, 0.15) : 0;
    const cingulate = 3 * (nearArc > 0 ? bump(across - 1.25, 0.3) * bump(Math.max(0, Math.abs(along) - 1), 0.4) : 0);
    const callosal = nearArc > 0 ? 2.5 * step(-1.25 - across, 0.12) : 0;
    let wave = 0;
    for (const w of WAVES) wave += Math.sin(w.x * x + w.y * y + w.z * z + w.phase);
    const sulcus = (5.5 - 2.5 * medial) * bump(wave / Math.sqrt(WAVES.length / 2), 0.4) * (1 - nearArc) * (1 - bump(sylvianLine, 0.12) * lateral);
    depth[i] = -sylvian - cingulate - callosal - sulcus;
  }
  const normals = vertexNormals({ points, triangles: sphere.triangles });
  for (let i = 0; i < 3 * n; i++) points[i] = points[i]! + depth[Math.floor(i / 3)]! * normals[i]!;
  const triangles = sphere.triangles.slice();
  if (side === 'right') {
    for (let i = 0; i < 3 * n; i += 3) points[i] = -points[i]!;
    for (let i = 0; i < triangles.length; i += 3) { const t = triangles[i + 1]!; triangles[i + 1] = triangles[i + 2]!; triangles[i + 2] = t; }
  }
  return { points, triangles };
}
