/** Participants whose files could not be made, because a pipeline was not finished for them. */
import type { ArtifactRef } from '../../contracts/refs.js';
import type { Exclusion } from '../../contracts/results.js';
import type { CohortSpec, StudySpec } from '../../contracts/study.js';
import type { ArtifactStore } from '../../storage/store.js';
import type { UnprocessedDocument } from '../imaging/documents.js';
import { isMade } from '../imaging/made.js';
import { loadJson } from '../step.js';
import { leaveOut, type ManifestDocument } from './documents.js';

/**
 * The manifest without the files of those whom pipelines left out: what is there may be of an earlier run. The first pipeline's reason counts.
 * Where a pipeline keeps them, only those are left out who have a vertex file from it; the others are told as `unfinished`.
 */
export async function withoutUnprocessed(store: ArtifactStore, manifest: ManifestDocument, { spec, cohort }: { spec: StudySpec; cohort: string }, refs: readonly ArtifactRef[] = []): Promise<ManifestDocument> {
  const left = new Map<string, Exclusion>(), unfinished: Exclusion[] = [], subjects = new Map(manifest.subjects.map((subject) => [subject.id, subject]));
  for (const ref of refs) {
    const { pipeline, excluded, keep } = await loadJson<UnprocessedDocument>(store, ref);
    for (const one of excluded) {
      const subject = subjects.get(one.id), files = [...(subject?.files ?? []).map(({ name }) => name), subject?.problem?.file ?? ''];
      if (keep === true && !files.some((file) => isOf(file, pipeline, spec, cohort))) unfinished.push({ ...one, pipeline });
      else if (!left.has(one.id)) left.set(one.id, { ...one, pipeline });
    }
  }
  return { ...leaveOut(manifest, left), ...(unfinished.length === 0 ? {} : { unfinished }) };
}

/** Why a participant's file is not to be read, though it may be there: the pipeline that makes it was not finished for them. Null: it may. */
export function unfinishedFile(file: string, id: string, unfinished: readonly Exclusion[] | undefined, spec: StudySpec, cohort: string): Exclusion | null {
  return unfinished?.find((one) => one.id === id && isOf(file, one.pipeline, spec, cohort)) ?? null;
}

/** Whether a file (relative to the study's folder) lies where a pipeline of the study makes its outputs. */
function isOf(file: string, pipeline: string | undefined, { cohorts, pipelines = [] }: StudySpec, name: string): boolean {
  const cohort = cohorts.find((one: CohortSpec) => one.name === name);
  return cohort !== undefined && isMade(file, cohort, pipelines.filter((one) => one.name === pipeline)) !== null;
}
