/** One cohort: pipelines, ingest, fits, stability, evidence. Knows nothing of the other cohorts. */
import { defineQuery, patched, setCurrentDetails, setHandler, upsertSearchAttributes } from '@temporalio/workflow';
import type { Dataset, FitOutput } from '../contracts/activities.js';
import { describeBatch, planFitBatches, planLookups, type FitBatch } from '../contracts/fit-plan.js';
import type { ArtifactRef } from '../contracts/refs.js';
import { PROGRESS_QUERY, type CohortInput, type CohortOutput, type CohortProgress, type Stage } from '../contracts/workflows.js';
import { STAGE, SUBJECTS } from './attributes.js';
import { createHold, type Hold } from './hold.js';
import { fitSteps, lightSteps, readingSteps } from './options.js';
import { fitsResumed } from './pause.js';
import { createPipelines } from './pipelines.js';
import { cohortTable } from './progress-table.js';
import { together } from './together.js';

export const cohortProgress = defineQuery<CohortProgress>(PROGRESS_QUERY);

export async function cohortWorkflow(input: CohortInput): Promise<CohortOutput> {
  const { spec, directory, cohort, run } = input;
  const progress: CohortProgress = {
    cohort, stage: 'ingest', subjects: { done: 0, total: null, excluded: 0 }, fits: { done: 0, total: null, reused: 0, notConverged: 0 },
    stability: { done: 0, total: spec.factorization.ranks[1] - spec.factorization.ranks[0] + 1 },
  };
  const show = (): void => setCurrentDetails(cohortTable(progress));
  const enter = (stage: Stage): void => { progress.stage = stage; upsertSearchAttributes([{ key: STAGE, value: stage }]); show(); };
  const hold = createHold(), pipelines = createPipelines(input, progress, show);
  setHandler(fitsResumed, async (pause) => {
    hold.resumed(pause);
    await pipelines.resumed(pause);
  });
  setHandler(cohortProgress, () => progress, { description: 'Counts of subjects, fits and ranks done' });
  let left: ArtifactRef[] = [];
  if ((spec.pipelines ?? []).length > 0) {
    enter('pipeline');
    left = await pipelines.run();
  }
  enter('ingest');

  const survey = await readingSteps.surveyCohort.executeWithOptions({ summary: `${cohort} · who is in it and where the files are` }, [{ run, cohort, spec, directory, ...(input.waiting === undefined ? {} : { waiting: input.waiting }), ...(left.length === 0 ? {} : { left }) }]);
  progress.subjects.total = survey.subjects;
  const shards = await together(() => Array.from({ length: survey.shards }, async (_, shard) => {
    const done = await readingSteps.ingestShard.executeWithOptions(
      { summary: `${cohort} · read subjects, part ${shard + 1} of ${survey.shards}` }, [{ run, cohort, manifest: survey.manifest, region: survey.region, shard }],
    );
    progress.subjects.done += done.read + done.reused + done.excluded;
    progress.subjects.excluded += done.excluded;
    show();
    return done.shard;
  }));
  const data = await lightSteps.assembleCohort.executeWithOptions(
    { summary: `${cohort} · matrix, and halves stratified by ${spec.stability.stratify.join(' and ') || 'nothing'}` }, [{ run, cohort, spec, manifest: survey.manifest, region: survey.region, shards }],
  );
  upsertSearchAttributes([{ key: SUBJECTS, value: data.subjects }]);
  if (input.ingestOnly) { enter('done'); return null; }

  enter('fit');
  const [spectra, fits] = await together(() => [readSpectra(input, data), runFits(input, data, progress, hold, show)]);
  enter('stability');
  const evidence = await collectEvidence(input, data, fits, progress, show);
  enter('done');
  return { cohort, data, spectra, ...evidence, notConverged: progress.fits.notConverged };
}

async function readSpectra({ spec, directory, cohort, run }: CohortInput, data: Dataset): Promise<ArtifactRef | null> {
  if (spec.spectroscopy === null) return null;
  const { spectra } = await readingSteps.readSpectra.executeWithOptions({ summary: `${cohort} · spectra, tissue correction, quality` }, [{ run, cohort, spec, directory, dataset: data.dataset }]);
  return spectra;
}

/** Keys of the fits by rank: [A, B] of every split, and the whole cohort. */
type FitKeys = Map<number, { halves: [string, string][]; whole: string }>;

async function runFits({ spec, cohort, run }: CohortInput, data: Dataset, progress: CohortProgress, hold: Hold, show: () => void): Promise<FitKeys> {
  const { factorization, stability } = spec;
  const batches = planFitBatches(data, factorization.ranks, stability.splits);
  progress.fits.total = batches.reduce((s, b) => s + b.ranks.length, 0);
  show();
  const keys: FitKeys = new Map();
  for (let rank = factorization.ranks[0]; rank <= factorization.ranks[1]; rank++) {
    keys.set(rank, { halves: Array.from({ length: stability.splits }, (): [string, string] => ['', '']), whole: '' });
  }
  const take = ({ split, half }: FitBatch, rank: number, key: string): void => {
    const at = keys.get(rank), halves = split === null ? undefined : at?.halves[split];
    if (halves) halves[half === 'A' ? 0 : 1] = key;
    else if (at) at.whole = key;
  };
  const missing = patched('find-fits') ? await takeFound({ spec, cohort, run }, data, batches, progress, take) : batches;
  show();
  await together(() => missing.map(async (batch) => {
    const done: FitOutput = await hold.step(() => fitSteps.factorize.executeWithOptions({ summary: describeBatch(cohort, batch) }, [{ run, cohort, spec: { factorization, stability }, dataset: data, batch }]));
    for (const fit of done.fits) {
      take(batch, fit.rank, fit.ref.key);
      progress.fits.done++;
      if (fit.reused) progress.fits.reused++;
      if (!fit.converged) progress.fits.notConverged++;
    }
    show();
  }));
  return keys;
}

/** Takes what earlier runs have fitted, and returns the batches that are left to do: a run that changes nothing here costs one step, not one a batch. */
async function takeFound(
  { spec: { factorization, stability }, cohort, run }: Pick<CohortInput, 'spec' | 'cohort' | 'run'>, data: Dataset, batches: FitBatch[], progress: CohortProgress,
  take: (batch: FitBatch, rank: number, key: string) => void,
): Promise<FitBatch[]> {
  const missing = await Promise.all(planLookups(batches).map(async (group) => {
    const { found } = await lightSteps.findFits.executeWithOptions({ summary: `${cohort} · fits of earlier runs` }, [{ run, cohort, spec: { factorization, stability }, dataset: data, batches: group }]);
    for (const { batch: at, keys, notConverged } of found) {
      const batch = group[at] as FitBatch;
      batch.ranks.forEach((rank, i) => take(batch, rank, keys[i] as string));
      progress.fits.done += keys.length;
      progress.fits.reused += keys.length;
      progress.fits.notConverged += notConverged;
    }
    const there = new Set(found.map((one) => one.batch));
    return group.filter((_, i) => !there.has(i));
  }));
  return missing.flat();
}

async function collectEvidence(
  { cohort, run }: CohortInput, data: Dataset, fits: FitKeys, progress: CohortProgress, show: () => void,
): ReturnType<typeof lightSteps.collectEvidence> {
  const stability = await Promise.all([...fits].map(async ([rank, { halves, whole }]) => {
    const done = await lightSteps.stabilityOfRank.executeWithOptions({ summary: `${cohort} · stability of rank ${rank}` }, [{ run, cohort, rank, vertices: data.vertices, halves, whole }]);
    progress.stability.done++;
    show();
    return done.stability;
  }));
  const whole = [...fits].map(([rank, f]) => ({ rank, key: f.whole }));
  return lightSteps.collectEvidence.executeWithOptions(
    { summary: `${cohort} · stability and accuracy by rank` }, [{ run, cohort, stability, whole }],
  );
}
