/** Structural indices of a cohort: the mean of each metric over each component's vertices, per subject. */
import { componentIndices, type ComponentIndex } from '../analysis/parcellation/component-indices.js';
import { hardLabels } from '../analysis/parcellation/labels.js';
import type { IndicesInput, IndicesOutput } from '../contracts/activities.js';
import type { ControlContext } from './context.js';
import { decodeDoubles } from './doubles.js';
import { decodeFit } from './fit.js';
import { encodeJson, load, once, stepRow } from './step.js';
import type { Account } from './why/index.js';

export const INDICES_VERSION = 1;

export type IndicesDocument = ComponentIndex[];

export async function computeIndices({ store }: ControlContext, input: IndicesInput): Promise<IndicesOutput> {
  const { run, cohort, data } = input;
  const account: Account = {
    place: { step: 'indices', cohort }, datasets: { [cohort]: data.dataset.key }, columns: [], made: { parcellation: { kind: 'parcellation', keys: [input.parcellation.key] } },
  };
  const step = await once(store, run, 'indices', INDICES_VERSION, { matrix: data.matrix.key, parcellation: input.parcellation.key }, account, async () => {
    const { vertices, subjects, metrics } = data;
    const fit = decodeFit(await load(store, input.parcellation));
    const values = decodeDoubles(await load(store, data.matrix));
    return encodeJson(componentIndices({ values, vertices, subjects, metrics }, hardLabels(fit.W, vertices, fit.rank), fit.rank) satisfies IndicesDocument);
  });
  await store.recordSteps(run.runId, `indices-${cohort}`, [stepRow(run, { step: 'indices', cohort }, step.ref.key, step.provenance)]);
  return { indices: step.ref };
}
