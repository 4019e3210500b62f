/**
 * The paper's 15 post hoc t values with their adjusted p. With df = n1 + n2 - 4 (each pair its own ANCOVA) and BH within one index
 * and cohort, the printed p follows from the printed t, both taken as rounded. Pairs the paper does not print were not significant:
 * their p is unknown, and any value that leaves them so gives the same result; both ends are tried.
 */
import { describe, expect, it } from 'vitest';
import { adjustPValues, tTwoSided } from '../../../analysis/statistics/index.js';
import { TOKYO, TORONTO } from './support.js';

/** Printed p: 0.001 stands for `< .001`; `half` is half a unit of its last digit. */
interface Printed { a: string; t: number; p: number; half: number; b?: string }
const below = (a: string, t: number): Printed => ({ a, t, p: 0.001, half: 0 });
const equals = (a: string, t: number, p: number, digits: number, b = 'HC'): Printed => ({ a, t, p, half: 0.5 * 10 ** -digits, b });
const paper: [string, Record<string, number>, Printed[]][] = [
  ['Tokyo thickness 1', TOKYO, [below('TRS', 4.18), below('FLR', 3.83)]],
  ['Tokyo thickness 2', TOKYO, [below('TRS', 5.1), below('FLR', 4.29)]],
  ['Tokyo diffusivity 1', TOKYO, [equals('TRS', 3.55, 0.003, 3), equals('FLR', 2.58, 0.02, 2)]],
  ['Tokyo diffusivity 2', TOKYO, [equals('TRS', 3.05, 0.011, 3)]],
  ['Toronto thickness 1', TORONTO, [equals('UTRS', 3.58, 0.003, 3), equals('CLZ', 3.57, 0.003, 3)]],
  ['Toronto thickness 2', TORONTO, [below('UTRS', 4.11), below('CLZ', 4.36)]],
  ['Toronto diffusivity 1', TORONTO, [equals('UTRS', 2.64, 0.039, 3, 'CLZ'), equals('UTRS', 2.75, 0.039, 3)]],
  ['Toronto diffusivity 2', TORONTO, [equals('UTRS', 2.93, 0.018, 3, 'CLZ'), equals('UTRS', 2.97, 0.018, 3)]],
];

/** Adjusted p of the printed pairs, all t moved by `shift`. */
function adjusted(sizes: Record<string, number>, printed: Printed[], shift: number, unknown: number, df?: number): number[] {
  const groups = Object.keys(sizes).length, pairs = (groups * (groups - 1)) / 2;
  const raw = printed.map(({ a, b, t }) => tTwoSided(t + shift, df ?? sizes[a]! + sizes[b ?? 'HC']! - 4));
  return adjustPValues([...raw, ...Array.from({ length: pairs - raw.length }, () => unknown)], { method: 'bh' }).adjusted as number[];
}
const reproduced = (sizes: Record<string, number>, printed: Printed[], unknown: number, df?: number): boolean[] => {
  const low = adjusted(sizes, printed, 0.005, unknown, df), high = adjusted(sizes, printed, -0.005, unknown, df);
  return printed.map(({ p, half }, i) => (half === 0 ? low[i]! < p : low[i]! <= p + half && high[i]! >= p - half));
};

describe("the paper's post hoc pairs", () => {
  it.each(paper)('%s', (_, sizes, printed) => {
    for (const unknown of [0.051, 0.4, 1]) expect(reproduced(sizes, printed, unknown)).toEqual(printed.map(() => true));
  });

  it('are all 15, and pooled error degrees of freedom do not reproduce them all', () => {
    expect(paper.flatMap(([, , printed]) => printed)).toHaveLength(15);
    const pooled = paper.flatMap(([, sizes, printed]) => reproduced(sizes, printed, 0.4, Object.values(sizes).reduce((a, b) => a + b) - Object.keys(sizes).length - 2));
    expect(pooled.filter(Boolean).length).toBeLessThan(15);
  });

  it('the printed p beside r = .233 is not its own: 75 df give .041', () => {
    expect(tTwoSided(0.233 * Math.sqrt(75 / (1 - 0.233 ** 2)), 75)).toBeCloseTo(0.041, 3);
  });
});
