/** Participants of two cohorts whose outputs would lie in one folder though their inputs are others. */
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SulcusError } from '../../contracts/errors.js';
import type { PipelineSpec } from '../../contracts/pipelines.js';
import type { CohortSpec, StudySpec } from '../../contracts/study.js';
import { surveyRows } from '../ingest/survey.js';

/** What such a participant is left out with. */
export const SHARED_OUTPUTS = 'SHARED_OUTPUTS';
export const SHARED_REMEDY = 'give the cohorts directories of their own, or the participants other ids';

/**
 * Of a cohort's participants those whose folder of outputs is that of another one too: the other cohort by id. Cohorts with one directory find the same files for
 * one id, unless a template holds {prefix}: then nobody could say whose outputs they are, and each run would undo the other's. `directory`: of the study, absolute.
 */
export async function sharedOutputs({ cohorts, ...study }: StudySpec, directory: string, cohort: CohortSpec, { inputs, existing = {} }: Pick<PipelineSpec, 'inputs' | 'existing'>): Promise<Map<string, string>> {
  const shared = new Map<string, string>(), templates = [...Object.values(inputs), ...Object.values(existing).flatMap((files) => Object.values(files))];
  if (!templates.some((template) => template.includes('{prefix}'))) return shared;
  const folderOf = (one: CohortSpec): Promise<string> => realpath(resolve(directory, one.directory)).catch(() => resolve(directory, one.directory)), mine = await folderOf(cohort);
  for (const other of cohorts) {
    if (other.name === cohort.name || other.prefix === cohort.prefix || (await folderOf(other)) !== mine) continue;
    for (const id of await idsOf({ cohorts, ...study }, directory, other.name)) shared.set(id, other.name);
  }
  return shared;
}

/** Nobody of a cohort whose table cannot be read: it is told of that cohort. */
async function idsOf(study: StudySpec, directory: string, cohort: string): Promise<string[]> {
  try {
    return (await surveyRows(study, directory, cohort)).rows.filter(({ rowProblem }) => rowProblem === null).map(({ id }) => id);
  } catch (error) {
    if (error instanceof SulcusError) return [];
    throw error;
  }
}

export const sharedReason = (pipeline: string, other: string): string => `${pipeline}: cohort ${other} has a participant of this id in the same folder, and other files for them: the outputs of both would lie in one place`;
