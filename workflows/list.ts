/** Many cohorts do not fit into the argument of one activity: they are listed in the store, a few at a time. */
import { patched } from '@temporalio/workflow';
import type { PublishedCohort, PublishInput, RunInfo } from '../contracts/activities.js';
import { COHORTS_PER_ARGUMENT } from '../contracts/limits.js';
import type { ArtifactRef } from '../contracts/refs.js';
import { lightSteps } from './options.js';

/** For the results. */
export async function listCohorts(run: RunInfo, cohorts: PublishedCohort[]): Promise<Pick<PublishInput, 'cohorts' | 'lists'>> {
  if (!areTooMany(cohorts) || !patched('cohorts-by-list')) return { cohorts };
  return { cohorts: [], lists: await listed(run, cohorts) };
}

/** Each use of lists has a patch of its own, that histories know it by. */
export const areTooMany = (cohorts: readonly unknown[]): boolean => cohorts.length > COHORTS_PER_ARGUMENT;

export function listed(run: RunInfo, cohorts: PublishedCohort[]): Promise<ArtifactRef[]> {
  const parts = Array.from({ length: Math.ceil(cohorts.length / COHORTS_PER_ARGUMENT) }, (_, i) => cohorts.slice(i * COHORTS_PER_ARGUMENT, (i + 1) * COHORTS_PER_ARGUMENT));
  return Promise.all(parts.map(async (part, i) => {
    const { list } = await lightSteps.listCohorts.executeWithOptions({ summary: `what the report is made from · part ${i + 1} of ${parts.length}` }, [{ run, cohorts: part }]);
    return list;
  }));
}
