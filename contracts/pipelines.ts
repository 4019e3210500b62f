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
  /**
   * What becomes of a participant of whom a step has failed for good: left out of the study with the reason, or the study ends, or (`keep`) the participant stays,
   * and what the study takes from this pipeline counts as missing for them: a metric leaves them out all the same, a spectrum only from what spectra are for.
   */
  onFailure: 'exclude' | 'fail' | 'keep';
  /** Participants at work at a time. */
  window: number;
  /** `keep`: files whose headers name a person are processed all the same. Absent: whoever is named is left out. */
  personal?: 'keep';
  /** Steps whose contact sheet a person rates, for every participant, before the steps after them begin. Absent: none. */
  review?: string[];
  /**
   * What a laboratory has made already: by step, templates of the participant's files by output name, under the cohort's folder. Where all of them are there, the
   * step takes them as its outputs instead of running its program. Absent: every step runs.
   */
  existing?: Record<string, Record<string, string>>;
}

export interface ProgramSpec {
  /** What to run to hear its version, argument by argument. */
  version: string[];
  /** Regular expression; its first group in the answer (either stream) is the version. */
  pattern: string;
  /** Versions that may run: comparisons as `>=3.0.3 <4`, all of which must hold; null: any. */
  accept: string | null;
  /** The container image it runs in, as the study names it. Absent: it is installed on the worker's machine. */
  image?: ProgramImage;
}

export interface ProgramImage {
  engine: 'apptainer' | 'docker';
  /** Of Apptainer, the path of a .sif file or image folder under the study's folder, or a whole path; of Docker, a reference such as `lab/mrtrix3:3.0.4`. It has to be there: nothing is fetched. */
  name: string;
}

/** One program run for one participant. */
export interface PipelineStep {
  /** Lower-case letters, digits and `-`; the folder of its outputs. */
  name: string;
  /** Key of `programs`. */
  program: string;
  /**
   * The command and its arguments, never seen by a shell. Placeholders: `{input:NAME}`, `{STEP:NAME}` (an output of an earlier step), `{output:NAME}`,
   * `{parameter:NAME}`, `{threads}`, `{scratch}` (a folder that is removed afterwards), `{folder}` (that of its outputs, in which it runs). What a step reads follows
   * from them, those of `stdin` and those of `place`.
   */
  command: string[];
  /** Text that the program reads from its standard input, placeholders filled in. Absent: nothing. */
  stdin?: string;
  /** For programs that find their inputs by name: path under the scratch folder by what is put there, `{input:NAME}` or `{STEP:NAME}`. Absent: nothing. */
  place?: Record<string, string>;
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
  /** What a person is shown of it. Absent: nothing. */
  sheet?: ContactSheet;
}

/** A page of pictures of one participant: slices of a volume, or a picture that the step itself makes. */
export type ContactSheet = SliceSheet | { picture: string };

export interface SliceSheet {
  /** NIfTI volume: `{output:NAME}`, `{input:NAME}` or `{STEP:NAME}`. */
  image: string;
  /** A mask or segmentation whose outline is drawn upon it; null: none. */
  outline: string | null;
  /** In a plane of the head (after the volume's own affine). */
  planes: ('axial' | 'coronal' | 'sagittal')[];
  /** Evenly spaced through what is not background, a plane. */
  slices: number;
  /** Values shown black and white; null: the 2nd and 98th percentile of what is not background. */
  range: [number, number] | null;
  /** Of a series, from 0. */
  volume: number;
}

/** What a person says of a participant's step: `unfit` leaves the participant out; `doubtful` keeps and tells it. */
export const RATINGS = ['good', 'doubtful', 'unfit'] as const;
export type RatingValue = (typeof RATINGS)[number];

/** As it lies with the data: OUTPUTS/ID/.ratings/STEP.json. It counts while the step's record has this key and its outputs these checksums. */
export interface Rating {
  format: 'sulcus/rating/1';
  pipeline: string;
  step: string;
  /** Key of the step's record. */
  key: string;
  /** SHA-256 over the names and checksums of the step's outputs. */
  outputs: string;
  rating: RatingValue;
  note: string | null;
  by: string;
  at: string;
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
  /** Which of several matches counts, or what is made of all of them. Absent: the first. */
  take?: 'last' | 'mean' | 'smallest' | 'largest' | 'count';
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
  /** `image`: where it ran in a container, by what the image is known (SHA-256 of a file, id of a Docker image). */
  program: { name: string; version: string; image?: { engine: ProgramImage['engine']; name: string; id: string } };
  /** Files of the laboratory's that were taken as outputs; no program ran then (`exit` 0, `seconds` of the copying). Absent: the program made them. */
  existing?: FileRecord[];
  /** As run, with paths relative to the cohort's folder. Of files of a laboratory's: nothing was run, and it is empty. */
  command: string[];
  /** What the program read from its standard input, told like its command. Absent: nothing. */
  stdin?: string;
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
