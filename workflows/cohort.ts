/** One cohort: ingest, fits, stability, evidence. Knows nothing of the other cohorts. */
import { defineQuery, setCurrentDetails, setHandler, upsertSearchAttributes } from '@temporalio/workflow';
import type { Dataset, FitOutput } from '../contracts/activities.js';
import { describeBatch, planFitBatches } from '../contracts/fit-plan.js';
import type { ArtifactRef } from '../contracts/refs.js';
import { PROGRESS_QUERY, type CohortInput, type CohortOutput, type CohortProgress, type Stage } from '../contracts/workflows.js';
import { STAGE, SUBJECTS } from './attributes.js';
import { fitSteps, lightSteps, readingSteps } from './options.js';
import { cohortTable } from './progress-table.js';

export const cohortProgress = defineQuery<CohortProgress>(PROGRESS_QUERY);

export async function cohortWorkflow(input: CohortInput): Promise<CohortOutput> {
  const { spec, directory, cohort, run } = input;
  const progress: CohortProgress = {
    cohort, stage: 'ingest', subjects: { done: 0, total: null, excluded: 0 }, fits: { done: 0, total: null, reused: 0, notConverged: 0 },
    stability: { done: 0, total: spec.factorization.ranks[1] - spec.factorization.ranks[0] + 1 },
  };
  const show = (): void => setCurrentDetails(cohortTable(progress));
  const enter = (stage: Stage): void => { progress.stage = stage; upsertSearchAttributes([{ key: STAGE, value: stage }]); show(); };
  setHandler(cohortProgress, () => progress, { description: 'Counts of subjects, fits and ranks done' });
  enter('ingest');

  const survey = await readingSteps.surveyCohort.executeWithOptions({ summary: `${cohort} · who is in it and where the files are` }, [{ run, cohort, spec, directory }]);
  progress.subjects.total = survey.subjects;
  const shards = await Promise.all(Array.from({ length: survey.shards }, async (_, shard) => {
    const done = await readingSteps.ingestShard.executeWithOptions(
      { summary: `${cohort} · read subjects, part ${shard + 1} of ${survey.shards}` }, [{ run, cohort, manifest: survey.manifest, region: survey.region, shard }],
    );
    progress.subjects.done += done.read + done.reused + done.excluded;
    progress.subjects.excluded += done.excluded;
    show();
    return done.shard;
  }));
  const data = await lightSteps.assembleCohort.executeWithOptions(
    { summary: `${cohort} · matrix and split-halves` }, [{ run, cohort, spec, manifest: survey.manifest, region: survey.region, shards }],
  );
  upsertSearchAttributes([{ key: SUBJECTS, value: data.subjects }]);
  if (input.ingestOnly) { enter('done'); return null; }

  enter('fit');
  const [spectra, fits] = await Promise.all([readSpectra(input, data), runFits(input, data, progress, show)]);
  enter('stability');
  const evidence = await collectEvidence(input, data, fits, progress, show);
  enter('done');
  return { cohort, data, spectra, ...evidence, notConverged: progress.fits.notConverged };
}

async function readSpectra({ spec, directory, cohort, run }: CohortInput, data: Dataset): Promise<ArtifactRef | null> {
  if (spec.spectroscopy === null) return null;
  const { spectra } = await readingSteps.readSpectra.executeWithOptions({ summary: `${cohort} · spectra` }, [{ run, cohort, spec, directory, dataset: data.dataset }]);
  return spectra;
}

/** Keys of the fits by rank: [A, B] of every split, and the whole cohort. */
type FitKeys = Map<number, { halves: [string, string][]; whole: string }>;

async function runFits({ spec, cohort, run }: CohortInput, data: Dataset, progress: CohortProgress, show: () => void): Promise<FitKeys> {
  const { factorization, stability } = spec;
  const batches = planFitBatches(data, factorization.ranks, stability.splits);
  progress.fits.total = batches.reduce((s, b) => s + b.ranks.length, 0);
  show();
  const keys: FitKeys = new Map();
  for (let rank = factorization.ranks[0]; rank <= factorization.ranks[1]; rank++) {
    keys.set(rank, { halves: Array.from({ length: stability.splits }, (): [string, string] => ['', '']), whole: '' });
  }
  await Promise.all(batches.map(async (batch) => {
    const done: FitOutput = await fitSteps.factorize.executeWithOptions({ summary: describeBatch(cohort, batch) }, [{ run, cohort, spec: { factorization, stability }, dataset: data, batch }]);
    for (const fit of done.fits) {
      const at = keys.get(fit.rank);
      const halves = batch.split === null ? undefined : at?.halves[batch.split];
      if (halves) halves[batch.half === 'A' ? 0 : 1] = fit.ref.key;
      else if (at) at.whole = fit.ref.key;
      progress.fits.done++;
      if (fit.reused) progress.fits.reused++;
      if (!fit.converged) progress.fits.notConverged++;
    }
    show();
  }));
  return keys;
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
