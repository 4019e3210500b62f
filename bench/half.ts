/** Synthetic matrices in the paper's shape: 4 metrics of a region of two hemispheres, normalised as the study normalises them. */
import { createRandom } from '../analysis/random.js';
import { normalize, type CohortMatrix } from '../analysis/parcellation/normalize.js';
import type { NormalizationSpec } from '../contracts/study.js';
import { simulateCohort } from '../simulate/index.js';
import { METRICS, SCALES } from '../simulate/design.js';
import { indexKey } from '../simulate/effects.js';
import { drawField, noiseField } from '../simulate/field.js';
import { icosphere } from '../simulate/mesh.js';
import { cingulateRegion, trueComponents } from '../simulate/region.js';

export interface NamedMatrix {
  name: string;
  /** m x n, row-major, non-negative. */
  values: Float64Array;
  m: number;
  n: number;
}

export interface SyntheticCohort {
  /** Raw values. */
  matrix: CohortMatrix;
  group: string[];
  age: number[];
}

export const NORMALIZATION: NormalizationSpec = { zscore: 'all', shift: 'global', withinHalves: true };
const PEOPLE = 36;
const SEED = 0;

/** Mesh level 6 gives 1694 rows; lower levels are for trying the harness. */
export function syntheticCohort(meshLevel: 3 | 6, people: number): SyntheticCohort {
  const sphere = icosphere(meshLevel), region = cingulateRegion(sphere);
  const field = noiseField(sphere, region), labels = trueComponents(region, 0);
  const cohort = simulateCohort('tokyo', people, { seed: SEED, effect: 'population' });
  const m = 2 * field.size, n = METRICS.length * people;
  const values = new Float64Array(m * n);
  METRICS.forEach((metric, q) => cohort.ids.forEach((id, s) => {
    const means = [1, 2, 3, 4].map((k) => cohort.indices.get(indexKey(metric, k))?.[s] as number);
    const drawn = drawField(field, labels, means, SCALES[metric].noise * SCALES[metric].sd, createRandom(`${SEED}/bench/${id}/${metric}`));
    for (let v = 0; v < m; v++) values[v * n + q * people + s] = drawn[v] as number;
  }));
  return { matrix: { values, vertices: m, subjects: people, metrics: METRICS.length }, group: cohort.people.map((p) => p.group), age: cohort.people.map((p) => p.age) };
}

/** Half a cohort: 36 people x 4 metrics, 1694 x 144 at mesh level 6. */
export function syntheticHalf(meshLevel: 3 | 6): NamedMatrix {
  const { values, vertices, metrics, subjects } = normalize(syntheticCohort(meshLevel, PEOPLE).matrix, NORMALIZATION);
  return { name: 'half a cohort', values, m: vertices, n: metrics * subjects };
}
