/** The JSON artifacts of pipelines, as they lie in the store. Both name participants: `subjects` and `excluded` are what logs learn identifiers from. */
import type { Exclusion } from '../../contracts/results.js';

/** Who is to be processed with which files. Participants are numbered by their place in it. */
export interface PipelineManifest {
  cohort: string;
  pipeline: string;
  /** Folder of the cohort, relative to the study's. */
  folder: string;
  /** Folders that links may lead to, as in the study file. */
  outside: string[];
  /** Version by program, as the run found them. */
  versions: Record<string, string>;
  /** What the image of a program is known by, of those that run in one. Absent: none does. */
  images?: Record<string, string>;
  /** Those with something to do first. */
  subjects: PipelineSubject[];
  salt: string;
}

export interface PipelineSubject {
  id: string;
  /** Input files by name, relative to the study's folder. Empty where there is nothing to do. */
  inputs: Record<string, string>;
  /** Of the steps whose outputs a laboratory has already: file by output, relative to the study's folder. Absent: none. */
  existing?: Record<string, Record<string, string>>;
  /** Why the pipeline cannot be run or has come to an end for this participant. */
  problem: Exclusion | null;
}

/** Who is left out of the cohort because of a pipeline. */
export interface UnprocessedDocument {
  cohort: string;
  pipeline: string;
  excluded: Exclusion[];
  /** They stay in the study, without what this pipeline makes. */
  keep?: true;
  /** Random: without it a participant's id could be guessed from the document's key, which is its digest. */
  salt: string;
}
