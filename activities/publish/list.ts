/** Cohorts with their refs as one artifact: the argument of the step that writes the results stays small, however many there are. */
import type { ListCohortsInput, ListCohortsOutput, PublishedCohort, PublishInput } from '../../contracts/activities.js';
import type { ArtifactStore } from '../../storage/store.js';
import type { ControlContext } from '../context.js';
import { keep, loadJson } from '../step.js';

export async function listCohorts({ store }: ControlContext, { run, cohorts }: ListCohortsInput): Promise<ListCohortsOutput> {
  return { list: await keep(store, run, 'list', cohorts) };
}

/** All cohorts of the argument, those in lists included, in the study's order. */
export async function listedCohorts(store: ArtifactStore, { cohorts, lists = [] }: Pick<PublishInput, 'cohorts' | 'lists'>): Promise<PublishedCohort[]> {
  const listed = await Promise.all(lists.map((ref) => loadJson<PublishedCohort[]>(store, ref)));
  return [...cohorts, ...listed.flat()];
}
