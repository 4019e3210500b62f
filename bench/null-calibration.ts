/**
 * The level of the spatial surrogates, beside that of free permutation: pairs of independent maps on the simulated cingulate region, how often p is small.
 * Prints the table of docs/statistics.md: `node dist/bench/null-calibration.js [pairs]` (200 pairs: about ten minutes).
 */
import { createRandom, type Random } from '../analysis/random.js';
import { hardLabels } from '../analysis/parcellation/labels.js';
import { denseRand, randNull, regionMesh, regionModes, stabilityNull, surrogateBasis } from '../analysis/parcellation/nulls/index.js';
import { stability } from '../analysis/parcellation/stability.js';
import { geodesicDistances, prepareSmoothing, smoothOnSurface } from '../analysis/surface/index.js';
import { hemisphereSurface, icosphere } from '../simulate/mesh.js';
import { cingulateRegion } from '../simulate/region.js';
import { table } from './markdown.js';

const sphere = icosphere(6), { vertices } = cingulateRegion(sphere), n = vertices.length, NULLS = 199, FREE = 19;
const region = regionMesh((['left', 'right'] as const).map((side) => ({ mesh: hemisphereSurface(sphere, side), vertices })));
const modes = regionModes(region);
if (modes === null) throw new Error('stopped');
const basis = surrogateBasis(region, modes), { mesh } = region.sides[0]!, surface = prepareSmoothing(mesh);

/** One field a parcel on the left; the right has the same plus some of another draw. */
type Fields = (random: Random, k: number) => Float64Array[];

const standard = (f: Float64Array): Float64Array => {
  const mean = f.reduce((s, v) => s + v, 0) / n, sd = Math.sqrt(f.reduce((s, v) => s + (v - mean) ** 2, 0) / n);
  return f.map((v) => (v - mean) / sd);
};
/** White noise smoothed along the surface. */
const smooth = (fwhm: number): Fields => (random, k) => Array.from({ length: k }, () => standard(smoothOnSurface(surface, Float64Array.from({ length: n }, () => random.normal()), fwhm)));
/** Minus the distance to the nearest of some random vertices. */
const tiles = (pieces: number): Fields => (random, k) => Array.from({ length: k }, () => standard(geodesicDistances(mesh, Array.from({ length: pieces }, () => random.integer(n))).map((d) => -d)));

/** Weights of both hemispheres, 2n x k: the larger `sharp`, the more each vertex belongs to one parcel. */
function weights(fields: Fields, random: Random, k: number, sharp: number): Float64Array {
  const left = fields(random, k), other = fields(random, k), W = new Float64Array(2 * n * k);
  for (let i = 0; i < n; i++) for (let j = 0; j < k; j++) {
    W[i * k + j] = Math.exp(sharp * left[j]![i]!);
    W[(n + i) * k + j] = Math.exp(sharp * (left[j]![i]! + 0.3 * other[j]![i]!));
  }
  return W;
}

const rate = (p: readonly number[], level: number): string => `${((100 * p.filter((v) => v <= level + 1e-12).length) / p.length).toFixed(0)} %`;

function calibrate(what: 'Rand index' | 'stability', name: string, fields: Fields, k: number, sharp: number, pairs: number): string[] {
  const free: number[] = [], p: number[] = [];
  let observedMean = 0, nullMean = 0;
  for (let t = 0; t < pairs; t++) {
    const random = createRandom(`calibration/${what}/${name}/${k}/${t}`), A = weights(fields, random, k, sharp), B = weights(fields, random, k, sharp);
    const a = Uint8Array.from(hardLabels(A, 2 * n, k)), b = Uint8Array.from(hardLabels(B, 2 * n, k)), order = Array.from({ length: 2 * n }, (_, i) => i);
    const observed = what === 'stability' ? stability(A, B, 2 * n, k).mean! : denseRand(a, b, k);
    let above = 0;
    for (let s = 0; s < FREE; s++) {
      random.shuffle(order);
      const moved = what === 'stability' ? stability(A, rows(B, order, k), 2 * n, k).mean! : denseRand(a, Uint8Array.from(order, (i) => b[i]!), k);
      if (moved >= observed) above++;
    }
    free.push((1 + above) / (1 + FREE));
    const options = { nulls: NULLS, stream: `calibration/${t}` };
    const [found] = (what === 'stability' ? stabilityNull(basis, [{ k, observed, splits: [{ A, B }] }], options) : randNull(basis, [{ k, a, b, observed }], options))!;
    p.push(found!.p!);
    observedMean += observed / pairs;
    nullMean += found!.mean! / pairs;
  }
  process.stderr.write(`${what} ${name} ${k}\n`);
  return [what, name, `${k}`, observedMean.toFixed(2), nullMean.toFixed(2), rate(free, 0.05), rate(p, 0.01), rate(p, 0.05), rate(p, 0.1), rate(p, 0.25), rate(p, 0.5)];
}

function rows(W: Float64Array, order: readonly number[], k: number): Float64Array {
  const out = new Float64Array(W.length);
  order.forEach((from, to) => out.set(W.subarray(from * k, (from + 1) * k), to * k));
  return out;
}

const pairs = Number(process.argv[2] ?? 200), lines: string[][] = [];
for (const k of [3, 5, 8]) lines.push(calibrate('Rand index', 'one compact tile a parcel', tiles(1), k, 1, pairs));
lines.push(calibrate('Rand index', 'three tiles a parcel', tiles(3), 4, 1, pairs));
for (const fwhm of [8, 16, 30]) lines.push(calibrate('Rand index', `smooth noise, FWHM ${fwhm} mm`, smooth(fwhm), 4, 1, pairs));
for (const k of [3, 5, 8]) lines.push(calibrate('stability', 'one tile a parcel, soft borders', tiles(1), k, 2, pairs));
for (const fwhm of [8, 16, 30]) lines.push(calibrate('stability', `smooth noise, FWHM ${fwhm} mm`, smooth(fwhm), 4, 2, pairs));
process.stdout.write(`${table(['index', 'maps', 'parcels', 'mean', 'mean of surrogates', 'p ≤ .05, free', 'p ≤ .01', 'p ≤ .05', 'p ≤ .10', 'p ≤ .25', 'p ≤ .50'], lines)}\n`);
