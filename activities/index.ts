/** The durable steps, bound to what a worker gives them. */
import type { ComputeActivities, ControlActivities, RunInfo } from '../contracts/activities.js';
import type { ToolsActivities } from '../contracts/pipeline-activities.js';
import type { ArtifactKind } from '../contracts/refs.js';
import { forRun } from './again.js';
import type { ComputeContext, ControlContext, ToolsContext } from './context.js';
import { factorize } from './factorize.js';
import { guarded } from './failures.js';
import { findFits } from './find-fits.js';
import { collectPipeline, findPrograms, planPipeline, reviewStep, runCommand, unlessPaused } from './imaging/index.js';
import { computeIndices } from './indices.js';
import { assembleCohort, ingestShard, readSpectra, surveyCohort } from './ingest/index.js';
import { readSurface } from './ingest/surface.js';
import { matchCohorts } from './match.js';
import { findApproval, recordApproval } from './operator/approvals.js';
import { recordExclusion } from './operator/exclusions.js';
import { holdFits, refuseWhilePaused } from './operator/hold.js';
import { publishReview } from './operator/review.js';
import { listCohorts } from './publish/list.js';
import { publishResults } from './publish/index.js';
import { chooseRank } from './rank.js';
import { bootstrapCohort } from './resampling/bootstrap.js';
import { randNull, randNulls, stabilityNull, surfaceModes } from './resampling/nulls.js';
import { collectEvidence, stabilityOfRank } from './stability.js';
import { computeStatistics } from './statistics.js';
import { recordingUses } from './uses.js';

export type { ComputeContext, ControlContext, ToolsContext } from './context.js';
export type { FitCallbacks, FitJob, FitRunner } from './fit-runner.js';
export type { Slots } from './imaging/index.js';
export type { TaskRunner } from './resampling/runner.js';
export type { Task, TaskResults } from './resampling/task.js';

/** Activities of the control queue. Beside a step stands what it makes: a rerun may ask for it again. */
export function createControlActivities(bound: ControlContext): ControlActivities {
  return guarded(recordingUses<ControlActivities, ControlContext>(bound, (context) => ({
    surveyCohort: (input) => surveyCohort(context, input),
    ingestShard: (input) => ingestShard(forRun(context, input, ['subject', 'stat']), input),
    assembleCohort: (input) => assembleCohort(forRun(context, input, ['matrix']), input),
    readSpectra: (input) => readSpectra(context, input),
    readSurface: (input) => readSurface(forRun(context, input, ['surface']), input),
    findFits: (input) => findFits(forRun(context, input, ['fit']), input),
    stabilityOfRank: (input) => stabilityOfRank(forRun(context, input, ['stability']), input),
    collectEvidence: (input) => collectEvidence(context, input),
    chooseRank: (input) => chooseRank(forRun(context, input, ['rank']), input),
    matchCohorts: (input) => matchCohorts(forRun(context, input, ['match', 'parcellation']), input),
    computeIndices: (input) => computeIndices(forRun(context, input, ['indices']), input),
    computeStatistics: (input) => computeStatistics(forRun(context, input, ['statistics']), input),
    listCohorts: (input) => listCohorts(context, input),
    publishResults: (input) => publishResults(forRun(context, input, ['drawn', 'picture', 'residuals', 'pages']), input),
    holdFits: (input) => holdFits(context, input),
    recordExclusion: (input) => recordExclusion(context, input),
    publishReview: (input) => publishReview(context, input),
    findApproval: (input) => findApproval(context, input),
    recordApproval: (input) => recordApproval(context, input),
    planPipeline: (input) => planPipeline(context, input),
    collectPipeline: (input) => collectPipeline(context, input),
    // Reads study files, with all that this needs; only schedules ask for it.
    lookAtStudy: async (input) => (await import('./sweep/index.js')).lookAtStudy(context, input),
  })), { beat: SHORT });
}

/** Beaten for while they run; those that read many files beat for themselves. */
const SHORT = [
  'surveyCohort', 'assembleCohort', 'readSpectra', 'readSurface', 'findFits', 'stabilityOfRank', 'collectEvidence', 'chooseRank', 'matchCohorts', 'computeIndices', 'computeStatistics', 'listCohorts', 'publishResults',
  'holdFits', 'recordExclusion', 'publishReview', 'findApproval', 'recordApproval', 'lookAtStudy', 'planPipeline', 'collectPipeline',
];

/** Activities of the compute queue: none starts while its run is paused. */
export function createComputeActivities(bound: ComputeContext): ComputeActivities {
  const started = async <T extends { run: RunInfo; cohort?: string }>(context: ComputeContext, input: T, kind: ArtifactKind): Promise<ComputeContext> => {
    await refuseWhilePaused(context.store, input.run);
    return forRun(context, input, [kind]);
  };
  return guarded(recordingUses<ComputeActivities, ComputeContext>(bound, (context) => ({
    factorize: async (input) => factorize(await started(context, input, 'fit'), input),
    surfaceModes: async (input) => surfaceModes(await started(context, input, 'modes'), input),
    stabilityNull: async (input) => stabilityNull(await started(context, input, 'null'), input),
    randNull: async (input) => randNull(await started(context, input, 'null'), input),
    randNulls: async (input) => randNulls(await started(context, input, 'null'), input),
    bootstrapCohort: async (input) => bootstrapCohort(await started(context, input, 'bootstrap'), input),
  })));
}

/** Activities of the tools queue: no program starts while its run is paused. What a step of a pipeline made is plain files beside the data, not in the store: a rerun does not ask for it again. */
export function createToolsActivities(bound: ToolsContext): ToolsActivities {
  return guarded(recordingUses<ToolsActivities, ToolsContext>(bound, (context) => ({
    findPrograms: (input) => findPrograms(input.spec, input.directory),
    runCommand: (input) => runCommand({ ...context, slots: unlessPaused(context, input.run) }, input),
    reviewStep: (input) => reviewStep(context, input),
  })), { beat: ['findPrograms', 'reviewStep'] });
}
