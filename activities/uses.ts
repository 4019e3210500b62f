/** What a run found or made, recorded in the store as each of its activities ends: garbage collection keeps what the last runs used. */
import type { RunInfo } from '../contracts/activities.js';
import type { ArtifactRef } from '../contracts/refs.js';
import { canonicalJson, digestBytes } from '../storage/keys.js';
import type { ArtifactStore } from '../storage/store.js';

/** Wraps activities so that each call's artifacts are recorded. `make` binds them to a context; every input names its run. */
export function recordingUses<T extends object, C extends { store: ArtifactStore }>(context: C, make: (context: C) => T): T {
  return Object.fromEntries(Object.keys(make(context)).map((name) => [name, async (input: { run: RunInfo }) => {
    const used = new Map<string, ArtifactRef>();
    const activities = make({ ...context, store: watched(context.store, (ref) => used.set(`${ref.kind}/${ref.key}`, ref)) }) as Record<string, (input: unknown) => Promise<unknown>>;
    const output = await activities[name]?.(input);
    const refs = [...used.keys()].sort().map((key) => used.get(key) as ArtifactRef);
    // Named after its content, so that a second try records it once.
    if (refs.length > 0) await context.store.recordUses(input.run.runId, `${name}-${digestBytes(Buffer.from(canonicalJson(refs))).slice(0, 16)}`, refs);
    return output;
  }])) as T;
}

/** The store, which tells of every artifact that was there or was put. */
function watched(store: ArtifactStore, tell: (ref: ArtifactRef) => void): ArtifactStore {
  const telling: Pick<ArtifactStore, 'find' | 'provenance' | 'put' | 'replace'> = {
    async find(ref) {
      const found = await store.find(ref);
      if (found !== null) tell(ref);
      return found;
    },
    async provenance(ref) {
      const made = await store.provenance(ref);
      if (made !== null) tell(ref);
      return made;
    },
    async put(ref, bytes, provenance) {
      await store.put(ref, bytes, provenance);
      tell(ref);
    },
    async replace(ref, bytes, provenance) {
      await store.replace(ref, bytes, provenance);
      tell(ref);
    },
  };
  // Everything else is the store's own.
  return Object.assign(Object.create(store) as ArtifactStore, telling);
}
