/**
 * A rerun as the steps see it: a store in which what they are asked to make again is not there, unless this run has made it already.
 * What is made replaces what was there, so that other studies find one artifact; that the bytes are the same is checked and logged.
 */
import { log } from '@temporalio/activity';
import type { RunInfo } from '../contracts/activities.js';
import { isKindAskedFor } from '../contracts/again.js';
import type { ArtifactRef } from '../contracts/refs.js';
import type { Artifact, ArtifactStore, Provenance } from '../storage/store.js';

/** Steps whose own outputs may be hidden: what they read is of other kinds. */
interface StepInput {
  run: RunInfo;
  cohort?: string;
}

/** The context for one call of a step: unchanged unless a rerun asks for something. */
export function forRun<C extends { store: ArtifactStore }>(context: C, { run, cohort }: StepInput, makes: readonly ArtifactRef['kind'][]): C {
  const kinds = makes.filter((kind) => isKindAskedFor(run.again, kind, cohort ?? null));
  return kinds.length === 0 ? context : { ...context, store: withoutEarlier(context.store, run, new Set(kinds)) };
}

function withoutEarlier(store: ArtifactStore, run: RunInfo, kinds: ReadonlySet<ArtifactRef['kind']>): ArtifactStore {
  const ours = (ref: ArtifactRef, made: Provenance | undefined | null): boolean => !kinds.has(ref.kind) || made?.runId === run.runId;
  const hiding: Pick<ArtifactStore, 'find' | 'provenance' | 'put'> = {
    async find(ref): Promise<Artifact | null> {
      const found = await store.find(ref);
      return ours(ref, found?.provenance) ? found : null;
    },
    async provenance(ref): Promise<Provenance | null> {
      const made = await store.provenance(ref);
      return ours(ref, made) ? made : null;
    },
    async put(ref, bytes, provenance): Promise<void> {
      if (!kinds.has(ref.kind)) return store.put(ref, bytes, provenance);
      const before = await store.find(ref);
      if (before !== null && Buffer.compare(before.bytes, bytes) !== 0) log.warn('computed again, and the bytes are others than before', { kind: ref.kind, key: ref.key.slice(0, 12), madeBy: before.provenance.runId });
      return store.replace(ref, bytes, provenance);
    },
  };
  // Everything else is the store's own.
  return new Proxy(store, { get: (target, name) => {
    const own: unknown = Reflect.get(name in hiding ? hiding : target, name);
    return typeof own === 'function' && !(name in hiding) ? (own as (...all: unknown[]) => unknown).bind(target) : own;
  } });
}
