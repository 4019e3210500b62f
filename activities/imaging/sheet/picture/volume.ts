/** What is read of a volume before it is drawn: which slices hold something, and between which values it lies. */
import { SulcusError } from '../../../../contracts/errors.js';
import type { NiftiVolume } from '../../../../formats/index.js';

export type Volume = Pick<NiftiVolume, 'shape' | 'affine' | 'at'>;

/** Voxels that percentiles are taken from: enough for a window. */
const SAMPLE = 2 ** 20, ENOUGH = 1000;
/** A volume with this part of zeros is a map that was cut out. */
const ZEROS = 0.1;
/** A slice with less than this part of the fullest slice's voxels is taken for background. */
const LITTLE = 0.02;

export interface Extent {
  /** By voxel axis, first and last index of a slice that is not background. */
  slices: [first: number, last: number][];
  /** 2nd and 98th percentile of what is not background; different numbers. */
  window: [number, number];
}

/**
 * Not background is what is at least t = t2 + 0.1 (t98 - t2), where t2 and t98 are percentiles of all voxels: the rough threshold between head and background of
 * BET (Smith 2002, Human Brain Mapping 17:143). A map with negative numbers and zeros around it is not background where it is not 0. 0 and what is not finite are
 * always background.
 * @throws SulcusError NOTHING_TO_DRAW: fewer than two voxels along an axis; no voxel that is finite and not 0
 */
export function extentOf({ shape, at }: Volume, file: string): Extent {
  const [nx, ny, nz] = shape, count = nx * ny * nz;
  if (Math.min(...shape) < 2) throw new SulcusError('NOTHING_TO_DRAW', `${file}: ${shape.join(' x ')} voxels, expected a volume`, { remedy: 'Name a volume of three dimensions as the image of the sheet.' });
  const all = sample(count, nx, (index) => { const v = at(index); return Number.isFinite(v) ? v : 0; }, () => true), [t2, t98] = percentiles(all);
  const zeros = all.reduce((n, v) => (v === 0 ? n + 1 : n), 0), threshold = t2 < 0 && zeros > ZEROS * all.length ? -Infinity : t2 + 0.1 * (t98 - t2);
  const counts = (v: number): boolean => v >= threshold && v !== 0 && Number.isFinite(v);
  const held = shape.map((n) => new Float64Array(n)) as [Float64Array, Float64Array, Float64Array];
  for (let k = 0, index = 0; k < nz; k++) for (let j = 0; j < ny; j++) for (let i = 0; i < nx; i++, index++) {
    if (!counts(at(index))) continue;
    held[0][i]!++; held[1][j]!++; held[2][k]!++;
  }
  const seen = sample(count, nx, at, counts);
  if (seen.length === 0) throw new SulcusError('NOTHING_TO_DRAW', `${file}: every voxel is 0 or not a number`, { remedy: 'Look at what the step made.' });
  const [low, high] = percentiles(seen);
  return { slices: held.map(within), window: low < high ? [low, high] : low > 0 ? [0, low] : [low - 1, low] };
}

/** Values spread evenly over the volume, in no step with its rows, sorted. */
function sample(count: number, row: number, at: Volume['at'], counts: (v: number) => boolean): Float64Array {
  let stride = Math.max(1, Math.ceil(count / SAMPLE));
  while (stride > 1 && gcd(stride, row) > 1) stride++;
  // A thin mask may be missed by every stride above 1.
  for (;; stride = Math.max(1, Math.floor(stride / 4))) {
    const found: number[] = [];
    for (let index = 0; index < count; index += stride) {
      const v = at(index);
      if (counts(v)) found.push(v);
    }
    if (found.length >= ENOUGH || stride === 1) return Float64Array.from(found).sort();
  }
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** The 2nd and the 98th. `sorted`: not empty. */
const percentiles = (sorted: Float64Array): [number, number] => [0.02, 0.98].map((part) => sorted[Math.round(part * (sorted.length - 1))]!) as [number, number];

function within(held: Float64Array): [number, number] {
  let most = 0;
  for (const n of held) most = Math.max(most, n);
  const full = (n: number): boolean => n > 0 && n >= LITTLE * most;
  return [held.findIndex(full), held.findLastIndex(full)];
}

/** `wanted` indices evenly spaced between first and last, each the middle of its part; fewer where there are not so many. */
export function evenly(first: number, last: number, wanted: number): number[] {
  const there = last - first + 1, n = Math.min(wanted, there);
  return Array.from({ length: n }, (_, i) => first + Math.floor(((i + 0.5) * there) / n));
}
