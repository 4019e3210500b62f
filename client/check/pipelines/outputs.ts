/** Outputs of pipelines before anything starts: what a laboratory has of them already, and participants whose outputs would be somebody else's. */
import { resolve } from 'node:path';
import { mapAtOnce } from '../../../activities/at-once.js';
import { locateParticipant } from '../../../activities/imaging/locate.js';
import { personalProblem } from '../../../activities/imaging/personal.js';
import { REMEDY } from '../../../activities/imaging/problem.js';
import { SHARED_OUTPUTS, SHARED_REMEDY, sharedOutputs, sharedReason } from '../../../activities/imaging/shared-outputs.js';
import type { Reach } from '../../../activities/ingest/locate.js';
import { createProblem, type Problem } from '../../../config/index.js';
import type { PipelineSpec } from '../../../contracts/pipelines.js';
import type { StudySpec } from '../../../contracts/study.js';

const AT_ONCE = 8;

/** As a run would find them. That a file of `existing` is not there is no problem: the step runs then. */
export async function checkOutputs(study: StudySpec, pipeline: PipelineSpec, ids: readonly string[], reach: Reach): Promise<Problem[]> {
  const { cohort, directory } = reach, shared = await sharedOutputs(study, directory, cohort, pipeline);
  const problems = await mapAtOnce(ids, AT_ONCE, async (id): Promise<Problem[]> => {
    const about = { cohort: cohort.name, subject: id }, other = shared.get(id);
    if (other !== undefined) return [createProblem({ ...about, code: SHARED_OUTPUTS, message: sharedReason(pipeline.name, other), remedy: SHARED_REMEDY })];
    if (pipeline.existing === undefined) return [];
    const found = await locateParticipant(id, { ...pipeline, inputs: {} }, reach);
    if (!('inputs' in found)) return [createProblem({ ...about, code: found.code ?? 'UNUSABLE', file: found.file ?? null, message: found.reason, remedy: found.remedy ?? null })];
    const files = Object.entries(found.existing ?? {}).flatMap(([step, outputs]) => Object.entries(outputs).map(([name, file]) => ({ name: `existing ${step}:${name}`, path: resolve(directory, file) })));
    const personal = pipeline.personal === 'keep' ? null : await personalProblem(files, id);
    return personal === null ? [] : [createProblem({ ...about, code: 'PERSONAL_HEADER', message: `${pipeline.name}: ${personal}`, remedy: REMEDY.PERSONAL_HEADER })];
  });
  return problems.flat();
}
