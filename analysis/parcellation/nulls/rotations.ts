/** Random rotations of modes among those of about the same spatial frequency (Koussis et al. 2024, "eigenstrapping"). */
import type { Random } from '../../random.js';

/** Modes first .. first + size - 1. */
export interface Band {
  first: number;
  size: number;
}

/**
 * Bands of modes 1 .. count - 1: each is as wide as half the modes below it, so that frequencies within it differ by half at most (on a surface the
 * number of modes below a frequency grows as the frequency). The constant, mode 0, is in none.
 */
export function bandsOf(count: number): Band[] {
  const bands: Band[] = [];
  for (let first = 1; first < count;) {
    const size = Math.min(Math.max(1, Math.round(first / 2)), count - first);
    bands.push({ first, size });
    first += size;
  }
  return bands;
}

/** One rotation a band, row-major: rows are orthonormal, uniformly distributed (Haar), reflections included; a band of one is a sign. */
export function drawRotations(bands: readonly Band[], random: Random): Float64Array[] {
  return bands.map(({ size }) => haar(size, random));
}

/** Gram-Schmidt of normal deviates. */
function haar(size: number, random: Random): Float64Array {
  const q = new Float64Array(size * size);
  for (let i = 0; i < q.length; i++) q[i] = random.normal();
  for (let a = 0; a < size; a++) {
    const row = a * size;
    for (let b = 0; b < row; b += size) {
      let s = 0;
      for (let c = 0; c < size; c++) s += q[row + c]! * q[b + c]!;
      for (let c = 0; c < size; c++) q[row + c] = q[row + c]! - s * q[b + c]!;
    }
    let s = 0;
    for (let c = 0; c < size; c++) s += q[row + c]! * q[row + c]!;
    const scale = 1 / Math.sqrt(s);
    for (let c = 0; c < size; c++) q[row + c] = q[row + c]! * scale;
  }
  return q;
}
