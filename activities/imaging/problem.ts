/** What ends a step of one participant. Another attempt is for the participant's workflow to decide, which counts them: Temporal makes none. */
import { SulcusError } from '../../contracts/errors.js';
import type { ParticipantFailure } from '../../contracts/pipeline-failures.js';

/** The message may name files and identifiers: it is told only after they are taken out. */
export class StepProblem extends SulcusError {
  declare readonly code: ParticipantFailure;

  constructor(code: ParticipantFailure, message: string) {
    super(code, message);
  }
}

/** What to do about it, for the list of those left out. */
export const REMEDY: Record<ParticipantFailure, string> = {
  INPUT_MISSING: 'complete the participant, or remove the row',
  INPUT_CHANGED: 'launch again when the files are whole',
  STEP_FAILED: 'read what the program printed, mend the cause, and launch again',
  STEP_TIME: 'give the step more time (`needs: time`), or find out why it takes so long',
  STEP_MEMORY: 'give the step more memory (`needs: memory`)',
  STEP_SILENT: 'find out where the program hangs, or allow a longer silence (`needs: silence`)',
  STEP_LOST: 'find out why the worker ends during this step (memory?), and launch again',
  STEP_STOPPED: 'launch again',
  STEP_OUTPUT: 'read what the program printed, and compare `outputs` of the step with what it writes',
  STEP_REFUSED: 'read what the program says of the input, and correct the input',
  STEP_EXCLUDED: 'none is needed: the program found the data unfit; to have them in, correct the input',
  PERSONAL_HEADER: 'take it out of the file, or say `personal: keep` of the pipeline in the study file',
  RATED_UNFIT: 'none is needed: a person found the data unfit; to have them in, rate the step again (`sulcus rate`)',
  SHEET_FAILED: 'look at the file, or correct `sheet` of the step in the pipeline',
  QUALITY_LIMIT: 'look at the data; to have the participant in, correct the input or change the limit in the pipeline',
};
