/**
 * What may be wrong with one participant of a pipeline: types of the failures of `runCommand`, and codes of exclusions. A failure of any other type (a disk that
 * is full, a program that is gone) is about the machine or the study: it is no reason to leave somebody out.
 */
export const PARTICIPANT_FAILURES = [
  'INPUT_MISSING', 'INPUT_CHANGED', 'STEP_FAILED', 'STEP_TIME', 'STEP_MEMORY', 'STEP_SILENT', 'STEP_OUTPUT', 'STEP_REFUSED', 'STEP_EXCLUDED', 'QUALITY_LIMIT',
  // A header tells who the participant is.
  'PERSONAL_HEADER',
  // A person looked at the contact sheet; or there is none to look at.
  'RATED_UNFIT', 'SHEET_FAILED',
  // Every attempt lost its worker; an operator ended the participant's workflow.
  'STEP_LOST', 'STEP_STOPPED',
] as const;
export type ParticipantFailure = (typeof PARTICIPANT_FAILURES)[number];

/** Those for which the study does not end with `onFailure: fail`: the step did its work and judged the data. */
export const JUDGED: readonly string[] = ['STEP_EXCLUDED', 'QUALITY_LIMIT', 'RATED_UNFIT'] satisfies ParticipantFailure[];

export const isParticipantFailure = (code: string): code is ParticipantFailure => (PARTICIPANT_FAILURES as readonly string[]).includes(code);

/** What ends the study when `onFailure` is `fail`. */
export const PARTICIPANTS_FAILED = 'PARTICIPANTS_FAILED';
