/**
 * The update that leaves a participant out of a running study (or takes one in again). The cohort is read again, with everything that did not change
 * found in the store; other cohorts go on; what follows from all cohorts is done again.
 */
import { allHandlersFinished, ApplicationFailure, CancellationScope, condition, defineUpdate, isCancellation, setHandler } from '@temporalio/workflow';
import type { RunInfo } from '../contracts/activities.js';
import { EXCLUDE_UPDATE, type ExcludeArgs } from '../contracts/operator.js';
import type { StudyInput } from '../contracts/workflows.js';
import { lightSteps } from './options.js';
import type { StudyState } from './study-state.js';

export const excludeSubject = defineUpdate<void, [ExcludeArgs]>(EXCLUDE_UPDATE);

export interface Exclusions {
  /** Does a cohort's work; again when somebody is left out of it meanwhile. */
  ofCohort<T>(cohort: string, work: () => Promise<T>): Promise<T>;
  /** Does what follows from all cohorts; null when somebody was left out meanwhile, and it has to be done again. */
  unlessExcluded<T>(work: () => Promise<T>): Promise<T | null>;
  /** Whether somebody was left out since the cohort's work was done. */
  isStale(cohort: string): boolean;
}

export function listenForExclusions(input: StudyInput, run: RunInfo, state: StudyState): Exclusions {
  const seen = new Set<string>();
  /** Exclusions accepted by cohort, and how many of them its work was begun with. */
  const count = new Map<string, number>(), done = new Map<string, number>();
  const ofAll = (): number => [...count.values()].reduce((a, b) => a + b, 0);
  const at = (cohort: string): number => count.get(cohort) ?? 0;
  const working = new Map<string, CancellationScope>();
  let following: CancellationScope | null = null;

  setHandler(excludeSubject, async ({ cohort, exclusion, by, readmit }) => {
    seen.add(exclusion.key);
    await lightSteps.recordExclusion.executeWithOptions({ summary: `${cohort} · a participant is ${readmit ? 'taken in again' : 'left out'}` }, [{ run, study: input.spec.study, cohort, exclusion }]);
    count.set(cohort, at(cohort) + 1);
    state.decided({ at: new Date().toISOString(), by, what: readmit ? 'readmit' : 'exclude', about: `a participant of ${cohort}`, note: null });
    working.get(cohort)?.cancel();
    following?.cancel();
  }, {
    validator({ cohort, exclusion }: ExcludeArgs) {
      if (!input.cohorts.includes(cohort)) throw ApplicationFailure.nonRetryable(`there is no cohort ${cohort} in this run; its cohorts: ${input.cohorts.join(', ')}`, 'UNKNOWN_COHORT');
      if (exclusion.kind !== 'exclusion' || !/^[0-9a-f]{64}$/.test(exclusion.key)) throw ApplicationFailure.nonRetryable('this is no exclusion in the store', 'BAD_EXCLUSION');
      if (seen.has(exclusion.key)) throw ApplicationFailure.nonRetryable('this exclusion was already given', 'ALREADY_EXCLUDED');
      if (state.isClosing()) throw ApplicationFailure.nonRetryable('the results are being written', 'TOO_LATE');
    },
    description: 'Leave a participant out, or take one in again',
  });

  return {
    async ofCohort(cohort, work) {
      for (;;) {
        const before = at(cohort), scope = new CancellationScope();
        working.set(cohort, scope);
        try {
          const result = await scope.run(work);
          if (at(cohort) === before) {
            done.set(cohort, before);
            return result;
          }
        } catch (error) {
          // Stopped to begin again; or it failed, and may not fail without whom was left out meanwhile.
          if (at(cohort) === before || CancellationScope.current().consideredCancelled) throw error;
        } finally {
          working.delete(cohort);
        }
      }
    },
    async unlessExcluded(work) {
      const before = ofAll(), scope = new CancellationScope();
      following = scope;
      try {
        const result = await scope.run(work);
        await condition(allHandlersFinished); // an exclusion being recorded counts
        return ofAll() === before ? result : null;
      } catch (error) {
        if (ofAll() === before || !isCancellation(error) || CancellationScope.current().consideredCancelled) throw error;
        return null;
      } finally {
        following = null;
      }
    },
    isStale: (cohort) => at(cohort) !== (done.get(cohort) ?? 0),
  };
}
