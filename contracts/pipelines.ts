/**
 * Pipelines: programs of others as durable steps, one participant at a time, before the vertex files are read. A pipeline is data (a YAML file); the study
 * names it and says where each participant's inputs are. What the study carries is the pipeline whole, so that a run does not depend on a file that changes.
 */

/** What a study runs before it reads vertex files. JSON-safe, a few kilobytes. */
export interface PipelineSpec {
  /** Name: of the folder of its outputs, and in messages. */
  name: string;
  programs: Record<string, ProgramSpec>;
  /** In an order in which each step comes after those whose outputs it takes. */
  steps: PipelineStep[];
  /** Templates of the participant's files under the cohort's folder, by input name; {id}, {label} and {prefix} are filled in. */
  inputs: Record<string, string>;
  /** Values of the pipeline's parameters, defaults filled in. */
  parameters: Record<string, string | number>;
  /** Folder of the outputs under the cohort's folder: OUTPUTS/ID/STEP/FILE. */
  outputs: string;
  /** What becomes of a participant of whom a step has failed for good: left out of the study with the reason, or the study ends. */
  onFailure: 'exclude' | 'fail';
  /** Participants at work at a time. */
  window: number;
  /** `keep`: files whose headers name a person are processed all the same. Absent: whoever is named is left out. */
  personal?: 'keep';
}

export interface ProgramSpec {
  /** What to run to hear its version, argument by argument. */
  version: string[];
  /** Regular expression; its first group in the answer (either stream) is the version. */
  pattern: string;
  /** Versions that may run: comparisons as `>=3.0.3 <4`, all of which must hold; null: any. */
  accept: string | null;
}

/** One program run for one participant. */
export interface PipelineStep {
  /** Lower-case letters, digits and `-`; the folder of its outputs. */
  name: string;
  /** Key of `programs`. */
  program: string;
  /**
   * The command and its arguments, never seen by a shell. Placeholders: `{input:NAME}`, `{STEP:NAME}` (an output of an earlier step), `{output:NAME}`,
   * `{parameter:NAME}`, `{threads}`, `{scratch}` (a folder that is removed afterwards). What a step reads follows from them. It runs in the folder of its outputs.
   */
  command: string[];
  /** File names in the step's folder, by output name; each must be there and not empty when the program ends. */
  outputs: Record<string, string>;
  needs: StepNeeds;
  /** How far it is: a regular expression whose first group, in what it prints, is a percentage; null: by the growth of its outputs and of what it prints. */
  progress: string | null;
  /** What an exit code other than 0 means; those not named are tried again (`retries` times). */
  exits: { refuse: number[]; exclude: number[] };
  /** Attempts after the first. */
  retries: number;
  /** Environment variables that the program may see besides PATH, HOME (its scratch folder), LANG=C.UTF-8, TMPDIR, OMP_NUM_THREADS and `set`. */
  environment: { pass: string[]; set: Record<string, string> };
  /** Numbers that its outputs must keep to. */
  quality: QualityRule[];
}

export interface StepNeeds {
  /** Cores. */
  threads: number;
  /** MiB of memory: it is stopped above this. */
  memory: number;
  /** Seconds: it is stopped after this. */
  seconds: number;
  /** Seconds without progress after which it counts as hanging and is stopped; null: `seconds` alone. */
  silence: number | null;
}

/** A number in a text output (or in what the program printed: `output` null) and its limits. */
export interface QualityRule {
  name: string;
  output: string | null;
  /** Regular expression; its first group is the number. */
  pattern: string;
  /** Inclusive; null: no limit. */
  minimum: number | null;
  maximum: number | null;
}

/** What a finished step leaves beside its outputs, as step.json in its folder; what it printed is in stdout.txt and stderr.txt. */
export interface StepRecord {
  format: 'sulcus/step/1';
  pipeline: string;
  step: string;
  /** SHA-256 over the content of what it read, its arguments, parameters, outputs, program version and environment `set`. */
  key: string;
  program: { name: string; version: string };
  /** As run, with paths relative to the cohort's folder. */
  command: string[];
  inputs: FileRecord[];
  outputs: FileRecord[];
  quality: { name: string; value: number; minimum: number | null; maximum: number | null }[];
  machine: { system: string; cores: number; node: string };
  startedAt: string;
  seconds: number;
  exit: number;
  /** Workflow and run that computed it. */
  by: { workflowId: string; runId: string };
}

/** A file: relative to the cohort's folder (inputs) or the step's folder (outputs). */
export interface FileRecord {
  name: string;
  path: string;
  bytes: number;
  sha256: string;
}
