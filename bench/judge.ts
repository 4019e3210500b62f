/** Error and residual of any W, whoever computed it: plain sums, straight from the definitions in docs/opnmf.md, none of the solver's code. */
import type { NamedMatrix } from './half.js';

export interface Verdict {
  /** ||X - W W'X||_F at the projective scale. */
  error: number;
  /** r: the natural residual there. */
  residual: number;
}

export function judge({ values: x, m, n }: NamedMatrix, w: Float64Array, k: number): Verdict {
  const y = new Float64Array(n * k), g = new Float64Array(k * k), mm = new Float64Array(k * k);
  const add = (a: Float64Array, i: number, v: number): void => { a[i] = (a[i] as number) + v; };
  for (let i = 0; i < m; i++) for (let j = 0; j < k; j++) {
    const a = w[i * k + j] as number;
    for (let c = 0; c < n; c++) add(y, c * k + j, a * (x[i * n + c] as number));
    for (let q = 0; q < k; q++) add(g, j * k + q, a * (w[i * k + q] as number));
  }
  for (let c = 0; c < n; c++) for (let j = 0; j < k; j++) for (let q = 0; q < k; q++) add(mm, j * k + q, (y[c * k + j] as number) * (y[c * k + q] as number));
  let trace = 0, both = 0;
  for (let j = 0; j < k; j++) trace += mm[j * k + j] as number;
  for (let j = 0; j < k * k; j++) both += (g[j] as number) * (mm[j] as number);
  const s2 = trace / both;
  let error = 0, residual = 0, size = 0;
  for (let i = 0; i < m; i++) {
    const row = new Float64Array(k);
    for (let c = 0; c < n; c++) {
      let fitted = 0;
      for (let j = 0; j < k; j++) {
        fitted += (w[i * k + j] as number) * (y[c * k + j] as number);
        add(row, j, (x[i * n + c] as number) * (y[c * k + j] as number));
      }
      const d = (x[i * n + c] as number) - s2 * fitted;
      error += d * d;
    }
    // At the projective scale W is s W, Y is s Y, M is s^2 M: (W M - N) / diag(M) is (s^3 W M - s N) / (s^2 M_jj).
    for (let j = 0; j < k; j++) {
      let wm = 0;
      for (let q = 0; q < k; q++) wm += (w[i * k + q] as number) * (mm[q * k + j] as number);
      const a = Math.sqrt(s2) * (w[i * k + j] as number);
      const away = (s2 * wm - (row[j] as number)) / (Math.sqrt(s2) * (mm[j * k + j] as number));
      residual += Math.min(a, away) ** 2;
      size += a * a;
    }
  }
  return { error: Math.sqrt(error), residual: Math.sqrt(residual / size) };
}
