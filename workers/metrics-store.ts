/** The artifact store as a worker sees it: counts what was computed and what was reused, and learns which identifiers to keep out of the log. */
import type { ArtifactRef } from '../contracts/refs.js';
import type { StepRow } from '../contracts/results.js';
import type { ArtifactStore, Provenance } from '../storage/store.js';
import type { Redactor } from './log-redact.js';
import type { Metrics } from './metrics.js';

/** Documents that name subjects: each is looked into once. */
const NAMING = new Set<string>(['manifest', 'dataset', 'shard', 'pipeline', 'unprocessed']);
const REMEMBERED = 200;

export function observeStore(store: ArtifactStore, metrics: Metrics, redactor: Redactor | null): ArtifactStore {
  const seen = new Set<string>();
  const learn = (ref: ArtifactRef, bytes: Uint8Array): void => {
    if (redactor === null || !NAMING.has(ref.kind) || seen.has(ref.key)) return;
    if (seen.size >= REMEMBERED) seen.clear();
    seen.add(ref.key);
    redactor.learn(identifiersIn(bytes));
  };
  // Everything else is the store's own.
  return Object.assign(Object.create(store) as ArtifactStore, {
    async find(ref: ArtifactRef) {
      const found = await store.find(ref);
      if (found !== null) learn(ref, found.bytes);
      return found;
    },
    put(ref: ArtifactRef, bytes: Uint8Array, provenance: Provenance) {
      learn(ref, bytes);
      return store.put(ref, bytes, provenance);
    },
    async recordSteps(runId: string, name: string, rows: StepRow[]) {
      await store.recordSteps(runId, name, rows);
      for (const { step, computed } of rows) metrics.count('sulcus_steps', { step, result: computed ? 'computed' : 'reused' });
    },
  });
}

/** Subjects analysed, listed or excluded. */
function identifiersIn(bytes: Uint8Array): string[] {
  const { subjects = [], excluded = [] } = JSON.parse(Buffer.from(bytes).toString('utf8')) as { subjects?: { id?: unknown }[]; excluded?: { id?: unknown }[] };
  return [...subjects, ...excluded].flatMap(({ id }) => (typeof id === 'string' ? [id] : []));
}
