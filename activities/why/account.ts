/** What a step was done with, in words a person knows. Beside the artifact's key, which only says that something differs. */
import type { ArtifactKind } from '../../contracts/refs.js';
import type { StepName } from '../../contracts/steps.js';

/** Where in a study a step stands: what is done there again is compared with what was done there last. */
export interface Place {
  step: StepName;
  cohort?: string | null;
  rank?: number | null;
  split?: number | null;
  half?: 'A' | 'B' | null;
  /** Which of several artifacts of the step; absent: the one that its row in results.json is about. */
  part?: string;
}

export interface Account {
  place: Place;
  /** Versions of the code that makes it, by name: more than `code`, the version of the step itself. */
  code?: Record<string, number>;
  /** In the words of the study file. */
  parameters?: unknown;
  /** Keys of dataset documents by cohort: participants, their files, rows and halves. */
  datasets?: Record<string, string>;
  /** Roles (group, age, sex) and columns of the participants' table that matter; absent: all, empty: none. */
  columns?: string[];
  /** Other artifacts it is made from, in words: `fits`, `spectra of tokyo`. */
  made?: Record<string, { kind: ArtifactKind; keys: string[] }>;
}

/** The account of the last time, as it lies in the store. */
export interface Note {
  key: string;
  /** Run that did or reused it. */
  runId: string;
  account: Account;
}
