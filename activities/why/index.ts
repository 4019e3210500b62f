/**
 * Why a step was computed again. The store keeps, for each place in a study (a step of a cohort, rank, split and half), what the step was done
 * with last; what is computed now is compared with that, field by field. The answer is kept in the artifact's header, so that an attempt
 * after a crash finds the same one.
 */
import type { RunInfo } from '../../contracts/activities.js';
import { ASKED_FOR, isAskedFor } from '../../contracts/again.js';
import { changeText, parameterChanges, valueText } from '../../contracts/differences.js';
import type { ArtifactKind } from '../../contracts/refs.js';
import { canonicalJson, digestBytes } from '../../storage/keys.js';
import type { ArtifactStore } from '../../storage/store.js';
import { decodeJson, encodeJson } from '../json.js';
import type { Account, Note, Place } from './account.js';
import { datasetChanges } from './participants.js';

export type { Account, Place } from './account.js';

export const FIRST_TIME = 'first time';
/** Same inputs as the last time, and yet there is nothing. */
export const LOST = 'what was computed is not in the store any more, or is damaged';
/** It travels in headers and rows. */
const LONGEST = 400;

export interface Reason {
  /** `first time`, or what differs from the last time: `participants: 2 added; parameter covariates: [age, sex] -> [age]`. */
  why: string;
  /** Run that did it last; null: none did. */
  comparedWith: string | null;
}

/** Why the artifact `key` is about to be computed. Reads the note of the place, writes nothing. */
export async function explain(store: ArtifactStore, run: RunInfo, key: string, account: Account): Promise<Reason> {
  const before = await noteOf(store, run, account.place);
  if (before === null) return { why: FIRST_TIME, comparedWith: null };
  if (before.key === key) return { why: isAskedFor(run.again, account.place.step, account.place.cohort ?? null) ? ASKED_FOR : LOST, comparedWith: before.runId };
  const changes = [
    ...parameterChanges(before.account.code ?? {}, account.code ?? {}).map((c) => `${c.name} version ${valueText(c.before)} -> ${valueText(c.now)}`),
    ...parameterChanges(before.account.parameters ?? {}, account.parameters ?? {}).map((c) => `parameter ${changeText(c)}`),
    ...(await participants(store, before.account, account)),
  ];
  // What a step is made from is told only where its own fields do not: it follows from them.
  if (changes.length === 0) changes.push(...(await ingredients(store, run, before.account, account)));
  const why = changes.length > 0 ? changes.join('; ') : 'an input that has no name here';
  return { why: why.length > LONGEST ? `${why.slice(0, LONGEST - 1)}…` : why, comparedWith: before.runId };
}

/** Notes what a step that is reused was done with; costs one small read when nothing changed. */
export async function remember(store: ArtifactStore, run: RunInfo, key: string, account: Account): Promise<void> {
  const before = await noteOf(store, run, account.place);
  if (before?.key !== key) await noteDown(store, run, key, account);
}

/** Notes what a step that was computed was done with. Call it once the artifact is in the store: a note without one would say that it was lost. */
export async function noteDown(store: ArtifactStore, run: RunInfo, key: string, account: Account): Promise<void> {
  await store.putNote(nameOf(run, account.place), encodeJson({ key, runId: run.runId, account } satisfies Note));
}

/**
 * A cohort alone is worked on under an id of its own (`STUDY-only-COHORT`), and the study goes on from its artifacts: what belongs to a cohort has
 * one place in both. What belongs to all cohorts together does not.
 */
function nameOf({ workflowId }: RunInfo, place: Place): string {
  const { step, cohort = null, rank = null, split = null, half = null, part = null } = place;
  const alone = cohort === null ? -1 : workflowId.lastIndexOf('-only-');
  const named = alone > 0 && cohort !== null && `-${workflowId.slice(alone + '-only-'.length)}-`.includes(`-${cohort}-`);
  return digestBytes(Buffer.from(canonicalJson([named ? workflowId.slice(0, alone) : workflowId, step, cohort, rank, split, half, part])));
}

async function noteOf(store: ArtifactStore, run: RunInfo, place: Place): Promise<Note | null> {
  const bytes = await store.note(nameOf(run, place));
  if (bytes === null) return null;
  try {
    return decodeJson<Note>(bytes);
  } catch {
    return null; // torn by a power cut: as if it were the first time
  }
}

async function participants(store: ArtifactStore, before: Account, now: Account): Promise<string[]> {
  const all = Object.entries(now.datasets ?? {}), changes: string[] = [];
  for (const [cohort, key] of all) {
    const earlier = before.datasets?.[cohort];
    const prefix = all.length > 1 ? `${cohort}: ` : '';
    if (earlier === undefined) changes.push(`cohort ${cohort} added`);
    else for (const change of await datasetChanges(store, earlier, key, now.columns)) changes.push(`${prefix}${change}`);
  }
  for (const cohort of Object.keys(before.datasets ?? {})) if (now.datasets?.[cohort] === undefined) changes.push(`cohort ${cohort} removed`);
  return changes;
}

/** `fits of tokyo: 21 of 21 others (participants: 2 added)`: the reason in brackets is that of the first that was computed in this run. */
async function ingredients(store: ArtifactStore, run: RunInfo, before: Account, now: Account): Promise<string[]> {
  const changes: string[] = [];
  for (const [name, { kind, keys }] of Object.entries(now.made ?? {})) {
    const old = new Set(before.made?.[name]?.keys);
    const fresh = keys.filter((key) => !old.has(key));
    if (fresh.length === 0 && old.size === keys.length) continue;
    const cause = await causeOf(store, run, kind, fresh);
    changes.push(`${name}: ${keys.length === 1 ? 'others' : `${fresh.length} of ${keys.length} others`}${cause === null ? '' : ` (${cause})`}`);
  }
  return changes;
}

async function causeOf(store: ArtifactStore, run: RunInfo, kind: ArtifactKind, keys: string[]): Promise<string | null> {
  for (const key of keys.slice(0, 3)) {
    const made = await store.provenance({ kind, key });
    if (made?.runId === run.runId && made.why !== undefined && made.why !== FIRST_TIME) return made.why;
  }
  return null;
}
