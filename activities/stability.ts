/** Stability and accuracy of one rank in one cohort, and the evidence of all ranks together. */
import { stability } from '../analysis/parcellation/stability.js';
import type { EvidenceInput, EvidenceOutput, StabilityInput, StabilityOutput } from '../contracts/activities.js';
import type { RankRow } from '../contracts/results.js';
import type { ControlContext } from './context.js';
import { decodeFit } from './fit.js';
import { encodeJson, keep, load, loadJson, once, stepRow } from './step.js';

const STABILITY_VERSION = 1;

export interface EvidenceDocument {
  ranks: RankRow[];
  whole: EvidenceInput['whole'];
}

export async function stabilityOfRank({ store }: ControlContext, input: StabilityInput): Promise<StabilityOutput> {
  const { run, cohort, rank, vertices } = input;
  const step = await once(store, run, 'stability', STABILITY_VERSION, { rank, halves: input.halves, whole: input.whole }, async () => {
    const fit = async (key: string): Promise<ReturnType<typeof decodeFit>> => decodeFit(await load(store, { kind: 'fit', key }));
    const splits: (number | null)[] = [], errors: number[] = [];
    let notConverged = 0;
    for (const [a, b] of input.halves) {
      const [A, B] = await Promise.all([fit(a), fit(b)]);
      splits.push(stability(A.W, B.W, vertices, rank).mean);
      errors.push(A.error, B.error);
      notConverged += Number(!A.converged) + Number(!B.converged);
    }
    const whole = await fit(input.whole);
    const row: RankRow = {
      rank, stability: { ...spread(splits), splits }, error: { mean: mean(errors), sd: sd(errors), full: whole.error }, gradient: null,
      fits: 2 * input.halves.length + 1, notConverged: notConverged + Number(!whole.converged),
    };
    return encodeJson(row);
  });
  await store.recordSteps(run.runId, `stability-${cohort}-${rank}`, [stepRow(run, { step: 'stability', cohort, rank }, step.ref.key, step.provenance)]);
  return { rank, stability: step.ref };
}

export async function collectEvidence({ store }: ControlContext, input: EvidenceInput): Promise<EvidenceOutput> {
  const ranks: RankRow[] = [];
  for (const ref of input.stability) ranks.push(await loadJson<RankRow>(store, ref));
  ranks.sort((a, b) => a.rank - b.rank);
  ranks.forEach((row, i) => { const before = ranks[i - 1]; row.gradient = before ? row.error.mean - before.error.mean : null; });
  const evidence = await keep(store, input.run, 'evidence', { ranks, whole: input.whole } satisfies EvidenceDocument);
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
