/** Bootstrap intervals of one cohort as a durable step. */
import type { BootstrapInput, BootstrapOutput } from '../../contracts/resampling.js';
import type { ComputeContext } from '../context.js';
import { cohortInput } from '../statistics.js';
import { encodeJson, once, stepRow } from '../step.js';
import type { Account } from '../why/index.js';
import { runTask } from './runner.js';

export const BOOTSTRAP_VERSION = 1;

/** Keyed by what is resampled and how, not by the tests: another alpha that replicates the same indices changes nothing. */
export async function bootstrapCohort({ store, tasks }: ComputeContext, input: BootstrapInput): Promise<BootstrapOutput> {
  const { run, cohort, spec, replicated } = input;
  const { covariates, resamples = 0, seed = 0, confidence = 0.95 } = spec.statistics;
  const { columns, control, spectroscopy } = spec, groups = spec.cohorts.find((c) => c.name === cohort)?.groups ?? [];
  const key = {
    cohort, dataset: input.dataset.key, indices: input.indices.key, spectra: input.spectra?.key ?? null, metrics: spec.metrics.map((m) => m.name),
    covariates, columns, control, groups, quality: spectroscopy?.quality ?? null, replicated, resamples, seed, confidence,
  };
  const account: Account = {
    place: { step: 'bootstrap', cohort }, parameters: { metrics: key.metrics, covariates, columns, control, groups, quality: key.quality, 'replicated indices': replicated.map((r) => `${r.metric} ${r.component}`), resamples, seed, confidence },
    datasets: { [cohort]: key.dataset }, made: { 'structural indices': { kind: 'indices', keys: [key.indices] }, spectra: { kind: 'spectra', keys: key.spectra === null ? [] : [key.spectra] } },
  };
  const step = await once(store, run, 'bootstrap', BOOTSTRAP_VERSION, key, account, async () =>
    encodeJson(await runTask(tasks, { kind: 'bootstrap', input: await cohortInput(store, spec, input), spec: spec.statistics, replicated, options: { resamples, seed, confidence } })));
  await store.recordSteps(run.runId, `bootstrap-${cohort}`, [stepRow(run, { step: 'bootstrap', cohort }, step.ref.key, step.provenance)]);
  return { bootstrap: step.ref };
}
