/** Heavy steps and pauses: a step that was not started because the study is paused waits here, and is asked for again when it goes on. */
import { ActivityFailure, ApplicationFailure, condition } from '@temporalio/workflow';
import { PAUSED } from '../contracts/operator.js';

export interface Hold {
  /** Does a step of the compute queue; while the study is paused it waits. */
  step<T>(start: () => Promise<T>): Promise<T>;
  /** Pauses up to this number are over. */
  resumed(number: number): void;
}

/**
 * Fits wait in the compute queue, where a workflow cannot reach them; so each looks for a pause when its turn comes, and one that finds it
 * fails at once with the pause's number. Nothing is pending while it waits here: no time limit runs, no attempt is lost.
 */
export function createHold(): Hold {
  let over = 0;
  return {
    async step(start) {
      for (;;) {
        try {
          return await start();
        } catch (error) {
          const pause = pauseOf(error);
          if (pause === null) throw error;
          await condition(() => over >= pause);
        }
      }
    },
    resumed(number) { over = Math.max(over, number); },
  };
}

function pauseOf(error: unknown): number | null {
  if (!(error instanceof ActivityFailure) || !(error.cause instanceof ApplicationFailure) || error.cause.type !== PAUSED) return null;
  return Number(error.cause.details?.[0] ?? 0);
}
