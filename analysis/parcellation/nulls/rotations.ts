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

/** Gram-Schmidt of normal deviates, twice. */
function haar(size: number, random: Random): Float64Array {
  const q = new Float64Array(size * size);
  for (let i = 0; i < q.length; i++) q[i] = random.normal();
  for (let a = 0; a < size; a++) {
    for (let pass = 0; pass < 2; pass++) for (let b = 0; b < a; b++) {
      let s = 0;
      for (let c = 0; c < size; c++) s += q[a * size + c]! * q[b * size + c]!;
      for (let c = 0; c < size; c++) q[a * size + c] = q[a * size + c]! - s * q[b * size + c]!;
    }
    let s = 0;
    for (let c = 0; c < size; c++) s += q[a * size + c]! * q[a * size + c]!;
    const length = Math.sqrt(s);
    for (let c = 0; c < size; c++) q[a * size + c] = q[a * size + c]! / length;
  }
  return q;
}
