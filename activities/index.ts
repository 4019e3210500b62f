/** The durable steps, bound to what a worker gives them. */
import type { ComputeActivities, ControlActivities } from '../contracts/activities.js';
import type { ComputeContext, ControlContext } from './context.js';
import { factorize } from './factorize.js';
import { guarded } from './failures.js';
import { computeIndices } from './indices.js';
import { assembleCohort, ingestShard, readSpectra, surveyCohort } from './ingest/index.js';
import { readSurface } from './ingest/surface.js';
import { matchCohorts } from './match.js';
import { publishResults } from './publish/index.js';
import { chooseRank } from './rank.js';
import { bootstrapCohort } from './resampling/bootstrap.js';
import { randNull, stabilityNull, surfaceModes } from './resampling/nulls.js';
import { collectEvidence, stabilityOfRank } from './stability.js';
import { computeStatistics } from './statistics.js';

export type { ComputeContext, ControlContext } from './context.js';
export type { FitCallbacks, FitJob, FitRunner } from './fit-runner.js';
export type { TaskRunner } from './resampling/runner.js';
export type { Task, TaskResults } from './resampling/task.js';

/** Activities of the control queue. */
export function createControlActivities(context: ControlContext): ControlActivities {
  return guarded<ControlActivities>({
    surveyCohort: (input) => surveyCohort(context, input),
    ingestShard: (input) => ingestShard(context, input),
    assembleCohort: (input) => assembleCohort(context, input),
    readSpectra: (input) => readSpectra(context, input),
    readSurface: (input) => readSurface(context, input),
    stabilityOfRank: (input) => stabilityOfRank(context, input),
    collectEvidence: (input) => collectEvidence(context, input),
    chooseRank: (input) => chooseRank(context, input),
    matchCohorts: (input) => matchCohorts(context, input),
    computeIndices: (input) => computeIndices(context, input),
    computeStatistics: (input) => computeStatistics(context, input),
    publishResults: (input) => publishResults(context, input),
  }, { beat: ['surveyCohort', 'assembleCohort', 'readSpectra', 'readSurface', 'stabilityOfRank', 'collectEvidence', 'chooseRank', 'matchCohorts', 'computeIndices', 'computeStatistics', 'publishResults'] });
}

/** Activities of the compute queue. */
export function createComputeActivities(context: ComputeContext): ComputeActivities {
  return guarded<ComputeActivities>({
    factorize: (input) => factorize(context, input),
    surfaceModes: (input) => surfaceModes(context, input),
    stabilityNull: (input) => stabilityNull(context, input),
    randNull: (input) => randNull(context, input),
    bootstrapCohort: (input) => bootstrapCohort(context, input),
  });
}
