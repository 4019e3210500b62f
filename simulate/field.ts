/** Vertex values of one metric in the region: the component's designed mean, plus noise that is smooth along the mesh and has mean zero in every component. */
import type { Random } from '../analysis/random.js';
import type { Icosphere } from './mesh.js';
import type { Region } from './region.js';

/** Smoothing steps (each mixes a vertex with the mean of its neighbours): a few mm, far less than a component. */
const STEPS = 1;

/** Relative noise of components 1 to 4: the sulcus side is noisier, so that a fifth part, which can only divide noise, divides a large component at random. */
const COMPONENT_NOISE = [1.1, 1.1, 0.85, 0.85];
/** Noise is cut off at this many SD, so that values keep the width of their field in the files. */
const LIMIT = 4.2;

export interface NoiseField {
  /** Vertices of one hemisphere's region. */
  size: number;
  /** Neighbours of each region vertex inside the region, by region position. */
  start: Int32Array;
  neighbours: Int32Array;
  /** Factors that give every vertex the same variance after smoothing: 1 on CIVET's mesh, less on coarser ones, where fewer vertices average the noise out. */
  scale: Float64Array;
}

export function noiseField(sphere: Icosphere, region: Region): NoiseField {
  const size = region.vertices.length;
  const position = new Map(Array.from(region.vertices, (v, i) => [v, i]));
  const start = new Int32Array(size + 1), neighbours: number[] = [];
  region.vertices.forEach((v, i) => {
    for (let e = sphere.start[v]!; e < sphere.start[v + 1]!; e++) {
      const p = position.get(sphere.neighbours[e]!);
      if (p !== undefined) neighbours.push(p);
    }
    start[i + 1] = neighbours.length;
  });
  const field: NoiseField = { size, start, neighbours: Int32Array.from(neighbours), scale: new Float64Array(size).fill(1) };
  const variance = new Float64Array(size);
  const unit = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    unit.fill(0);
    unit[i] = 1;
    smooth(field, unit).forEach((v, j) => { variance[j]! += v * v; });
  }
  const strength = (size / 847) ** 0.25;
  field.scale = variance.map((v) => strength / Math.sqrt(v));
  return field;
}

function smooth(field: NoiseField, values: Float64Array): Float64Array {
  let from = values;
  for (let step = 0; step < STEPS; step++) {
    const to = new Float64Array(field.size);
    for (let i = 0; i < field.size; i++) {
      let s = 0;
      const a = field.start[i]!, b = field.start[i + 1]!;
      for (let e = a; e < b; e++) s += from[field.neighbours[e]!]!;
      to[i] = 0.5 * from[i]! + (b > a ? (0.5 * s) / (b - a) : 0.5 * from[i]!);
    }
    from = to;
  }
  return from;
}

/**
 * Values of one subject and metric: left region vertices, then right. `means[c - 1]` is component c's value; the mean over a component's vertices of
 * both hemispheres is exactly that (up to rounding), because the noise is centred in each.
 * @param components true component (1..k) of each region vertex, the same in both hemispheres
 */
export function drawField(field: NoiseField, components: Int32Array, means: readonly number[], noiseSd: number, random: Random): Float64Array {
  const { size, scale } = field;
  const out = new Float64Array(2 * size);
  const sums = new Float64Array(means.length), counts = new Float64Array(means.length);
  const white = new Float64Array(size);
  for (let side = 0; side < 2; side++) {
    for (let i = 0; i < size; i++) white[i] = random.normal();
    smooth(field, white).forEach((v, i) => {
      const c = components[i]! - 1;
      const noise = noiseSd * COMPONENT_NOISE[c]! * Math.max(-LIMIT, Math.min(LIMIT, v * scale[i]!));
      out[side * size + i] = noise;
      sums[c]! += noise;
      counts[c]!++;
    });
  }
  for (let i = 0; i < 2 * size; i++) {
    const c = components[i % size]! - 1;
    out[i] = out[i]! - sums[c]! / counts[c]! + means[c]!;
  }
  return out;
}
