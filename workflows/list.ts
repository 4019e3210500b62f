/** Many cohorts do not fit into the argument of one activity: they are listed in the store, a few at a time. */
import { patched } from '@temporalio/workflow';
import type { PublishedCohort, PublishInput, RunInfo } from '../contracts/activities.js';
import { COHORTS_PER_ARGUMENT } from '../contracts/limits.js';
import { lightSteps } from './options.js';

export async function listCohorts(run: RunInfo, cohorts: PublishedCohort[]): Promise<Pick<PublishInput, 'cohorts' | 'lists'>> {
  if (cohorts.length <= COHORTS_PER_ARGUMENT || !patched('cohorts-by-list')) return { cohorts };
  const parts = Array.from({ length: Math.ceil(cohorts.length / COHORTS_PER_ARGUMENT) }, (_, i) => cohorts.slice(i * COHORTS_PER_ARGUMENT, (i + 1) * COHORTS_PER_ARGUMENT));
  const lists = await Promise.all(parts.map(async (part, i) => {
    const { list } = await lightSteps.listCohorts.executeWithOptions({ summary: `what the report is made from · part ${i + 1} of ${parts.length}` }, [{ run, cohorts: part }]);
    return list;
  }));
  return { cohorts: [], lists };
}
