/** Stability and accuracy of one rank in one cohort, and the evidence of all ranks together. */
import { stability } from '../analysis/parcellation/stability.js';
import type { EvidenceInput, EvidenceOutput, StabilityInput, StabilityOutput } from '../contracts/activities.js';
import type { RankRow } from '../contracts/results.js';
import type { ControlContext } from './context.js';
import { decodeFit } from './fit.js';
import { encodeJson, keep, load, loadJson, once, stepRow } from './step.js';
import type { Account } from './why/index.js';

export const STABILITY_VERSION = 3;

/** A rank's evidence, and the fits it comes from. */
interface StabilityDocument {
  row: RankRow;
  halves: [string, string][];
}

export interface EvidenceDocument {
  ranks: RankRow[];
  whole: EvidenceInput['whole'];
  /** Keys of the halves' fits, [A, B] of each split, by rank. */
  halves: { rank: number; splits: [string, string][] }[];
}

export async function stabilityOfRank({ store }: ControlContext, input: StabilityInput): Promise<StabilityOutput> {
  const { run, cohort, rank, vertices } = input;
  const account: Account = { place: { step: 'stability', cohort, rank }, made: { fits: { kind: 'fit', keys: [input.whole, ...input.halves.flat()] } } };
  const step = await once(store, run, 'stability', STABILITY_VERSION, { rank, halves: input.halves, whole: input.whole }, account, async () => {
    const fit = async (key: string): Promise<ReturnType<typeof decodeFit>> => decodeFit(await load(store, { kind: 'fit', key }));
    const splits: (number | null)[] = [], errors: number[] = [];
    let notConverged = 0, flat = 0;
    for (const [a, b] of input.halves) {
      const [A, B] = await Promise.all([fit(a), fit(b)]);
      splits.push(stability(A.W, B.W, vertices, rank).mean);
      errors.push(A.error, B.error);
      notConverged += Number(!A.converged) + Number(!B.converged);
      flat += Number(A.flat) + Number(B.flat);
    }
    const whole = await fit(input.whole);
    const row: RankRow = {
      rank, stability: { ...spread(splits), splits }, error: { mean: mean(errors), sd: sd(errors), full: whole.error }, gradient: null,
      fits: 2 * input.halves.length + 1, notConverged: notConverged + Number(!whole.converged), flat: flat + Number(whole.flat),
    };
    return encodeJson({ row, halves: input.halves } satisfies StabilityDocument);
  });
  await store.recordSteps(run.runId, `stability-${cohort}-${rank}`, [stepRow(run, { step: 'stability', cohort, rank }, step.ref.key, step.provenance)]);
  return { rank, stability: step.ref };
}

export async function collectEvidence({ store }: ControlContext, input: EvidenceInput): Promise<EvidenceOutput> {
  const documents: StabilityDocument[] = [];
  for (const ref of input.stability) documents.push(await loadJson<StabilityDocument>(store, ref));
  documents.sort((a, b) => a.row.rank - b.row.rank);
  const ranks = documents.map((d) => d.row), halves = documents.map((d) => ({ rank: d.row.rank, splits: d.halves }));
  ranks.forEach((row, i) => { const before = ranks[i - 1]; row.gradient = before ? row.error.mean - before.error.mean : null; });
  const evidence = await keep(store, input.run, 'evidence', { ranks, whole: input.whole, halves } satisfies EvidenceDocument);
  return { evidence, summary: ranks.map((r) => ({ rank: r.rank, stability: r.stability.mean })) };
}

function mean(values: number[]): number {
  return values.reduce((s, v) => s + v, 0) / values.length;
}

function sd(values: number[]): number {
  if (values.length < 2) return 0;
  const m = mean(values);
  return Math.sqrt(values.reduce((s, v) => s + (v - m) * (v - m), 0) / (values.length - 1));
}

/** Over the splits that have a stability at all. */
function spread(splits: (number | null)[]): { mean: number | null; sd: number | null; median: number | null } {
  const values = splits.filter((v): v is number => v !== null).sort((a, b) => a - b);
  const n = values.length;
  if (n === 0) return { mean: null, sd: null, median: null };
  return { mean: mean(values), sd: n > 1 ? sd(values) : null, median: ((values[(n - 1) >> 1] as number) + (values[n >> 1] as number)) / 2 };
}
