/** The artifact store as its users see it: content-keyed, write-once. */
import { SulcusError } from '../contracts/errors.js';
import type { ArtifactRef } from '../contracts/refs.js';
import type { StepRow } from '../contracts/results.js';

/** Who made an artifact; kept in its header, never part of its key. */
export interface Provenance {
  workflowId: string;
  runId: string;
  /** Time the step took. */
  seconds: number;
  /** ISO time of writing. */
  at: string;
  /** Node version and architecture, for the record only: an artifact made anywhere serves everywhere. */
  node: string;
  /** Why it was computed; absent in artifacts of earlier versions. */
  why?: string;
  /** Run whose inputs were compared with; null: it was the first time. */
  comparedWith?: string | null;
}

export interface Artifact {
  bytes: Uint8Array;
  provenance: Provenance;
}

/** A run that wrote results. */
export interface FinishedRun {
  runId: string;
  workflowId: string;
  study: string;
  /** ISO time. */
  finishedAt: string;
  /** Results folder. */
  out: string;
  /** Cohorts alone, not the whole study. */
  partial: boolean;
}

/** What the durable steps read and write; artifacts.ts keeps it in any ObjectStore. */
export interface ArtifactStore {
  /** For people: a folder, or `s3://bucket/prefix`. */
  readonly location: string;
  /** The artifact, or null when there is none or it is damaged (a damaged one is set aside, so that it is made again). */
  find(ref: ArtifactRef): Promise<Artifact | null>;
  /** Who made an artifact, without checking its payload; null when there is none. */
  provenance(ref: ArtifactRef): Promise<Provenance | null>;
  /** Atomic and idempotent: the first complete write wins. */
  put(ref: ArtifactRef, bytes: Uint8Array, provenance: Provenance): Promise<void>;
  /** As `put`, but the last write wins: for what is computed again on purpose. */
  replace(ref: ArtifactRef, bytes: Uint8Array, provenance: Provenance): Promise<void>;
  /** Work that is not finished, under the artifact it will become: the last complete write, or null when there is none or it is damaged. */
  draft(ref: ArtifactRef): Promise<Uint8Array | null>;
  /** Atomic: the last write wins. */
  putDraft(ref: ArtifactRef, bytes: Uint8Array): Promise<void>;
  dropDraft(ref: ArtifactRef): Promise<void>;
  /** What one activity of a run did, under a name of its own: written again by a retry, read once by the report. */
  recordSteps(runId: string, name: string, rows: StepRow[]): Promise<void>;
  steps(runId: string): Promise<StepRow[]>;
  /** Artifacts that one activity of a run found or made, under a name of its own: what garbage collection keeps. */
  recordUses(runId: string, name: string, refs: readonly ArtifactRef[]): Promise<void>;
  /** Null when none were recorded: a version of sulcus that kept none. */
  uses(runId: string): Promise<ArtifactRef[] | null>;
  /** What a finished run found, kept when its folder is overwritten: a gzipped document. */
  recordRun(about: FinishedRun, document: Uint8Array): Promise<void>;
  /** Null when the run did not finish, or its version of sulcus kept none. */
  run(runId: string): Promise<Uint8Array | null>;
  /** Finished runs, the latest first. */
  runs(): Promise<FinishedRun[]>;
  /** What a person decided, a small JSON document under a path (`paused/RUN`); null when there is none. Throws STORE_DAMAGED: it cannot be computed again. */
  decision(path: string): Promise<Uint8Array | null>;
  /** The last write wins; null removes it. */
  putDecision(path: string, bytes: Uint8Array | null): Promise<void>;
  /** The documents of a folder, in the order of their names. */
  decisions(folder: string): Promise<Uint8Array[]>;
  /** A small note under a name of its own; null when there is none. Notes explain; nothing that is computed depends on them. */
  note(name: string): Promise<Uint8Array | null>;
  /** Whole or not at all: the last write wins. After a power cut it may be gone. */
  putNote(name: string, bytes: Uint8Array): Promise<void>;
}

/** Something that was damaged and is set aside. */
export interface Damage {
  /** Name in the store. */
  name: string;
  /** What is wrong with it: `its checksum differs`, `it ends too early`, ... */
  what: string;
}

/** An artifact that a later step needs is not there or damaged. */
export class ArtifactMissingError extends SulcusError {
  constructor(ref: ArtifactRef) {
    super('ARTIFACT_MISSING', `artifact ${ref.kind}/${ref.key.slice(0, 12)} is not in the store or is damaged`, {
      remedy: 'launch the study again: what is missing is computed again',
    });
  }
}
