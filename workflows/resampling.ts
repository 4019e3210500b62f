/** Beyond the tests: spatial surrogates beside the choice of the rank, and the bootstrap after the statistics. */
import type { CohortOutcome, RunInfo, StatisticsInput, StatisticsOutput } from '../contracts/activities.js';
import { RANKS_PER_NULL } from '../contracts/limits.js';
import type { ArtifactRef } from '../contracts/refs.js';
import type { ResamplingOutcome } from '../contracts/resampling.js';
import type { StudyInput } from '../contracts/workflows.js';
import { drawSteps, readingSteps } from './options.js';

/** What surrogates are made with, or why there are none. Null: none were asked for. */
export type Surrogates = { modes: ArtifactRef; reason: null } | { modes: null; reason: string } | null;

/** Reads the study's surface and finds the modes of the region. Needs no subject, so it runs beside ingest and fits. */
export async function prepareSurrogates({ spec, directory }: StudyInput, run: RunInfo): Promise<Surrogates> {
  if ((spec.statistics.nulls ?? 0) === 0) return null;
  const missing = spec.surface.hemispheres.filter((side) => spec.surface.mesh?.[side] === undefined);
  if (missing.length > 0) return { modes: null, reason: `the study file names no surface.mesh for ${missing.join(' and ')}` };
  const { surface, reason } = await readingSteps.readSurface.executeWithOptions({ summary: 'surface of the region' }, [{ run, spec, directory }]);
  if (surface === null) return { modes: null, reason: reason ?? 'there is no surface' };
  const { modes } = await drawSteps.surfaceModes.executeWithOptions({ summary: 'modes of the region' }, [{ run, surface }]);
  return { modes, reason: null };
}

/** Nulls of every cohort's stability and of every pair's Rand index, at every rank. */
export async function drawSurrogates({ spec }: StudyInput, run: RunInfo, surrogates: Surrogates, outcomes: readonly CohortOutcome[]): Promise<Pick<ResamplingOutcome, 'stability' | 'rand'>> {
  if (surrogates === null || surrogates.modes === null) return { stability: [], rand: [] };
  const { modes } = surrogates, { nulls = 0, seed = 0 } = spec.statistics;
  const all = (outcomes[0]?.summary ?? []).map((s) => s.rank);
  const batches = Array.from({ length: Math.ceil(all.length / RANKS_PER_NULL) }, (_, i) => all.slice(i * RANKS_PER_NULL, (i + 1) * RANKS_PER_NULL));
  const name = (ranks: readonly number[]): string => (ranks.length === 1 ? `rank ${ranks[0]}` : `ranks ${ranks[0]}-${ranks[ranks.length - 1]}`);
  const stability = outcomes.flatMap(({ cohort, evidence }) => batches.map(async (ranks) => {
    const { nulls: found } = await drawSteps.stabilityNull.executeWithOptions({ summary: `${cohort} · stability of surrogates · ${name(ranks)}` }, [{ run, cohort, modes, evidence, ranks, nulls, seed }]);
    return { cohort, nulls: found };
  }));
  const rand = outcomes.flatMap((a, i) => outcomes.slice(i + 1).flatMap((b) => batches.map(async (ranks) => {
    const side = ({ cohort, evidence }: CohortOutcome): { cohort: string; evidence: ArtifactRef } => ({ cohort, evidence });
    const { nulls: found } = await drawSteps.randNull.executeWithOptions({ summary: `${a.cohort} and ${b.cohort} · Rand index of surrogates · ${name(ranks)}` }, [{ run, a: side(a), b: side(b), modes, ranks, nulls, seed }]);
    return { a: a.cohort, b: b.cohort, nulls: found };
  })));
  return { stability: await Promise.all(stability), rand: await Promise.all(rand) };
}

/** Bootstrap intervals, a step a cohort. */
export async function drawResamples({ spec }: StudyInput, run: RunInfo, cohorts: StatisticsInput['cohorts'], statistics: StatisticsOutput): Promise<ResamplingOutcome['bootstrap']> {
  if ((spec.statistics.resamples ?? 0) === 0 || statistics.replicated.length === 0) return [];
  return Promise.all(cohorts.map(async (refs) => {
    const { bootstrap } = await drawSteps.bootstrapCohort.executeWithOptions({ summary: `${refs.cohort} · bootstrap intervals` }, [{ run, spec, ...refs, replicated: statistics.replicated }]);
    return { cohort: refs.cohort, ref: bootstrap };
  }));
}
