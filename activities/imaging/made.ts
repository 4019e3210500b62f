/** Files that a pipeline of the study makes. */
import { join } from 'node:path';
import type { PipelineSpec } from '../../contracts/pipelines.js';
import type { CohortSpec } from '../../contracts/study.js';

/** The pipeline in whose folder a file lies (`file`: relative to the study's folder); null: none. What it makes there is looked at when the study file is read. */
export function isMade(file: string, cohort: CohortSpec, pipelines: readonly PipelineSpec[]): PipelineSpec | null {
  return pipelines.find(({ outputs }) => file.startsWith(join(cohort.directory, outputs, '/'))) ?? null;
}
