import { describe, expect, it } from 'vitest';
import { componentIndices } from '../../../analysis/parcellation/component-indices.js';
import { normalize, selectSubjects, type CohortMatrix } from '../../../analysis/parcellation/normalize.js';
import type { NormalizationSpec } from '../../../contracts/study.js';

/** Two vertices, two metrics, two subjects: columns [metric 1: s1 s2 | metric 2: s1 s2]. */
const cohort: CohortMatrix = { values: Float64Array.of(1, 3, 10, 30, /**/ 5, 7, 20, 60), vertices: 2, subjects: 2, metrics: 2 };
const run = (spec: Partial<NormalizationSpec>): number[] => [...normalize(cohort, { zscore: 'all', shift: 'global', withinHalves: true, ...spec }).values];
const close = (values: number[]): unknown[] => values.map((v): unknown => expect.closeTo(v, 12));

describe('normalize, by hand', () => {
  // Metric 1: 1 3 5 7, mean 4, ddof-0 variance 5. Metric 2: 10 30 20 60, mean 30, variance (400 + 0 + 100 + 900) / 4 = 350.
  const a = Math.sqrt(5), b = Math.sqrt(350);
  const z = [-3 / a, -1 / a, -20 / b, 0, /**/ 1 / a, 3 / a, -10 / b, 30 / b];

  it('z over all values of a metric, then the minimum of everything', () => expect(run({})).toEqual(close(z.map((v) => v + 3 / a))));

  it('z over all values, then the minimum of each metric', () => {
    expect(run({ shift: 'per-metric' })).toEqual(close(z.map((v, i) => v + (i % 4 < 2 ? 3 / a : 20 / b))));
  });

  it('per vertex, across subjects: two values are -1 and 1, so 0 and 2', () => expect(run({ zscore: 'vertex' })).toEqual(close([0, 2, 0, 2, 0, 2, 0, 2])));

  it('per subject, across vertices', () => expect(run({ zscore: 'subject' })).toEqual(close([0, 0, 0, 0, 2, 2, 2, 2])));

  it('not at all: only the shift', () => {
    expect(run({ zscore: 'none' })).toEqual([0, 2, 9, 29, 4, 6, 19, 59]);
    expect(run({ zscore: 'none', shift: 'per-metric' })).toEqual([0, 2, 0, 20, 4, 6, 10, 50]);
  });

  it('does not change its argument, and its minimum is 0', () => {
    const before = cohort.values.slice();
    expect(Math.min(...run({}))).toBe(0);
    expect(cohort.values).toEqual(before);
  });

  it.each([
    ['all', Float64Array.of(1, 3, 5, 5, 5, 7, 5, 5), 'metric 2 does not vary anywhere'],
    ['vertex', Float64Array.of(1, 3, 1, 2, 5, 7, 4, 4), 'metric 2 does not vary at vertex 2 of the region'],
    ['subject', Float64Array.of(1, 3, 1, 2, 5, 3, 4, 4), 'metric 1 does not vary within subject 2'],
  ] as const)('%s: names what has no z score', (zscore, values, words) => {
    expect(() => normalize({ ...cohort, values }, { zscore, shift: 'global', withinHalves: true })).toThrow(expect.objectContaining({ code: 'CONSTANT_METRIC', message: expect.stringContaining(words) }));
  });
});

describe('selectSubjects', () => {
  it('takes every metric of the subjects, in the order asked', () => {
    expect(selectSubjects(cohort, [1])).toEqual({ values: Float64Array.of(3, 30, 7, 60), vertices: 2, subjects: 1, metrics: 2 });
    expect([...selectSubjects(cohort, [1, 0]).values]).toEqual([3, 1, 30, 10, 7, 5, 60, 20]);
  });
});

describe('componentIndices', () => {
  it('is the mean of raw values over the vertices of a component, per metric and subject; null without vertices; label 0 nowhere', () => {
    const three: CohortMatrix = { ...cohort, values: Float64Array.of(...cohort.values, 100, 100, 100, 100, 3, 5, 0, 0), vertices: 4 };
    expect(componentIndices(three, Int32Array.of(1, 1, 0, 3), 3)).toEqual([
      { component: 1, metric: 0, values: [3, 5] }, { component: 1, metric: 1, values: [15, 45] },
      { component: 2, metric: 0, values: [null, null] }, { component: 2, metric: 1, values: [null, null] },
      { component: 3, metric: 0, values: [3, 5] }, { component: 3, metric: 1, values: [0, 0] },
    ]);
  });
});
