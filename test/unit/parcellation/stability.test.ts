import { describe, expect, it } from 'vitest';
import { stability } from '../../../analysis/parcellation/stability.js';
import { createRandom } from '../../../analysis/random.js';

const draw = (m: number, k: number, seed: string): Float64Array => {
  const random = createRandom(seed);
  return Float64Array.from({ length: m * k }, () => random.uniform() ** 3);
};

function pearson(x: number[], y: number[]): number {
  const mx = x.reduce((s, v) => s + v, 0) / x.length, my = y.reduce((s, v) => s + v, 0) / y.length;
  let xy = 0, xx = 0, yy = 0;
  x.forEach((v, i) => { xy += (v - mx) * (y[i]! - my); xx += (v - mx) ** 2; yy += (y[i]! - my) ** 2; });
  return xy / Math.sqrt(xx * yy);
}

/** The definition: two m x m cosine matrices, and the correlation of each vertex's row in the one with its row in the other. */
function explicit(a: Float64Array, b: Float64Array, m: number, k: number): number[] {
  const cosines = (w: Float64Array): number[][] => {
    const rows = Array.from({ length: m }, (_, i) => [...w.subarray(i * k, (i + 1) * k)]);
    const norm = (u: number[]): number => Math.sqrt(u.reduce((s, v) => s + v * v, 0));
    return rows.map((u) => rows.map((v) => u.reduce((s, x, j) => s + x * v[j]!, 0) / (norm(u) * norm(v))));
  };
  const A = cosines(a), B = cosines(b);
  return A.map((row, i) => pearson(row, B[i]!));
}

describe('stability', () => {
  it.each([[30, 2], [47, 4], [80, 7]])('equals the explicit m x m computation (m = %i, k = %i)', (m, k) => {
    const a = draw(m, k, 'a'), b = a.map((v, i) => v + 0.3 * draw(m, k, 'noise')[i]!);
    const r = explicit(a, b, m, k), mean = r.reduce((s, v) => s + v, 0) / m, sorted = [...r].sort((x, y) => x - y);
    const found = stability(a, b, m, k);
    expect(found.mean).toBeCloseTo(mean, 10);
    expect(found.median).toBeCloseTo((sorted[(m - 1) >> 1]! + sorted[m >> 1]!) / 2, 10);
    expect(found.sd).toBeCloseTo(Math.sqrt(r.reduce((s, v) => s + (v - mean) ** 2, 0) / (m - 1)), 10);
    expect(found.undefined).toBe(0);
    expect(mean).toBeGreaterThan(0.2);
    expect(mean).toBeLessThan(0.999);
  });

  it('keeps its digits when nearly all rows point the same way', () => {
    const [m, k] = [40, 3], base = draw(m, k, 'c').map((v) => 1 + 1e-4 * v), other = draw(m, k, 'd').map((v, i) => base[i]! + 2e-5 * v);
    const r = explicit(base, other, m, k);
    expect(stability(base, other, m, k).mean).toBeCloseTo(r.reduce((s, v) => s + v, 0) / m, 5);
  });

  it('worked example: three vertices, two components', () => {
    // A has rows (1,0) (1,0) (0,1), B has (1,0) (0,1) (0,1). Rows of the cosine matrices: A: 110 110 001, B: 100 011 011.
    // Pearson: vertex 1: 110 against 100 = 0.5; vertex 2: 110 against 011 = -0.5; vertex 3: 001 against 011 = 0.5. Mean 1/6.
    const found = stability(Float64Array.of(1, 0, 1, 0, 0, 1), Float64Array.of(1, 0, 0, 1, 0, 1), 3, 2);
    expect(found.mean).toBeCloseTo(1 / 6, 14);
    expect(found.median).toBeCloseTo(0.5, 14);
    expect(found.sd).toBeCloseTo(Math.sqrt(1 / 3), 14);
  });

  it('identical W give 1; so does any order of the columns and any scale of a row', () => {
    const [m, k] = [50, 4], w = draw(m, k, 'e');
    expect(stability(w, w, m, k)).toEqual({ mean: expect.closeTo(1, 12), median: expect.closeTo(1, 12), sd: expect.closeTo(0, 12), undefined: 0 });
    const shuffled = Float64Array.from(w, (_, at) => w[Math.floor(at / k) * k + [2, 0, 3, 1][at % k]!]! * (1 + Math.floor(at / k)));
    expect(stability(w, shuffled, m, k).mean).toBeCloseTo(1, 12);
  });

  it('leaves out and counts rows that are at the floor in either half, as if the vertices were not there', () => {
    const [m, k] = [20, 3], a = draw(m, k, 'f'), b = draw(m, k, 'g');
    const holedA = a.slice().fill(1e-16, 3 * k, 4 * k), holedB = b.slice().fill(0, 7 * k, 8 * k);
    const without = (w: Float64Array): Float64Array => w.filter((_, at) => ![3, 7].includes(Math.floor(at / k)));
    const found = stability(holedA, holedB, m, k), expected = stability(without(a), without(b), m - 2, k);
    expect(found.undefined).toBe(2);
    expect(found.mean).toBeCloseTo(expected.mean!, 13);
    expect(found.sd).toBeCloseTo(expected.sd!, 13);
  });

  it('says null, not 0 or NaN, when there is nothing to correlate: one component, no weight, one direction', () => {
    const nothing = { mean: null, median: null, sd: null, undefined: 9 };
    expect(stability(draw(9, 1, 'h'), draw(9, 1, 'i'), 9, 1)).toEqual(nothing);
    expect(stability(new Float64Array(18), draw(9, 2, 'j'), 9, 2)).toEqual(nothing);
    const oneWay = Float64Array.from({ length: 27 }, (_, at) => (1 + Math.floor(at / 3)) * [0.1, 0.7, 0.3][at % 3]!);
    expect(stability(oneWay, draw(9, 3, 'k'), 9, 3)).toEqual(nothing);
  });
});
