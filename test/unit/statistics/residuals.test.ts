import { describe, expect, it } from 'vitest';
import type { StatisticsSpec } from '../../../contracts/study.js';
import { residualRows } from '../../../analysis/statistics/study/residuals.js';
import { assumptionRows } from '../../../analysis/statistics/study/assumptions.js';
import { openCohort } from '../../../analysis/statistics/study/cohort.js';
import type { CohortInput } from '../../../analysis/statistics/study/types.js';

const n = 24, ages = Array.from({ length: n }, (_, i) => 20 + ((i * 7) % 31)), values = Array.from({ length: n }, (_, i) => (i === 5 ? null : 3 + 0.01 * (ages[i] ?? 0) + Math.sin(i) * 0.2 + (i % 2) * 0.3));
const input: CohortInput = {
  name: 'tokyo', groups: ['HC', 'TRS'], control: 'HC', spectra: null,
  participants: { id: Array.from({ length: n }, (_, i) => `p${i}`), group: Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 'HC' : 'TRS')), age: ages, sex: Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 'F' : 'M')) },
  indices: [{ component: 1, metric: 'thickness', values }, { component: 1, metric: 'constant', values: values.map(() => 2) }],
};
const spec = { alpha: 0.05, covariates: ['age', 'sex'], pairwise: 'subset', glxType: 'II' } as unknown as StatisticsSpec;

describe('residuals of the group models', () => {
  const rows = residualRows(input, spec);

  it('are of the participants in the model, and add up to the values', () => {
    expect(rows.map((row) => row.id)).toEqual(input.participants['id']!.filter((_, i) => i !== 5));
    for (const row of rows) expect(row.fitted + row.residual).toBeCloseTo(values[Number(row.id.slice(1))] ?? NaN, 12);
    expect(Math.abs(rows.reduce((sum, row) => sum + row.residual, 0))).toBeLessThan(1e-12);
    expect(rows.reduce((sum, row) => sum + row.leverage, 0)).toBeCloseTo(4, 10);
  });

  it('are those that the checks of assumptions judge', () => {
    const check = assumptionRows(openCohort(input, spec))[0]!.influence;
    expect(Math.max(...rows.map((row) => row.cook ?? 0))).toBe(check.largestCook);
    expect(Math.max(...rows.map((row) => row.leverage))).toBe(check.largestLeverage);
  });

  it('of a model that cannot be fitted are none', () => {
    expect(rows.filter((row) => row.metric === 'constant')).toEqual([]);
  });
});
