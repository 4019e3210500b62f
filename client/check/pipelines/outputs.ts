/** Outputs of pipelines before anything starts: what a laboratory has of them already, and participants whose outputs would be somebody else's. */
import { resolve } from 'node:path';
import { mapAtOnce } from '../../../activities/at-once.js';
import { locateExisting } from '../../../activities/imaging/locate.js';
import { personalProblem } from '../../../activities/imaging/personal.js';
import { REMEDY } from '../../../activities/imaging/problem.js';
import { SHARED_OUTPUTS, SHARED_REMEDY, sharedOutputs, sharedReason } from '../../../activities/imaging/shared-outputs.js';
import type { Reach } from '../../../activities/ingest/locate.js';
import { createProblem, type Problem } from '../../../config/index.js';
import type { PipelineSpec } from '../../../contracts/pipelines.js';
import type { StudySpec } from '../../../contracts/study.js';

const AT_ONCE = 8;

/** As a run would find them. A step of which files of `existing` are not there runs: that is told where some are there, and where nobody has any. */
export async function checkOutputs(study: StudySpec, pipeline: PipelineSpec, ids: readonly string[], reach: Reach): Promise<Problem[]> {
  const { cohort, directory } = reach, shared = await sharedOutputs(study, directory, cohort, pipeline), nobody = new Set(Object.keys(pipeline.existing ?? {}));
  const problems = await mapAtOnce(ids, AT_ONCE, async (id): Promise<Problem[]> => {
    const about = { cohort: cohort.name, subject: id }, other = shared.get(id);
    if (other !== undefined) return [createProblem({ ...about, code: SHARED_OUTPUTS, message: sharedReason(pipeline.name, other), remedy: SHARED_REMEDY })];
    if (pipeline.existing === undefined) return [];
    const found = await locateExisting(id, pipeline, reach);
    if (!Array.isArray(found)) {
      nobody.clear();
      return [createProblem({ ...about, code: found.code ?? 'UNUSABLE', file: found.file ?? null, message: found.reason, remedy: found.remedy ?? null })];
    }
    const some = found.filter(({ files }) => Object.keys(files).length > 0), files = some.flatMap(({ step, files: taken }) => Object.entries(taken).map(([name, file]) => ({ name: `existing ${step}:${name}`, path: resolve(directory, file) })));
    for (const { step } of some) nobody.delete(step);
    const partly = some.filter(({ missing }) => missing.length > 0).map(({ step, missing }) => createProblem({
      severity: 'warning', ...about, code: 'EXISTING_IN_PART', message: `${pipeline.name}: of step ${step} there is no ${missing.join(' and no ')} already, so the step runs though its other outputs are there`, remedy: 'complete what is there, or let it run',
    }));
    const personal = pipeline.personal === 'keep' ? null : await personalProblem(files, id);
    return [...partly, ...(personal === null ? [] : [createProblem({ ...about, code: 'PERSONAL_HEADER', message: `${pipeline.name}: ${personal}`, remedy: REMEDY.PERSONAL_HEADER })])];
  });
  const unused = ids.length === 0 ? [] : [...nobody].map((step) => createProblem({
    severity: 'warning', cohort: cohort.name, code: 'EXISTING_NOWHERE', message: `${pipeline.name}: nobody has what \`existing\` names of step ${step} (${Object.values(pipeline.existing?.[step] ?? {}).join(', ')}), so it runs for everybody`, remedy: 'correct the templates, or remove the step from existing',
  }));
  return [...problems.flat(), ...unused];
}
