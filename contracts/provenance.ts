/** provenance.json of a results folder: what it was made from, and with which code. It names participants. */
import type { StudyResults } from './results.js';
import type { StepRow } from './steps.js';
import type { StudySpec } from './study.js';

export interface RunProvenance {
  run: StudyResults['run'];
  /** Version of Node. */
  node: string;
  /** Absent, as what follows but `spec` and `steps`, in results of earlier versions. */
  out?: string;
  /** Versions of the code by step: one changes when the same inputs could give other results. */
  code?: Record<string, number>;
  /** The study file, defaults filled in. */
  spec: StudySpec;
  inputs?: Record<string, CohortInputs>;
  steps: StepRow[];
}

export interface CohortInputs {
  /** Key of the artifact that lists participants, region and halves. */
  dataset: string;
  spectra: string | null;
  /** Digest of the region's vertices. */
  region: string;
  metrics: string[];
  participants: ParticipantInputs[];
  excluded: { id: string; code: string | null }[];
}

/** Digests of what was read of a participant: equal when nothing changed. */
export interface ParticipantInputs {
  id: string;
  /** Vertex files or volumes, their sampling, and the region. */
  files: string;
  /** Row of the participants' table. */
  row: string;
  /** Spectrum and tissue fractions as used; null: none. */
  spectrum: string | null;
}

/** What the store keeps of a finished run (gzipped JSON), for comparing with later ones. */
export interface RunDocument {
  results: StudyResults;
  provenance: RunProvenance;
  /** `<cohort>_<side>`: component of every mesh vertex, a line each; 0 outside the region. */
  labels: Record<string, string>;
}
