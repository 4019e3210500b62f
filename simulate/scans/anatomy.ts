/**
 * A head for simulated scans: an ellipsoid of brain, and in each hemisphere four parts with a diffusion tensor of their own. Coordinates are RAS in mm; the
 * hemispheres are mirror images. All is smooth over about a voxel, as a scanner's point spread makes it.
 */
import type { Hemisphere } from '../../contracts/study.js';
import type { SurfaceMesh } from '../../formats/obj.js';
import { icosphere } from '../mesh.js';

/** What a scan measures at a point. Mean diffusivity in mm2/s. */
export interface Tissue {
  fa: number;
  md: number;
}

/** Number of parts; a person's brain is one Tissue a part. */
export const PARTS = 4;

/** Half axes of the brain, mm. */
const BRAIN = [47, 53, 49] as const;
/** Centre and half axes of the left hemisphere's surface; the right one is its mirror image. */
const SURFACE = { centre: -21, axes: [13, 33, 29] as const };
/** Centres of the parts on the surface's unit sphere, (y, z): front, back, top, bottom. */
const CENTRES = [[1, 0], [-1, 0], [0, 1], [0, -1]] as const;
/** How sharp the borders between parts are: they are about 20 mm wide. */
const SHARPNESS = 2.5;
/** Width of the brain's edge, mm. */
const EDGE = 1.5;

/** How much of a voxel at a point is brain, 0 to 1. */
export function brainAt(x: number, y: number, z: number): number {
  const r = Math.hypot(x / BRAIN[0], y / BRAIN[1], z / BRAIN[2]);
  return 1 / (1 + Math.exp(((r - 1) * Math.min(...BRAIN)) / EDGE));
}

/** The tensor's FA and MD at a point: the person's parts, mixed at their borders. */
export function tissueAt(parts: readonly Tissue[], y: number, z: number): Tissue {
  const u = y / SURFACE.axes[1], v = z / SURFACE.axes[2];
  let sum = 0, fa = 0, md = 0;
  CENTRES.forEach(([cy, cz], k) => {
    const weight = Math.exp(SHARPNESS * (cy * u + cz * v));
    sum += weight;
    fa += weight * parts[k]!.fa;
    md += weight * parts[k]!.md;
  });
  return { fa: fa / sum, md: md / sum };
}

/** A closed surface inside one hemisphere, all of it brain: an icosphere of `level` (10 * 4^level + 2 vertices). */
export function scanSurface(level: number, side: Hemisphere): SurfaceMesh {
  const sphere = icosphere(level), points = Float64Array.from(sphere.points), triangles = sphere.triangles.slice(), right = side === 'right';
  for (let i = 0; i < points.length; i += 3) {
    points[i] = (right ? -1 : 1) * (SURFACE.centre + SURFACE.axes[0] * points[i]!);
    points[i + 1] = SURFACE.axes[1] * points[i + 1]!;
    points[i + 2] = SURFACE.axes[2] * points[i + 2]!;
  }
  // A mirror image is inside out: its triangles turn the other way.
  if (right) for (let i = 0; i < triangles.length; i += 3) { const t = triangles[i + 1]!; triangles[i + 1] = triangles[i + 2]!; triangles[i + 2] = t; }
  return { points, triangles };
}
