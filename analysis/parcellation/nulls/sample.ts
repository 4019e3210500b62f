/** The vertices at which surrogates are looked at, and the distances by which their smoothness is measured. */
import { geodesicDistances } from '../../surface/index.js';
import type { RegionMesh } from './region-mesh.js';
import type { RegionModes } from './modes.js';

/** Vertices looked at in a hemisphere: far more than the parcels' detail needs, and the cost does not grow with the mesh. */
export const MOST_POINTS = 256;
/** Of these, the ones from which distances are measured. */
const SOURCES = 32;
const BINS = 12;

/** What surrogates are made with: the modes at every vertex of the region and at the points, and pairs of points by distance. */
export interface SurrogateBasis {
  /** Vertices of the region. */
  size: number;
  modes: RegionModes;
  /** Place of each hemisphere's first vertex. */
  firsts: number[];
  /** Points by their place in the region; those of the first hemisphere come first. */
  points: Int32Array;
  /** Number of points of each hemisphere. */
  counts: number[];
  /** Pairs of points (places in `points`) and the distance bin of each. */
  pairs: { a: Int32Array; b: Int32Array; bin: Uint8Array; bins: number };
  /** Area of a vertex on average, mm2. */
  area: number;
}

/** Points are spread by farthest-point sampling (each is the vertex farthest from those before); distances are geodesic, up to the median. */
export function surrogateBasis(region: RegionMesh, modes: RegionModes): SurrogateBasis {
  const points: number[] = [], counts: number[] = [], a: number[] = [], b: number[] = [], distance: number[] = [];
  for (const side of region.sides) {
    const chosen = farthestPoints(side.mesh.points, Math.min(MOST_POINTS, side.mass.length)), start = points.length;
    chosen.slice(0, SOURCES).forEach((source, s) => {
      const d = geodesicDistances(side.mesh, [source]);
      chosen.forEach((v, i) => { if (i !== s && Number.isFinite(d[v]!)) { a.push(start + s); b.push(start + i); distance.push(d[v]!); } });
    });
    points.push(...chosen.map((v) => side.first + v));
    counts.push(chosen.length);
  }
  const sorted = Float64Array.from(distance).sort(), top = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const kept = distance.flatMap((d, i) => (d < top ? [i] : []));
  const mass = region.sides.flatMap((s) => [...s.mass]);
  return {
    size: region.size, modes, firsts: region.sides.map((s) => s.first), points: Int32Array.from(points), counts, area: mass.reduce((s, x) => s + x, 0) / mass.length,
    pairs: { a: Int32Array.from(kept, (i) => a[i]!), b: Int32Array.from(kept, (i) => b[i]!), bin: Uint8Array.from(kept, (i) => Math.floor((distance[i]! / top) * BINS)), bins: BINS },
  };
}

/** `count` vertices spread over the points (x, y, z of each), the first one first. */
function farthestPoints(p: Float64Array, count: number): number[] {
  const n = p.length / 3, nearest = new Float64Array(n).fill(Infinity), chosen: number[] = [];
  for (let next = 0; chosen.length < count;) {
    chosen.push(next);
    let best = -1;
    const from = 3 * next;
    for (let i = 0; i < n; i++) {
      const x = p[3 * i]! - p[from]!, y = p[3 * i + 1]! - p[from + 1]!, z = p[3 * i + 2]! - p[from + 2]!, d = x * x + y * y + z * z;
      if (d < nearest[i]!) nearest[i] = d;
      if (nearest[i]! > best) { best = nearest[i]!; next = i; }
    }
  }
  return chosen;
}

/** Share of pairs of points with different labels, by distance: the variogram of a parcellation. `labels`: one a point. */
export function labelVariogram(basis: SurrogateBasis, labels: ArrayLike<number>): Float64Array {
  const { a, b, bin, bins } = basis.pairs, differ = new Float64Array(bins), all = new Float64Array(bins);
  for (let i = 0; i < a.length; i++) {
    const k = bin[i]!;
    all[k]!++;
    if (labels[a[i]!] !== labels[b[i]!]) differ[k]!++;
  }
  return differ.map((d, k) => (all[k]! > 0 ? d / all[k]! : 0));
}
