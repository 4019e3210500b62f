/** The choice of the rank: by rule, or the number in the study file. A person's choice comes by an update and needs no step. */
import { chooseRank as chooseByRule } from '../analysis/parcellation/rank-choice.js';
import type { ChooseRankInput } from '../contracts/activities.js';
import { SulcusError } from '../contracts/errors.js';
import type { RankDecision, RankRow } from '../contracts/results.js';
import type { ControlContext } from './context.js';
import { loadJson } from './step.js';
import type { EvidenceDocument } from './stability.js';

export async function chooseRank({ store }: ControlContext, input: ChooseRankInput): Promise<RankDecision> {
  const evidence: Record<string, RankRow[]> = {};
  for (const e of input.evidence) evidence[e.cohort] = (await loadJson<EvidenceDocument>(store, e.evidence)).ranks;
  const nobody = { approvedBy: null, approvedAt: null, note: null };
  await store.recordSteps(input.run.runId, 'rank', [{ step: 'rank', cohort: null, rank: null, split: null, half: null, key: null, computed: true, reusedFrom: null, seconds: 0 }]);
  if (input.policy === 'auto') return { ...chooseByRule(evidence, input.threshold), policy: 'auto', ...nobody };
  const rank = input.policy;
  const means = Object.entries(evidence).map(([cohort, rows]) => {
    const row = rows.find((r) => r.rank === rank);
    if (row === undefined) throw new SulcusError('RANK_NOT_COMPUTED', `rank ${rank} was not computed for cohort ${cohort}`, { remedy: 'choose a rank within factorization: ranks' });
    return { cohort, mean: row.stability.mean };
  });
  const doubt = means.some(({ mean }) => mean === null || mean <= input.threshold);
  const shown = means.map(({ cohort, mean }) => `${mean === null ? 'undefined' : mean.toFixed(3)} in ${cohort}`).join(', ');
  return { chosen: rank, policy: 'number', doubt, reason: `rank ${rank} is set in the study file; its stability is ${shown}`, ...nobody };
}
