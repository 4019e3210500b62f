/** The updates that pause a study's fits and let them go on. */
import { ApplicationFailure, defineSignal, defineUpdate, getExternalWorkflowHandle, setHandler } from '@temporalio/workflow';
import type { RunInfo } from '../contracts/activities.js';
import { PAUSE_UPDATE, RESUME_UPDATE, RESUMED_SIGNAL, type Pause, type PauseArgs } from '../contracts/operator.js';
import { lightSteps } from './options.js';
import type { StudyState } from './study-state.js';
import { createHold, type Hold } from './hold.js';

export const pauseFits = defineUpdate<Pause, [PauseArgs]>(PAUSE_UPDATE);
export const resumeFits = defineUpdate<Pause, [PauseArgs]>(RESUME_UPDATE);
export const fitsResumed = defineSignal<[number]>(RESUMED_SIGNAL);

/** `running`: ids of the cohorts' workflows at this moment. */
export function listenForPause(state: StudyState, run: RunInfo, running: () => string[]): Hold {
  const { progress } = state, hold = createHold();
  let count = 0;
  let last: Promise<unknown> = Promise.resolve();
  /** The store sees pauses and their ends in the order in which they were accepted. */
  const hang = (pause: Pause | null): Promise<void> => {
    const done = last.then(() => lightSteps.holdFits.executeWithOptions({ summary: pause === null ? 'fits may start again' : 'pause: no fit starts' }, [{ run, pause }]));
    last = done.catch(() => undefined);
    return done;
  };
  /** Shown at once; taken back when the store cannot have it. */
  const change = async (pause: Pause | null): Promise<void> => {
    const before = progress.paused ?? null;
    progress.paused = pause;
    state.show();
    try {
      await hang(pause);
    } catch (error) {
      progress.paused = before;
      throw error;
    }
  };
  const open = (): void => {
    if (state.isClosing()) throw ApplicationFailure.nonRetryable('the results are being written: no fit is left to pause', 'TOO_LATE');
  };
  setHandler(pauseFits, async ({ by, note }) => {
    const pause: Pause = { number: ++count, by, note, at: new Date().toISOString() };
    await change(pause);
    state.decided({ at: pause.at, by, what: 'pause', about: 'no fit starts', note });
    return pause;
  }, {
    validator(_asked: PauseArgs) {
      open();
      if (progress.paused != null) throw ApplicationFailure.nonRetryable(`already paused${byWhom(progress.paused)} since ${progress.paused.at}`, 'ALREADY_PAUSED');
    },
    description: 'No fit starts any more; those that run end',
  });
  setHandler(resumeFits, async ({ by, note }) => {
    const pause = progress.paused as Pause;
    await change(null);
    hold.resumed(pause.number);
    // A cohort that has ended meanwhile needs no word.
    await Promise.all(running().map((id) => getExternalWorkflowHandle(id).signal(fitsResumed, pause.number).catch(() => undefined)));
    state.decided({ at: new Date().toISOString(), by, what: 'resume', about: 'fits start again', note });
    return pause;
  }, {
    validator(_asked: PauseArgs) {
      open();
      if (progress.paused == null) throw ApplicationFailure.nonRetryable('not paused', 'NOT_PAUSED');
    },
    description: 'Fits start again',
  });
  return hold;
}

const byWhom = ({ by }: Pause): string => (by === null ? '' : ` by ${by}`);
