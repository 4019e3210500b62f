/** What the results tell of pipelines: which steps ran before the vertex files were read, with which programs. It names no participant. */
import type { Exclusion } from './results.js';

/** A pipeline in a cohort. */
export interface PipelineResults {
  pipeline: string;
  cohort: string;
  /** Participants analysed of whom every step has a record. */
  participants: number;
  /** Left out because of it; the reasons are among the cohort's exclusions. */
  excluded: number;
  /** Participants who are analysed though it was not finished for them (`on_failure: keep`), and why: what it would have made is not theirs. Absent: nobody. */
  unfinished?: Exclusion[];
  /** In the order in which they run. */
  steps: PipelineStepResults[];
}

export interface PipelineStepResults {
  step: string;
  program: string;
  /** As the records of the steps say; more than one only where some were kept from another run. */
  versions: string[];
  /** Argument by argument, placeholders as the pipeline writes them. */
  command: string[];
  /** Participants analysed of whom the step has a record: those of whom this run ran it, and those of whom it was there. */
  ran: number;
  reused: number;
  /** Of the programs themselves, all participants together, whenever they ran. */
  seconds: number;
  /** Of whom a laboratory's own files were taken instead of running it. Absent: nobody. */
  existing?: number;
  /** Container images it ran in, by what they are known. Absent: none. */
  images?: { engine: string; name: string; id: string }[];
  /** What persons said, participants analysed and those left out for it. Absent: nobody was asked. */
  ratings?: { good: number; doubtful: number; unfit: number; by: string[] };
}
