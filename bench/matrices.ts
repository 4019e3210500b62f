/** Seeded matrices unlike the paper's, so that a comparison does not rest on one shape. */
import { createRandom } from '../analysis/random.js';
import type { NamedMatrix } from './half.js';

/** Sparse counts: Poisson draws around a product of six sparse parts, 1000 x 120. */
export function sparseCounts(small: boolean): NamedMatrix {
  const m = small ? 100 : 1000, n = small ? 30 : 120, parts = 6, random = createRandom('bench/counts');
  const heavy = (): number => random.uniform() ** 4 * 3;
  const w = Float64Array.from({ length: m * parts }, heavy), h = Float64Array.from({ length: parts * n }, heavy);
  const values = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let c = 0; c < n; c++) {
    let mean = 0;
    for (let j = 0; j < parts; j++) mean += (w[i * parts + j] as number) * (h[j * n + c] as number);
    values[i * n + c] = poisson(mean / 2, random.uniform);
  }
  return { name: 'sparse counts', values, m, n };
}

/** More columns than rows: five parts and noise, 120 x 600. */
export function moreColumns(small: boolean): NamedMatrix {
  const m = small ? 40 : 120, n = small ? 80 : 600, parts = 5, random = createRandom('bench/columns');
  const h = Float64Array.from({ length: parts * n }, () => random.uniform() ** 2 * 4);
  const values = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let c = 0; c < n; c++) values[i * n + c] = Math.max(0, (h[(i % parts) * n + c] as number) + 0.6 * random.normal());
  return { name: 'more columns than rows', values, m, n };
}

/** Knuth's method; for small means. */
function poisson(mean: number, uniform: () => number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let p = uniform(); p > limit; p *= uniform()) count++;
  return count;
}
