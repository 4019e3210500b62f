/** The choice of the rank: by rule, or the number in the study file. A person's choice comes by an update and needs no step. */
import { chooseRank as chooseByRule, type RankChoice } from '../analysis/parcellation/rank-choice.js';
import type { ChooseRankInput } from '../contracts/activities.js';
import { SulcusError } from '../contracts/errors.js';
import { rankStanding } from '../contracts/rank-standing.js';
import type { RankDecision, RankRow } from '../contracts/results.js';
import type { ControlContext } from './context.js';
import { decodeJson, encodeJson, loadJson, once, stepRow } from './step.js';
import type { EvidenceDocument } from './stability.js';
import type { Account } from './why/index.js';

export const RANK_VERSION = 1;

export async function chooseRank({ store }: ControlContext, input: ChooseRankInput): Promise<RankDecision> {
  const { run, policy, threshold } = input;
  const account: Account = {
    place: { step: 'rank' }, parameters: { rank: policy, stability: { threshold } },
    made: Object.fromEntries(input.evidence.map((e) => [`stability of ${e.cohort}`, { kind: 'evidence' as const, keys: [e.evidence.key] }])),
  };
  const step = await once(store, run, 'rank', RANK_VERSION, { policy, threshold, evidence: input.evidence.map((e) => [e.cohort, e.evidence.key]) }, account, async () => {
    const evidence: Record<string, RankRow[]> = {};
    for (const e of input.evidence) evidence[e.cohort] = (await loadJson<EvidenceDocument>(store, e.evidence)).ranks;
    const nobody = { approvedBy: null, approvedAt: null, note: null };
    const decision: RankDecision = policy === 'auto' ? { ...chooseByRule(evidence, threshold), policy, ...nobody } : { ...setRank(evidence, policy, threshold), policy: 'number', ...nobody };
    return encodeJson(decision);
  });
  const decision = decodeJson<RankDecision>(step.bytes);
  await store.recordSteps(run.runId, 'rank', [stepRow(run, { step: 'rank', rank: decision.chosen }, step.ref.key, step.provenance)]);
  return decision;
}

function setRank(evidence: Record<string, RankRow[]>, rank: number, threshold: number): RankChoice {
  const means = Object.entries(evidence).map(([cohort, rows]) => {
    const row = rows.find((r) => r.rank === rank);
    if (row === undefined) throw new SulcusError('RANK_NOT_COMPUTED', `rank ${rank} was not computed for cohort ${cohort}`, { remedy: 'choose a rank within factorization: ranks' });
    return { cohort, mean: row.stability.mean };
  });
  const { shown, doubt } = rankStanding(means, threshold);
  return { chosen: rank, doubt, reason: `rank ${rank} is set in the study file; its stability is ${shown}` };
}
