/** Many cohorts do not fit into the argument of one activity: they are listed in the store, a few at a time. */
import { patched } from '@temporalio/workflow';
import type { PublishedCohort, PublishInput, RunInfo } from '../contracts/activities.js';
import { COHORTS_PER_ARGUMENT } from '../contracts/limits.js';
import type { ArtifactRef } from '../contracts/refs.js';
import { lightSteps } from './options.js';

/** For the results. */
export async function listCohorts(run: RunInfo, cohorts: PublishedCohort[]): Promise<Pick<PublishInput, 'cohorts' | 'lists'>> {
  if (!areTooMany(cohorts, 'cohorts-by-list')) return { cohorts };
  return { cohorts: [], lists: await listed(run, cohorts) };
}

/** `patch`: what histories know this use of lists by. */
export const areTooMany = (cohorts: readonly unknown[], patch: 'cohorts-by-list' | 'review-by-list'): boolean => cohorts.length > COHORTS_PER_ARGUMENT && patched(patch);

export function listed(run: RunInfo, cohorts: PublishedCohort[]): Promise<ArtifactRef[]> {
  const parts = Array.from({ length: Math.ceil(cohorts.length / COHORTS_PER_ARGUMENT) }, (_, i) => cohorts.slice(i * COHORTS_PER_ARGUMENT, (i + 1) * COHORTS_PER_ARGUMENT));
  return Promise.all(parts.map(async (part, i) => {
    const { list } = await lightSteps.listCohorts.executeWithOptions({ summary: `what the report is made from · part ${i + 1} of ${parts.length}` }, [{ run, cohorts: part }]);
    return list;
  }));
}
