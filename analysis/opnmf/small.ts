/** Small dense k x k arithmetic, row-major with leading dimension `ld`. Fixed summation order; only + - * / sqrt. */

export function trace(a: Float64Array, k: number, ld: number): number {
  let s = 0;
  for (let i = 0; i < k; i++) s += a[i * ld + i] as number;
  return s;
}

/** tr(A B) of two symmetric matrices. */
export function traceOfProduct(a: Float64Array, b: Float64Array, k: number, ld: number): number {
  let s = 0;
  for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) s += (a[i * ld + j] as number) * (b[i * ld + j] as number);
  return s;
}

/** Largest eigenvalue of a symmetric k x k matrix by cyclic Jacobi rotations (Golub & Van Loan, 8.5). */
export function largestEigenvalue(a: Float64Array, k: number, ld: number): number {
  const s = new Float64Array(k * k);
  for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) s[i * k + j] = a[i * ld + j] as number;
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0, diagonal = 0;
    for (let i = 0; i < k; i++) {
      diagonal += (s[i * k + i] as number) ** 2;
      for (let j = i + 1; j < k; j++) off += (s[i * k + j] as number) ** 2;
    }
    if (off <= 1e-32 * diagonal) break;
    for (let p = 0; p < k; p++) for (let q = p + 1; q < k; q++) rotate(s, k, p, q);
  }
  let largest = 0;
  for (let i = 0; i < k; i++) largest = Math.max(largest, s[i * k + i] as number);
  return largest;
}

function rotate(s: Float64Array, k: number, p: number, q: number): void {
  const apq = s[p * k + q] as number;
  if (apq === 0) return;
  const theta = ((s[q * k + q] as number) - (s[p * k + p] as number)) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1), d = t * c;
  for (let i = 0; i < k; i++) {
    const x = s[i * k + p] as number, y = s[i * k + q] as number;
    s[i * k + p] = c * x - d * y; s[i * k + q] = d * x + c * y;
  }
  for (let i = 0; i < k; i++) {
    const x = s[p * k + i] as number, y = s[q * k + i] as number;
    s[p * k + i] = c * x - d * y; s[q * k + i] = d * x + c * y;
  }
}
