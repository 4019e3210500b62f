/**
 * What nothing needs any more. Reachable is what the last finished run of every study (and results folder) used, whichever study asks, and what runs
 * used that have not finished and are not old. Everything that is deleted can be computed again from the data; documents of persons and runs stay.
 */
import type { Artifacts } from './artifacts.js';
import { ARTIFACTS, artifactName, DRAFTS, isSetAside, refOf, USES } from './layout.js';
import type { ObjectInfo } from './object-store.js';
import type { FinishedRun } from './store.js';

/**
 * - unused: an artifact that no kept run used. abandoned: what an unfinished fit would go on from. damaged: set aside.
 * - interrupted: left by a write that did not end. record: what a run used that is not kept.
 */
export type GarbageKind = 'unused' | 'abandoned' | 'damaged' | 'interrupted' | 'record';

export interface Garbage extends ObjectInfo {
  garbage: GarbageKind;
  remove(): Promise<void>;
}

export interface Amount {
  objects: number;
  bytes: number;
}

export interface GarbageReport {
  garbage: Garbage[];
  /** Artifacts and drafts that stay because a kept run used them. */
  used: Amount;
  /** What would be garbage if it were older. */
  young: Amount;
  /** Finished runs whose artifacts are kept, the latest first. */
  runs: FinishedRun[];
  /** Of them, runs of an earlier version, which recorded nothing of what they used: all that is older than the latest of them stays. */
  unrecorded: number;
}

/** Reads names, sizes and times of the whole store; deletes nothing. `now`: ms since 1970. */
export async function findGarbage(store: Artifacts, { olderThanSeconds, now }: { olderThanSeconds: number; now: number }): Promise<GarbageReport> {
  const before = now - olderThanSeconds * 1000;
  const runs = lastRuns(await store.runs()), used = new Set<string>();
  let unrecorded = 0, horizon = -Infinity;
  for (const run of runs) {
    const refs = await store.uses(run.runId);
    for (const ref of refs ?? []) used.add(artifactName(ref));
    if (refs !== null) continue;
    unrecorded++;
    horizon = Math.max(horizon, Date.parse(run.finishedAt));
  }
  const report: GarbageReport = { garbage: [], used: { objects: 0, bytes: 0 }, young: { objects: 0, bytes: 0 }, runs, unrecorded };
  const add = (kind: GarbageKind, object: ObjectInfo, remove = (): Promise<void> => store.objects.remove(object.name)): void => {
    if (object.modified < before) report.garbage.push({ ...object, garbage: kind, remove });
    else count(report.young, object);
  };
  for (const [runId, records] of await recordsByRun(store)) {
    if (runs.some((run) => run.runId === runId)) continue;
    // A run is as old as the last it recorded; what it used goes after its record.
    const latest = Math.max(...records.map((r) => r.modified));
    if (latest < before) for (const record of records) add('record', record);
    else for (const ref of (await store.uses(runId)) ?? []) used.add(artifactName(ref));
  }
  for await (const object of store.objects.list(ARTIFACTS)) {
    const ref = refOf(object.name);
    if (isSetAside(object.name)) add('damaged', object);
    else if (ref === null) continue;
    else if (used.has(object.name) || object.modified <= horizon || ref.kind === 'exclusion') count(report.used, object);
    else add('unused', object);
  }
  for await (const object of store.objects.list(DRAFTS)) add(isSetAside(object.name) ? 'damaged' : 'abandoned', object);
  for await (const left of store.objects.leftovers()) add('interrupted', left, () => left.remove());
  return report;
}

/** Several at a time; each is deleted wholly or not at all, so that an interrupted collection only has less to do the next time. */
export async function collect(garbage: readonly Garbage[], stop: AbortSignal): Promise<Garbage[]> {
  const rest = garbage.values(), gone: Garbage[] = [];
  const some = async (): Promise<void> => {
    for (const one of rest) {
      if (stop.aborted) return;
      await one.remove();
      gone.push(one);
    }
  };
  await Promise.all(Array.from({ length: 8 }, some));
  return gone;
}

/** The last run of each study in each results folder: what is written there was made from its artifacts. `runs`: the latest first. */
function lastRuns(runs: readonly FinishedRun[]): FinishedRun[] {
  const known = new Set<string>();
  return runs.filter(({ workflowId, out }) => {
    const place = JSON.stringify([workflowId, out]), first = !known.has(place);
    known.add(place);
    return first;
  });
}

async function recordsByRun(store: Artifacts): Promise<Map<string, ObjectInfo[]>> {
  const found = new Map<string, ObjectInfo[]>();
  for await (const record of store.objects.list(USES)) {
    const runId = record.name.split('/')[1] ?? '';
    found.set(runId, [...(found.get(runId) ?? []), record]);
  }
  return found;
}

function count(amount: Amount, { bytes }: ObjectInfo): void {
  amount.objects++;
  amount.bytes += bytes;
}
