/** The sweep: looks whether a study has something new to take in, and starts it if so. Counts only: participants' ids stay in the store. */
import type { ArtifactRef } from './refs.js';
import type { RunInfo } from './activities.js';
import type { StudyInput } from './workflows.js';

export const SWEEP_WORKFLOW = 'sweepWorkflow';

export interface SweepInput {
  /** Name of the study, which is the id of its workflow. */
  study: string;
  /** Absolute path of the study file as workers see it; read at every sweep. */
  file: string;
  /** Absolute path of the results folder: what the last run took in is read there. */
  out: string;
  /** A file that changed less than this many seconds ago may still be being written. */
  settleSeconds: number;
}

/** What differs in one cohort from what the last run took in. */
export interface CohortFindings {
  cohort: string;
  /** Rows of the participants table. */
  participants: number;
  added: number;
  removed: number;
  /** With other vertex files or volumes. */
  files: number;
  /** With another row in the table. */
  rows: number;
  /** Spectra or tissue fractions differ. */
  spectra: boolean;
  /** Not taken in yet: files still arriving, or not all there. */
  waiting: number;
}

/**
 * `nothing-new`: the results are up to date. `started`: the study runs. `running`: it ran already, what is new is left to the next sweep.
 * `held`: something the study read before is being written at this moment, so the next sweep looks again.
 */
export type SweepVerdict = 'nothing-new' | 'started' | 'running' | 'held';

export interface SweepLook {
  verdict: Exclude<SweepVerdict, 'started'> | 'new';
  /** The verdict with its reasons, for a person. */
  words: string;
  /** The study to start; null unless something is new. */
  study: StudyInput | null;
  cohorts: CohortFindings[];
  /** Who is waiting and why, by cohort (a WaitingDocument); null when nobody is. */
  waiting: ArtifactRef | null;
}

export interface SweepOutput extends Omit<SweepLook, 'verdict' | 'study'> {
  verdict: SweepVerdict;
  /** The run that was started. */
  started: RunInfo | null;
}

/** Activities of the control queue. */
export interface SweepActivities {
  lookAtStudy(input: SweepInput & { run: RunInfo }): Promise<SweepLook>;
}
