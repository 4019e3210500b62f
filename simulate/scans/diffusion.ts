/** A diffusion-weighted series of a simulated head: Stejskal and Tanner's signal of a cylindrical tensor in every voxel, with Rician noise. */
import type { Random } from '../../analysis/random.js';
import { brainAt, tissueAt, type Tissue } from './anatomy.js';

/** Voxels along each axis, and their size in mm: a field of view of 120 mm. */
export const VOXELS = 24;
export const VOXEL_MM = 5;
/** s/mm2 of the weighted volumes, and how many there are after the one without weighting. */
export const B_VALUE = 1000;
export const DIRECTIONS = 30;
/** Signal of brain without weighting, and the noise of each of its two channels: a signal-to-noise ratio of 80. */
const S0 = 2000, NOISE = 25;

/** Voxel to RAS mm: stored from right to left, as scanners do, the middle of the volume at the origin. */
export const AFFINE: readonly number[] = (() => {
  const middle = ((VOXELS - 1) / 2) * VOXEL_MM;
  return [-VOXEL_MM, 0, 0, middle, 0, VOXEL_MM, 0, -middle, 0, 0, VOXEL_MM, -middle];
})();

/** `DIRECTIONS` unit vectors in RAS, even over half a sphere (a spiral of the golden angle). */
export function directions(): [number, number, number][] {
  return Array.from({ length: DIRECTIONS }, (_, i) => {
    const z = (i + 0.5) / DIRECTIONS, r = Math.sqrt(1 - z * z), angle = 2.399963229728653 * i;
    return [r * Math.cos(angle), r * Math.sin(angle), z];
  });
}

/**
 * The scheme in FSL's two files: a column a volume. FSL's directions are along the voxels' axes, with the first turned round where the affine's determinant is
 * positive; here it is negative, and the first axis runs against x.
 */
export function fslScheme(): { bvec: string; bval: string } {
  const all = [[0, 0, 0] as const, ...directions()];
  const row = (c: 0 | 1 | 2, sign: number): string => all.map((g) => (g[c] === 0 ? '0' : (sign * g[c]).toFixed(6))).join(' ');
  return { bvec: `${row(0, -1)}\n${row(1, 1)}\n${row(2, 1)}\n`, bval: `${all.map((_, i) => (i === 0 ? 0 : B_VALUE)).join(' ')}\n` };
}

/**
 * Diffusivities (mm2/s) along and across the axis of the cylindrical tensor with this FA and MD: with l1 = MD (1 + 2a) and l2 = l3 = MD (1 - a),
 * FA = sqrt(3 a^2 / (1 + 2 a^2)) (Basser and Pierpaoli 1996, equation 14).
 */
export function diffusivities({ fa, md }: Tissue): { along: number; across: number } {
  const a = fa / Math.sqrt(3 - 2 * fa * fa);
  return { along: md * (1 + 2 * a), across: md * (1 - a) };
}

/** The series, i fastest and volumes slowest: whole numbers, the unweighted volume first. Fibres run from the head's middle outwards. */
export function diffusionSeries(parts: readonly Tissue[], random: Random): Int16Array {
  const gradients = directions(), size = VOXELS ** 3, series = new Int16Array(size * (1 + DIRECTIONS));
  for (let at = 0; at < size; at++) {
    const index = [at % VOXELS, Math.floor(at / VOXELS) % VOXELS, Math.floor(at / VOXELS ** 2)];
    const [x, y, z] = [0, 1, 2].map((r) => AFFINE[4 * r + r]! * index[r]! + AFFINE[4 * r + 3]!) as [number, number, number];
    const brain = S0 * brainAt(x, y, z), { along, across } = diffusivities(tissueAt(parts, y, z)), length = Math.hypot(x, y, z);
    for (let v = 0; v <= DIRECTIONS; v++) {
      const g = gradients[v - 1];
      const cosine = g === undefined ? 0 : (g[0] * x + g[1] * y + g[2] * z) / length;
      const weighting = g === undefined ? 0 : B_VALUE * (across + (along - across) * cosine * cosine);
      series[v * size + at] = Math.round(Math.hypot(brain * Math.exp(-weighting) + NOISE * random.normal(), NOISE * random.normal()));
    }
  }
  return series;
}
