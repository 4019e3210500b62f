/** The evidence for whoever approves the rank: a results folder without a decision, beside the place of the results. */
import { chooseRank } from '../../analysis/parcellation/rank-choice.js';
import type { ReviewInput, ReviewOutput } from '../../contracts/operator.js';
import type { RankDecision } from '../../contracts/decisions.js';
import type { RankRow } from '../../contracts/results.js';
import { agreementByRank } from '../match.js';
import { publishFolder } from '../publish/index.js';
import { listedCohorts } from '../publish/list.js';
import type { ControlContext } from '../context.js';
import { loadJson } from '../step.js';
import type { EvidenceDocument } from '../stability.js';

export async function publishReview(context: ControlContext, input: ReviewInput): Promise<ReviewOutput> {
  const { run, spec, out, at } = input, { store } = context;
  const listed = await listedCohorts(store, { cohorts: [], lists: input.lists ?? [] });
  const cohorts = [...input.cohorts, ...listed.map(({ outcome }) => outcome)];
  const evidence: Record<string, RankRow[]> = {};
  for (const c of cohorts) evidence[c.cohort] = (await loadJson<EvidenceDocument>(store, c.evidence)).ranks;
  const rule = chooseRank(evidence, spec.stability.threshold);
  const decision: RankDecision = {
    chosen: null, policy: 'review', doubt: false, approvedBy: null, approvedAt: null, note: null,
    reason: `A person is asked; the automatic rule would ${rule.chosen === null ? 'choose none' : `choose rank ${rule.chosen}`}: ${rule.reason}`,
  };
  const matching = await agreementByRank(store, cohorts.map(({ cohort, data, evidence: ref }) => ({ cohort, vertices: data.vertices, evidence: ref })));
  await publishFolder(context, { run, spec, out, partial: true, decision, match: null, statistics: null, finishedAt: at, cohorts: cohorts.map((outcome) => ({ outcome, parcellation: null, indices: null })) }, matching);
  return { out, suggested: { rank: rule.chosen, doubt: rule.doubt } };
}
