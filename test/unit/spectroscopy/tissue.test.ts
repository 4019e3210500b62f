import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  csfCorrected, fractionProblem, fractionsInVoxel, gasparovic, labelShare, METABOLITE_RELAXATION_3T, WATER_CONTENT, WATER_RELAXATION_3T, type TissueFractions, type WaterScaling,
} from '../../../analysis/spectroscopy/index.js';

interface Case { fractions: TissueFractions; te: number; tr: number; waterTe: number; waterTr: number; metabolite: { t1: number; t2: number }; scaling: WaterScaling; printed: number; truth: number }
const cases = JSON.parse(readFileSync(new URL('fixtures/gasparovic.json', import.meta.url), 'utf8')) as Case[];

describe('gasparovic', () => {
  it.each(cases)('finds $truth mmol/kg again in the signals of a voxel of known content', ({ fractions, te, tr, waterTe, waterTr, metabolite, scaling, printed, truth }) => {
    const found = gasparovic(printed, fractions, { te, tr, waterTe, waterTr }, scaling, { waterContent: WATER_CONTENT, water: WATER_RELAXATION_3T, metabolite });
    expect(Math.abs(found / truth - 1)).toBeLessThan(1e-12);
  });

  it('depends on the proportions of the fractions only, and grows with CSF', () => {
    const constants = { waterContent: WATER_CONTENT, water: WATER_RELAXATION_3T, metabolite: METABOLITE_RELAXATION_3T['Glu+Gln']! };
    const at = (f: TissueFractions): number => gasparovic(10, f, { te: 30, tr: 2000, waterTe: 30, waterTr: 2000 }, { wconc: 35880, atth2o: 0.7, attmet: 1 }, constants);
    expect(at({ gm: 0.57, wm: 0.285, csf: 0.095 })).toBeCloseTo(at({ gm: 0.6, wm: 0.3, csf: 0.1 }), 12);
    expect(at({ gm: 0.5, wm: 0.25, csf: 0.25 })).toBeGreaterThan(at({ gm: 0.6, wm: 0.3, csf: 0.1 }));
  });
});

describe('tissue fractions', () => {
  it('csf: concentration per volume without CSF', () => expect(csfCorrected(9, 0.25)).toBe(12));

  it.each<[string, [number | null, number | null, number | null], 'csf' | 'all', RegExp | null]>([
    ['whole', [0.6, 0.3, 0.1], 'all', null],
    ['a few percent unclassified', [0.58, 0.3, 0.1], 'all', null],
    ['csf alone where that is enough', [null, null, 0.1], 'csf', null],
    ['csf alone where all are needed', [null, null, 0.1], 'all', /no grey or white/],
    ['none', [0.6, 0.3, null], 'csf', /no CSF/],
    ['percent', [60, 30, 10], 'csf', /looks like percent/],
    ['percent below 1', [60, 39.5, 0.5], 'csf', /looks like percent/],
    ['negative', [0.6, 0.5, -0.1], 'csf', /CSF fraction -0.1 is not between 0 and 1/],
    ['all CSF', [0, 0, 1], 'csf', /all CSF/],
    ['a sum that cannot be', [0.6, 0.3, 0.3], 'csf', /add up to 1.2/],
    ['not a number', [NaN, 0.3, 0.1], 'csf', /not between/],
  ])('%s', (_, [gm, wm, csf], need, expected) => {
    const found = fractionProblem({ gm, wm, csf }, need);
    if (expected === null) expect(found).toBeNull();
    else expect(found).toMatch(expected);
  });
});

describe('fractions from a segmentation', () => {
  const at = (values: number[]) => (i: number): number => values[i] as number;

  it('of labels, over the mask, partial elements by their weight', () => {
    const labels = at([1, 1, 2, 2, 3, 0, 2, 3]), mask = at([0, 1, 1, 0.5, 1, 0.5, 0, NaN]);
    const found = fractionsInVoxel(8, mask, { csf: labelShare(labels, 1), gm: labelShare(labels, 2), wm: labelShare(labels, 3) });
    expect(found).toEqual({ size: 4, csf: 1 / 4, gm: 1.5 / 4, wm: 1 / 4 });
  });

  it('of maps', () => {
    const found = fractionsInVoxel(2, at([1, 1]), { gm: at([0.8, 0.4]), wm: at([0.1, 0.5]), csf: at([0.1, 0.1]) });
    expect(found?.gm).toBeCloseTo(0.6, 12);
    expect((found?.gm ?? 0) + (found?.wm ?? 0) + (found?.csf ?? 0)).toBeCloseTo(1, 12);
  });

  it('of an empty mask there are none', () => expect(fractionsInVoxel(3, at([0, -1, NaN]), { gm: at([1, 1, 1]), wm: at([0, 0, 0]), csf: at([0, 0, 0]) })).toBeNull());
});
