/** The vertices at which surrogates are looked at, and the distances by which their smoothness is measured. */
import { createRandom } from '../../random.js';
import { geodesicDistances } from '../../surface/index.js';
import type { RegionMesh } from './region-mesh.js';
import type { RegionModes } from './modes.js';

/**
 * Vertices looked at in a hemisphere. They are drawn at random, so that pairs of points are as near to each other, on average, as pairs of vertices are (points
 * spread evenly would leave out the near pairs, on which smooth maps agree by chance). What the draw adds to a null's spread makes p larger, never smaller.
 */
const MOST_POINTS = 128;
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
  /** Places in `points` of points that are mirror images: first hemisphere, second hemisphere. */
  mirrored: [number, number][];
  /** Pairs of points (places in `points`) and the distance bin of each. */
  pairs: { a: Int32Array; b: Int32Array; bin: Uint8Array; bins: number };
  /** Area of a vertex on average, mm2. */
  area: number;
}

/** In mirrored hemispheres the points of the second are the images of the first's. Distances are geodesic, up to the median. */
export function surrogateBasis(region: RegionMesh, modes: RegionModes): SurrogateBasis {
  const image = new Map<number, number>(), points: number[] = [], counts: number[] = [], a: number[] = [], b: number[] = [], distance: number[] = [], mirrored: [number, number][] = [];
  for (const [i, j] of region.mirrored) if (!image.has(i)) image.set(i, j);
  let before: number[] = [];
  region.sides.forEach((side, s) => {
    const start = points.length, size = side.mass.length, images = s === 1 ? before.flatMap((v) => image.get(v) ?? []) : [];
    const order = [...new Set([...images, ...createRandom(`surrogate points/${s}`).shuffle(Array.from({ length: size }, (_, i) => i))])];
    const chosen = order.slice(0, Math.min(MOST_POINTS, size));
    chosen.slice(0, SOURCES).forEach((source, from) => {
      const d = geodesicDistances(side.mesh, [source]);
      chosen.forEach((v, i) => { if (i !== from && Number.isFinite(d[v]!)) { a.push(start + from); b.push(start + i); distance.push(d[v]!); } });
    });
    if (s === 1) { const place = new Map(chosen.map((v, i) => [v, start + i])); before.forEach((v, i) => { const j = place.get(image.get(v) ?? -1); if (j !== undefined) mirrored.push([i, j]); }); }
    points.push(...chosen.map((v) => side.first + v));
    counts.push(chosen.length);
    before = chosen;
  });
  const sorted = Float64Array.from(distance).sort(), top = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const kept = distance.flatMap((d, i) => (d < top ? [i] : []));
  const mass = region.sides.flatMap((s) => [...s.mass]);
  return {
    size: region.size, modes, firsts: region.sides.map((s) => s.first), points: Int32Array.from(points), counts, mirrored, area: mass.reduce((s, x) => s + x, 0) / mass.length,
    pairs: { a: Int32Array.from(kept, (i) => a[i]!), b: Int32Array.from(kept, (i) => b[i]!), bin: Uint8Array.from(kept, (i) => Math.floor((distance[i]! / top) * BINS)), bins: BINS },
  };
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

/** Share of mirror images with equal labels; null without mirror images. */
export function mirrorAgreement(basis: SurrogateBasis, labels: ArrayLike<number>): number | null {
  const { mirrored } = basis;
  return mirrored.length === 0 ? null : mirrored.filter(([i, j]) => labels[i] === labels[j]).length / mirrored.length;
}
