import { describe, expect, it } from 'vitest';
import { bracketLevels } from '../../../report/figures/brackets.js';
import { commonExponent, extent, powerOfTen } from '../../../report/figures/scale.js';
import { styleOf } from '../../../report/figures/styles.js';
import { boxOf, leastSquares, quantile } from '../../../report/figures/summary.js';
import { swarm } from '../../../report/figures/swarm.js';
import { renderReport, type ReportInput } from '../../../report/index.js';
import { completeStudy } from './example.js';
import { section } from './page.js';

/** Marks of a kind in one drawing. */
function marksIn(page: string, id: string, kind: string): number {
  const svg = page.slice(page.indexOf(`aria-labelledby="${id}-t`)).split('</svg>')[0] ?? '';
  return [...svg.matchAll(new RegExp(`<g[^>]* class="${kind}"[^>]*>(.*?)</g>`, 'g'))].reduce((sum, [, inside = '']) => sum + (inside.match(/<(path|circle|rect|line)\b/g) ?? []).length, 0);
}

describe('scales', () => {
  it('give a single value room, and none a default', () => {
    expect(extent([3])).toEqual([2.85, 3.15]);
    expect(extent([])).toEqual([0, 1]);
    expect(boxOf([])).toBeNull();
  });

  it('take the power of ten out of small and large axes', () => {
    expect([commonExponent([8e-4, 9e-4]), commonExponent([2.5, 3.5]), commonExponent([0, 0]), commonExponent([0, 2e5])]).toEqual([-6, 0, 0, 3]);
    expect([powerOfTen(-6), powerOfTen(3)]).toEqual(['10⁻⁶', '10³']);
  });
});

describe('marks', () => {
  it('differ in colour and shape for 56 groups', () => {
    const styles = Array.from({ length: 56 }, (_, place) => JSON.stringify(styleOf(place)));
    expect(new Set(styles).size).toBe(56);
    expect(new Set(Array.from({ length: 8 }, (_, place) => styleOf(place).symbol)).size).toBe(8);
  });

  it('do not cover each other while there is room', () => {
    const ys = Array.from({ length: 30 }, (_, index) => 100 + Math.sin(index) * 40);
    const xs = swarm(ys, 6, 60);
    for (let a = 0; a < ys.length; a += 1) for (let b = 0; b < a; b += 1) expect(Math.hypot((xs[a] ?? 0) - (xs[b] ?? 0), (ys[a] ?? 0) - (ys[b] ?? 0))).toBeGreaterThan(5.9);
    expect(Math.max(...swarm(new Array<number>(500).fill(10), 6, 40).map(Math.abs))).toBeLessThanOrEqual(40);
  });

  it('are as many as the splits, the participants and the spectra', () => {
    const page = renderReport(completeStudy());
    expect(marksIn(page, 'stability-tokyo', 'split')).toBe(90);
    expect(marksIn(page, 'groups-tokyo-thickness-1', 'point')).toBe(73);
    const panels = [...section(page, 'glx').matchAll(/<svg class="plot" role="img" aria-labelledby="(glx-[^"]*)-t /g)].map((match) => marksIn(page, match[1] ?? '', 'point'));
    expect(panels).toEqual([65, 79, 65, 79, 65, 79, 65, 79]);
  });

  it('are thinned in a very large study, which stays small', () => {
    const input = completeStudy();
    const many = (rows: NonNullable<ReportInput['participants']>) => Array.from({ length: 250 }, (_, copy) => rows.map((row) => ({ ...row, participant: `${row.participant}-${copy}` }))).flat();
    const participants = many(input.participants ?? []);
    const indices = participants.flatMap(({ cohort, participant }) => input.results.replicated.map((index, place) => ({ cohort, participant, ...index, value: 3 + ((participant.length * 31 + place + participant.charCodeAt(5) + Number(participant.split('-')[2])) % 97) / 100 })));
    const page = renderReport({ results: input.results, participants, indices });
    expect(page).toMatch(/\(one in \d+ drawn\)/);
    expect(page.length).toBeLessThan(8_000_000);
  });
});

describe('group figures', () => {
  it('stack brackets that would cross', () => {
    const pair = (a: string, b: string) => ({ a, b, pAdjusted: 0.01 });
    expect(bracketLevels(['a', 'b', 'c'], [pair('a', 'b'), pair('b', 'c')])).toBe(1);
    expect(bracketLevels(['a', 'b', 'c'], [pair('a', 'b'), pair('b', 'c'), pair('c', 'a')])).toBe(2);
    expect(bracketLevels(['a', 'b'], [pair('a', 'missing')])).toBe(0);
  });

  it('compute quartiles and lines as textbooks do', () => {
    expect([0.25, 0.5, 0.75].map((q) => quantile([1, 2, 3, 4], q))).toEqual([1.75, 2.5, 3.25]);
    expect(leastSquares([{ x: 0, y: 1 }, { x: 1, y: 3 }, { x: 2, y: 5 }])).toEqual({ slope: 2, intercept: 1 });
    expect(leastSquares([{ x: 1, y: 1 }, { x: 1, y: 3 }, { x: 1, y: 5 }])).toBeNull();
  });
});
