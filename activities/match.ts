/** Agreement across cohorts: adjusted Rand at every rank; at the chosen rank, components renumbered to those of the first cohort. */
import { optimalAssignment } from '../analysis/parcellation/assignment.js';
import { adjustedRandIndex, hardLabels, overlapMatrix } from '../analysis/parcellation/labels.js';
import type { MatchInput, MatchOutput } from '../contracts/activities.js';
import type { ArtifactRef } from '../contracts/refs.js';
import type { MatchingRow } from '../contracts/results.js';
import type { ArtifactStore } from '../storage/store.js';
import type { ControlContext } from './context.js';
import { decodeFit, encodeFit, type FitDocument } from './fit.js';
import { encodeJson, load, loadJson, once, stepRow } from './step.js';
import type { EvidenceDocument } from './stability.js';
import type { Account } from './why/index.js';

export const MATCH_VERSION = 1;

interface CohortFits {
  cohort: string;
  vertices: number;
  fits: Map<number, FitDocument>;
  keys: Map<number, string>;
}

export async function matchCohorts({ store }: ControlContext, input: MatchInput): Promise<MatchOutput> {
  const { run, rank } = input;
  const cohorts = await readFits(store, input.cohorts);
  const inputs = { rank, cohorts: cohorts.map((c) => [c.cohort, [...c.keys]]) };
  const made = Object.fromEntries(cohorts.map((c) => [`fits of ${c.cohort}`, { kind: 'fit' as const, keys: [...c.keys.values()] }]));
  const account: Account = { place: { step: 'match' }, parameters: { 'chosen rank': rank }, made };
  const match = await once(store, run, 'match', MATCH_VERSION, inputs, account, () => encodeJson(matchingRows(cohorts, rank)));
  await store.recordSteps(run.runId, 'match', [stepRow(run, { step: 'match', rank }, match.ref.key, match.provenance)]);
  const reference = cohorts[0] as CohortFits;
  const parcellations: { cohort: string; ref: ArtifactRef }[] = [];
  for (const c of cohorts) {
    const parcellation = await once(store, run, 'parcellation', MATCH_VERSION, { fit: c.keys.get(rank), reference: reference.keys.get(rank) }, parcellationAccount(c, reference, rank), () => {
      const fit = c.fits.get(rank) as FitDocument;
      return encodeFit({ ...fit, W: permuteColumns(fit.W, c.vertices, rank, renumbering(reference, c, rank)) });
    });
    parcellations.push({ cohort: c.cohort, ref: parcellation.ref });
  }
  return { match: match.ref, parcellations };
}

/** Adjusted Rand index of every pair of cohorts at every rank, before one is chosen. */
export async function agreementByRank(store: ArtifactStore, asked: MatchInput['cohorts']): Promise<MatchingRow[]> {
  const cohorts = await readFits(store, asked);
  return cohorts.flatMap((a, i) => cohorts.slice(i + 1).map((b) => ({ a: a.cohort, b: b.cohort, ari: null, byRank: randByRank(a, b), permutation: [], overlap: [] })));
}

/** The fits of the whole cohorts at every rank. */
async function readFits(store: ArtifactStore, asked: MatchInput['cohorts']): Promise<CohortFits[]> {
  const cohorts: CohortFits[] = [];
  for (const { cohort, vertices, evidence } of asked) {
    const { whole } = await loadJson<EvidenceDocument>(store, evidence);
    const fits = new Map<number, FitDocument>();
    for (const { rank: k, key } of whole) fits.set(k, decodeFit(await load(store, { kind: 'fit', key })));
    cohorts.push({ cohort, vertices, fits, keys: new Map(whole.map((w) => [w.rank, w.key])) });
  }
  return cohorts;
}

function randByRank(a: CohortFits, b: CohortFits): MatchingRow['byRank'] {
  return [...a.fits.keys()].map((k) => ({ rank: k, ari: adjustedRandIndex(labelsOf(a, k), labelsOf(b, k)) }));
}

function parcellationAccount(c: CohortFits, reference: CohortFits, rank: number): Account {
  const made = Object.fromEntries([c, reference].map(({ cohort, keys }) => [`fit of ${cohort}`, { kind: 'fit' as const, keys: [keys.get(rank) as string] }]));
  return { place: { step: 'match', cohort: c.cohort, part: 'parcellation' }, parameters: { 'chosen rank': rank, 'first cohort': reference.cohort }, made };
}

/** Every pair of cohorts, in the study's order. */
function matchingRows(cohorts: CohortFits[], rank: number): MatchingRow[] {
  const rows: MatchingRow[] = [];
  const reference = cohorts[0] as CohortFits;
  const renumbered = new Map(cohorts.map((c) => [c.cohort, labelsOf(c, rank, renumbering(reference, c, rank))]));
  cohorts.forEach((a, i) => cohorts.slice(i + 1).forEach((b) => {
    const byRank = randByRank(a, b);
    rows.push({
      a: a.cohort, b: b.cohort, byRank, ari: byRank.find((r) => r.rank === rank)?.ari ?? null,
      permutation: renumbering(reference, b, rank).map((j) => j + 1),
      overlap: overlapMatrix(renumbered.get(a.cohort) as Int32Array, renumbered.get(b.cohort) as Int32Array, rank),
    });
  }));
  return rows;
}

/** answer[i]: the column of `c` that becomes component i of the reference, by the assignment with the largest common area. */
function renumbering(reference: CohortFits, c: CohortFits, rank: number): number[] {
  if (c === reference) return Array.from({ length: rank }, (_, j) => j);
  const overlap = overlapMatrix(labelsOf(reference, rank), labelsOf(c, rank), rank);
  return optimalAssignment(overlap, 'maximise').map((j) => j as number);
}

function labelsOf(c: CohortFits, rank: number, order?: number[]): Int32Array {
  const fit = c.fits.get(rank) as FitDocument;
  return hardLabels(order ? permuteColumns(fit.W, c.vertices, rank, order) : fit.W, c.vertices, rank);
}

function permuteColumns(w: Float64Array, m: number, k: number, order: number[]): Float64Array {
  const out = new Float64Array(w.length);
  for (let i = 0; i < m; i++) order.forEach((from, to) => { out[i * k + to] = w[i * k + from] as number; });
  return out;
}

