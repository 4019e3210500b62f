/** The region (caudal and rostral anterior cingulate) on the simulated mesh, its true components, and the atlas around it. */
import type { Hemisphere } from '../contracts/study.js';
import { arcCoordinates, type Icosphere } from './mesh.js';

export interface Region {
  /** Ascending mesh indices, the same in both hemispheres (they mirror each other). */
  vertices: Int32Array;
  /** Position across the arc (outer, the sulcus side, is larger) and along it (dorsal-caudal is larger), about -1..1. */
  across: Float64Array;
  along: Float64Array;
}

/** Vertices of the region per hemisphere by mesh level; 847 on CIVET's mesh, as in the paper. Coarser meshes get a wider band. */
const REGION_VERTICES: Record<number, number> = { 3: 48, 4: 96, 5: 260, 6: 847 };

/** Shares of the region in components 1 to 4: 1 and 2 outer (sulcus), 3 and 4 inner (gyrus); sizes set the order of the weights. */
const SHARES = [0.36, 0.31, 0.18, 0.15] as const;

/** The arc band: the vertices nearest to its middle line, measured across and along; connected, as sub-level sets of a smooth function are. */
export function cingulateRegion(sphere: Icosphere): Region {
  const n = sphere.points.length / 3;
  const size = REGION_VERTICES[sphere.level] as number;
  const coordinates = Array.from({ length: n }, (_, i) => ({ i, ...arcCoordinates(sphere, i) }));
  const score = (c: { across: number; along: number }): number => (Math.abs(c.across) ** 6 + Math.abs(c.along) ** 6) ** (1 / 6);
  const chosen = coordinates.filter((c) => Number.isFinite(c.across)).sort((a, b) => score(a) - score(b) || a.i - b.i).slice(0, size).sort((a, b) => a.i - b.i);
  return {
    vertices: Int32Array.from(chosen, (c) => c.i), across: Float64Array.from(chosen, (c) => c.across), along: Float64Array.from(chosen, (c) => c.along),
  };
}

/**
 * True component (1..4) of each region vertex. Borders lie at fixed places of the reference cohort (shift 0); a shift bends and moves them.
 */
export function trueComponents(region: Region, shift: number): Int32Array {
  const order = (values: number[]): number[] => [...values].sort((a, b) => b - a);
  const n = region.vertices.length;
  const all = Array.from({ length: n }, (_, i) => i);
  const cut = (values: number[], share: number): number => {
    const sorted = order(values), k = Math.round(share * values.length);
    return ((sorted[k - 1] as number) + (sorted[k] as number)) / 2;
  };
  const outerShare = SHARES[0] + SHARES[1];
  const border = cut(all.map((i) => region.across[i]!), outerShare);
  const outer = all.filter((i) => region.across[i]! > border), inner = all.filter((i) => region.across[i]! <= border);
  const outerCut = cut(outer.map((i) => region.along[i]!), SHARES[0] / outerShare);
  const innerCut = cut(inner.map((i) => region.along[i]!), SHARES[2] / (SHARES[2] + SHARES[3]));
  return Int32Array.from(all, (i) => {
    const u = region.along[i]!;
    const a = region.across[i]! + shift * Math.sin(2.5 * u + 0.6);
    if (a > border) return u + 0.5 * shift > outerCut ? 1 : 2;
    return u - 0.5 * shift > innerCut ? 3 : 4;
  });
}

/** The border shift at which the adjusted Rand index between a cohort's and the reference's components is nearest to `target`. */
export function shiftForRand(region: Region, target: number, direction: 1 | -1 = 1): number {
  const reference = trueComponents(region, 0);
  let best = 0, distance = Infinity;
  for (let step = 0; step <= 160; step++) {
    const shift = direction * step * 0.005;
    const d = Math.abs(adjustedRand(reference, trueComponents(region, shift)) - target);
    if (d < distance - 1e-12) { distance = d; best = shift; }
  }
  return best;
}

/** Adjusted Rand index (Hubert & Arabie 1985, eq. 5) of two labelings of the same items. */
export function adjustedRand(a: Int32Array, b: Int32Array): number {
  const pairs = (n: number): number => (n * (n - 1)) / 2;
  const table = new Map<string, number>(), rows = new Map<number, number>(), columns = new Map<number, number>();
  a.forEach((x, i) => {
    const y = b[i]!;
    table.set(`${x} ${y}`, (table.get(`${x} ${y}`) ?? 0) + 1);
    rows.set(x, (rows.get(x) ?? 0) + 1);
    columns.set(y, (columns.get(y) ?? 0) + 1);
  });
  const sum = (m: Map<unknown, number>): number => [...m.values()].reduce((s, n) => s + pairs(n), 0);
  const r = sum(rows), c = sum(columns), expected = (r * c) / pairs(a.length), most = (r + c) / 2;
  return most === expected ? 1 : (sum(table) - expected) / (most - expected);
}

/** DKT-style regions with the direction of their middle on the left sphere (medial, anterior, superior); the two of the cingulate arc come first. */
const REGIONS: readonly (readonly [string, number, number, number])[] = [
  ['CaudalAnteriorCingulate', 0, 0, 0], ['RostralAnteriorCingulate', 0, 0, 0],
  ['CaudalMiddleFrontal', -0.6, 0.35, 0.75], ['Cuneus', 0.6, -0.85, 0.25], ['Entorhinal', 0.5, 0.3, -0.8], ['Fusiform', 0.1, -0.3, -0.95],
  ['InferiorParietal', -0.65, -0.6, 0.45], ['InferiorTemporal', -0.6, 0, -0.8], ['IsthmusCingulate', 0.9, -0.45, -0.05], ['LateralOccipital', -0.4, -0.9, -0.1],
  ['LateralOrbitofrontal', -0.35, 0.8, -0.5], ['Lingual', 0.5, -0.75, -0.4], ['MedialOrbitofrontal', 0.6, 0.7, -0.4], ['MiddleTemporal', -0.85, 0, -0.5],
  ['Parahippocampal', 0.7, -0.15, -0.7], ['Paracentral', 0.6, -0.2, 0.8], ['ParsOpercularis', -0.85, 0.45, 0.25], ['ParsOrbitalis', -0.65, 0.75, -0.2],
  ['ParsTriangularis', -0.75, 0.65, 0.1], ['Pericalcarine', 0.6, -0.85, -0.05], ['Postcentral', -0.7, -0.15, 0.7], ['PosteriorCingulate', 0.9, -0.15, 0.35],
  ['Precentral', -0.7, 0.12, 0.72], ['Precuneus', 0.65, -0.6, 0.5], ['RostralMiddleFrontal', -0.5, 0.8, 0.35], ['SuperiorFrontal', 0.25, 0.6, 0.8],
  ['SuperiorParietal', -0.25, -0.65, 0.75], ['SuperiorTemporal', -0.95, 0, -0.2], ['Supramarginal', -0.85, -0.35, 0.35], ['TransverseTemporal', -0.98, -0.15, 0.05], ['Insula', -0.97, 0.22, -0.02],
];

/** The atlas table: numbers from 1 on the left, from 101 on the right. */
export function atlasTable(): { number: number; name: string }[] {
  const names = REGIONS.map(([name]) => name).sort();
  return [...names.map((name, i) => ({ number: i + 1, name: `${name}.L` })), ...names.map((name, i) => ({ number: i + 101, name: `${name}.R` }))];
}

/** An atlas label for every mesh vertex: the nearest region's, and in the arc caudal (dorsal part) or rostral. */
export function atlasLabels(sphere: Icosphere, region: Region, side: Hemisphere): Int32Array {
  const numbers = new Map(atlasTable().filter((e) => e.name.endsWith(side === 'left' ? '.L' : '.R')).map((e) => [e.name.slice(0, -2), e.number]));
  const seeds = REGIONS.slice(2).map(([name, x, y, z]) => { const r = Math.hypot(x, y, z); return { label: numbers.get(name)!, x: x / r, y: y / r, z: z / r }; });
  const labels = new Int32Array(sphere.points.length / 3);
  for (let i = 0; i < labels.length; i++) {
    const x = sphere.points[3 * i]!, y = sphere.points[3 * i + 1]!, z = sphere.points[3 * i + 2]!;
    let best = -2;
    for (const s of seeds) {
      const d = s.x * x + s.y * y + s.z * z;
      if (d > best) { best = d; labels[i] = s.label; }
    }
  }
  region.vertices.forEach((v, i) => { labels[v] = numbers.get(region.along[i]! > 0.1 ? 'CaudalAnteriorCingulate' : 'RostralAnteriorCingulate')!; });
  return labels;
}
