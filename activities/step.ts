/** A durable step: done if its artifact exists, else computed and stored. Every step says which of the two it was. */
import type { RunInfo } from '../contracts/activities.js';
import type { ArtifactKind, ArtifactRef } from '../contracts/refs.js';
import type { StepRow } from '../contracts/results.js';
import { ArtifactMissingError, type ArtifactStore, type Provenance } from '../storage/store.js';
import { digestBytes, stepKey } from '../storage/keys.js';
import { decodeJson, encodeJson } from './json.js';
import { explain, noteDown, remember, type Account, type Reason } from './why/index.js';

export { decodeJson, encodeJson } from './json.js';

export interface StepResult {
  ref: ArtifactRef;
  bytes: Uint8Array;
  provenance: Provenance;
  /** Made now; false: it was there. */
  made: boolean;
}

/** Finds or makes an artifact: what is found under its key is not made again. `reason` is asked only when it has to be made, and kept with it. */
async function cached(store: ArtifactStore, run: RunInfo, ref: ArtifactRef, make: () => Promise<Uint8Array> | Uint8Array, reason?: () => Promise<Reason>): Promise<StepResult> {
  const found = await store.find(ref);
  if (found !== null) return { ref, bytes: found.bytes, provenance: found.provenance, made: false };
  const why = await reason?.();
  const started = performance.now();
  const bytes = await make();
  const provenance = provenanceOf(run, (performance.now() - started) / 1000, why);
  await store.put(ref, bytes, provenance);
  return { ref, bytes, provenance, made: true };
}

/** The same for what is plain data. */
export async function cachedJson<T>(store: ArtifactStore, run: RunInfo, ref: ArtifactRef, make: () => Promise<T> | T): Promise<T> {
  return decodeJson<T>((await cached(store, run, ref, async () => encodeJson(await make()))).bytes);
}

/**
 * Finds or makes the artifact of a step. `version` changes whenever the same inputs could give other bytes. `account` says in words what the inputs
 * are: should the step have to be computed, it is why.
 */
export async function once(
  store: ArtifactStore, run: RunInfo, kind: ArtifactKind, version: number, inputs: unknown, account: Account, compute: () => Promise<Uint8Array> | Uint8Array,
): Promise<StepResult> {
  const ref: ArtifactRef = { kind, key: stepKey(kind, version, inputs) };
  const said = { ...account, code: { code: version, ...account.code } };
  const step = await cached(store, run, ref, compute, () => explain(store, run, ref.key, said));
  await (step.made ? noteDown : remember)(store, run, ref.key, said);
  return step;
}

/** Stores something under the digest of its own content: for what is cheap to make and only has to travel by ref. */
export async function keep(store: ArtifactStore, run: RunInfo, kind: ArtifactKind, value: unknown): Promise<ArtifactRef> {
  const bytes = encodeJson(value);
  const ref: ArtifactRef = { kind, key: digestBytes(bytes) };
  if ((await store.provenance(ref)) === null) await store.put(ref, bytes, provenanceOf(run, 0));
  return ref;
}

/** The payload of a ref that must exist. Throws ArtifactMissingError. */
export async function load(store: ArtifactStore, ref: ArtifactRef): Promise<Uint8Array> {
  const found = await store.find(ref);
  if (found === null) throw new ArtifactMissingError(ref);
  return found.bytes;
}

export async function loadJson<T>(store: ArtifactStore, ref: ArtifactRef): Promise<T> {
  return decodeJson<T>(await load(store, ref));
}

export function provenanceOf(run: RunInfo, seconds: number, reason?: Reason): Provenance {
  return { workflowId: run.workflowId, runId: run.runId, seconds, at: new Date().toISOString(), node: `${process.version} ${process.arch}`, ...reason };
}

/** The row of results.json for a step whose artifact says who made it. */
export function stepRow(
  run: RunInfo, row: Pick<StepRow, 'step'> & Partial<Pick<StepRow, 'cohort' | 'rank' | 'split' | 'half'>>, key: string, provenance: Provenance,
): StepRow {
  const computed = provenance.runId === run.runId;
  return {
    step: row.step, cohort: row.cohort ?? null, rank: row.rank ?? null, split: row.split ?? null, half: row.half ?? null,
    key, computed, reusedFrom: computed ? null : provenance.runId, seconds: provenance.seconds,
    why: computed ? provenance.why ?? null : null, comparedWith: computed ? provenance.comparedWith ?? null : null,
  };
}
