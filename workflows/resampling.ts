/** Beyond the tests: spatial surrogates beside the choice of the rank, and the bootstrap after the statistics. */
import { patched } from '@temporalio/workflow';
import type { CohortOutcome, RunInfo, StatisticsInput, StatisticsOutput } from '../contracts/activities.js';
import { MOST_SINGLE_PAIRS, NULLS_PER_BATCH, RANKS_PER_NULL } from '../contracts/limits.js';
import type { ArtifactRef } from '../contracts/refs.js';
import type { ResamplingOutcome } from '../contracts/resampling.js';
import type { StudyInput } from '../contracts/workflows.js';
import type { Hold } from './hold.js';
import { drawSteps, readingSteps } from './options.js';

/** What surrogates are made with, or why there are none. Null: none were asked for. */
export type Surrogates = { modes: ArtifactRef; reason: null } | { modes: null; reason: string } | null;

/** Reads the study's surface and finds the modes of the region. Needs no subject, so it runs beside ingest and fits. */
export async function prepareSurrogates({ spec, directory }: StudyInput, run: RunInfo, hold: Hold): Promise<Surrogates> {
  if ((spec.statistics.nulls ?? 0) === 0) return null;
  const missing = spec.surface.hemispheres.filter((side) => spec.surface.mesh?.[side] === undefined);
  if (missing.length > 0) return { modes: null, reason: `the study file names no surface.mesh for ${missing.join(' and ')}` };
  const { surface, reason } = await readingSteps.readSurface.executeWithOptions({ summary: 'surface of the region' }, [{ run, spec, directory }]);
  if (surface === null) return { modes: null, reason: reason ?? 'there is no surface' };
  const { modes } = await hold.step(() => drawSteps.surfaceModes.executeWithOptions({ summary: 'modes of the region' }, [{ run, surface }]));
  return { modes, reason: null };
}

/** Nulls of every cohort's stability and of every pair's Rand index, at every rank. */
export async function drawSurrogates({ spec }: StudyInput, run: RunInfo, hold: Hold, surrogates: Surrogates, outcomes: readonly CohortOutcome[]): Promise<Pick<ResamplingOutcome, 'stability' | 'rand' | 'randMany'>> {
  if (surrogates === null || surrogates.modes === null) return { stability: [], rand: [] };
  const { modes } = surrogates, { nulls = 0, seed = 0 } = spec.statistics;
  const all = (outcomes[0]?.summary ?? []).map((s) => s.rank);
  const batches = Array.from({ length: Math.ceil(all.length / RANKS_PER_NULL) }, (_, i) => all.slice(i * RANKS_PER_NULL, (i + 1) * RANKS_PER_NULL));
  const name = (ranks: readonly number[]): string => (ranks.length === 1 ? `rank ${ranks[0]}` : `ranks ${ranks[0]}-${ranks[ranks.length - 1]}`);
  const stability = outcomes.flatMap(({ cohort, evidence }) => batches.map(async (ranks) => {
    const { nulls: found } = await hold.step(() => drawSteps.stabilityNull.executeWithOptions({ summary: `${cohort} · stability of surrogates · ${name(ranks)}` }, [{ run, cohort, modes, evidence, ranks, nulls, seed }]));
    return { cohort, nulls: found };
  }));
  const side = ({ cohort, evidence }: CohortOutcome): { cohort: string; evidence: ArtifactRef } => ({ cohort, evidence });
  const pairs = outcomes.flatMap((a, i) => outcomes.slice(i + 1).map((b) => ({ a: side(a), b: side(b) })));
  // 20 cohorts are 190 pairs: an activity each would be most of the study's history.
  if (pairs.length > MOST_SINGLE_PAIRS && patched('pairs-share-activities')) {
    const size = Math.max(1, Math.floor(NULLS_PER_BATCH / all.length)), count = Math.ceil(pairs.length / size);
    const randMany = Array.from({ length: count }, async (_, i) => {
      const summary = `Rand index of surrogates · part ${i + 1} of ${count} of ${pairs.length} pairs of cohorts`;
      const { nulls: found } = await hold.step(() => drawSteps.randNulls.executeWithOptions({ summary }, [{ run, pairs: pairs.slice(i * size, (i + 1) * size), modes, ranks: all, nulls, seed }]));
      return found;
    });
    return { stability: await Promise.all(stability), rand: [], randMany: await Promise.all(randMany) };
  }
  const rand = pairs.flatMap(({ a, b }) => batches.map(async (ranks) => {
    const { nulls: found } = await hold.step(() => drawSteps.randNull.executeWithOptions({ summary: `${a.cohort} and ${b.cohort} · Rand index of surrogates · ${name(ranks)}` }, [{ run, a, b, modes, ranks, nulls, seed }]));
    return { a: a.cohort, b: b.cohort, nulls: found };
  }));
  return { stability: await Promise.all(stability), rand: await Promise.all(rand) };
}

/** Bootstrap intervals, a step a cohort. */
export async function drawResamples({ spec }: StudyInput, run: RunInfo, hold: Hold, cohorts: StatisticsInput['cohorts'], statistics: StatisticsOutput): Promise<ResamplingOutcome['bootstrap']> {
  if ((spec.statistics.resamples ?? 0) === 0 || statistics.replicated.length === 0) return [];
  return Promise.all(cohorts.map(async (refs) => {
    const { bootstrap } = await hold.step(() => drawSteps.bootstrapCohort.executeWithOptions({ summary: `${refs.cohort} · bootstrap intervals` }, [{ run, spec, ...refs, replicated: statistics.replicated }]));
    return { cohort: refs.cohort, ref: bootstrap };
  }));
}
