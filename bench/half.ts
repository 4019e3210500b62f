/** One synthetic half in the paper's shape: 36 people x 4 metrics on a region of two hemispheres, normalised as the study normalises it. */
import { createRandom } from '../analysis/random.js';
import { normalize } from '../analysis/parcellation/normalize.js';
import { simulateCohort } from '../simulate/index.js';
import { METRICS, SCALES } from '../simulate/design.js';
import { indexKey } from '../simulate/effects.js';
import { drawField, noiseField } from '../simulate/field.js';
import { icosphere } from '../simulate/mesh.js';
import { cingulateRegion, trueComponents } from '../simulate/region.js';

export interface Half {
  /** m x n, row-major, non-negative. */
  values: Float64Array;
  m: number;
  n: number;
}

const PEOPLE = 36;
const SEED = 0;

/** Mesh level 6 gives 1694 x 144; lower levels are for trying the harness. */
export function syntheticHalf(meshLevel: 3 | 6): Half {
  const sphere = icosphere(meshLevel), region = cingulateRegion(sphere);
  const field = noiseField(sphere, region), labels = trueComponents(region, 0);
  const cohort = simulateCohort('tokyo', PEOPLE, { seed: SEED, effect: 'population' });
  const m = 2 * field.size, n = METRICS.length * PEOPLE;
  const values = new Float64Array(m * n);
  METRICS.forEach((metric, q) => cohort.ids.forEach((id, s) => {
    const means = [1, 2, 3, 4].map((k) => cohort.indices.get(indexKey(metric, k))?.[s] as number);
    const drawn = drawField(field, labels, means, SCALES[metric].noise * SCALES[metric].sd, createRandom(`${SEED}/bench/${id}/${metric}`));
    for (let v = 0; v < m; v++) values[v * n + q * PEOPLE + s] = drawn[v] as number;
  }));
  const x = normalize({ values, vertices: m, subjects: PEOPLE, metrics: METRICS.length }, { zscore: 'all', shift: 'global', withinHalves: true });
  return { values: x.values, m, n };
}
