/** Coefficients of exp(-z (1 + x)) in Chebyshev polynomials on [-1, 1]. */

/**
 * exp(-z (1 + x)) = b[0] + 2 sum over k >= 1 of (-1)^k b[k] T_k(x), with b[k] = exp(-z) I_k(z), I_k the modified Bessel function
 * (Abramowitz & Stegun 9.6.34). The b are positive and b[0] + 2 sum b[k] = 1, so what is cut off bounds the error everywhere on [-1, 1]:
 * it is below `tolerance`. They come from the recurrence I_{k-1} = I_{k+1} + (2k/z) I_k run downwards (Miller's algorithm), which is stable.
 * @returns b[0] .. b[K], scaled so that b[0] + 2 sum b[k] is 1 in spite of the cut: a constant stays what it is
 */
export function heatCoefficients(z: number, tolerance: number): Float64Array {
  if (z === 0) return Float64Array.of(1);
  const log = Math.log(4 / tolerance);
  // b[k] falls as exp(-k^2 / 2z) until k is near z, and faster after.
  const start = Math.ceil(Math.sqrt(2 * z * log) + 2 * log) + 30;
  const b = new Float64Array(start + 1);
  let above = 0, here = 1e-300;
  for (let k = start; k >= 0; k--) {
    b[k] = here;
    const below = above + ((2 * k) / z) * here;
    above = here;
    here = below;
    if (here > 1e200) {
      for (let j = k; j <= start; j++) b[j] = b[j]! * 1e-200;
      above *= 1e-200;
      here *= 1e-200;
    }
  }
  let sum = 0;
  for (let k = start; k >= 1; k--) sum += 2 * b[k]!;
  sum += b[0]!;
  let last = start, tail = 0;
  while (last > 1 && tail + 2 * b[last]! < tolerance * sum) tail += 2 * b[last--]!;
  return b.slice(0, last + 1).map((x) => x / (sum - tail));
}
