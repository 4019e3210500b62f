/** Stage, rank, pause and review of a study from the facts of its workflow. Pure. */
import type { CohortOutcome } from '../../contracts/activities.js';
import { APPROVE_RANK_UPDATE, PAUSE_UPDATE, RESUME_UPDATE, type Pause, type PauseArgs, type ReviewInput, type ReviewOutput } from '../../contracts/operator.js';
import type { RankDecision } from '../../contracts/decisions.js';
import type { ReviewProgress, StudyInput, StudyOutput } from '../../contracts/workflows.js';
import type { WorkflowFacts } from './history.js';

export interface StudyState {
  input: StudyInput;
  rank: RankDecision | null;
  paused: Pause | null;
  /** Null unless the study is in its stage review. */
  review: ReviewProgress | null;
  output: StudyOutput | null;
}

/** `stage` and `reminders`: search attributes of the workflow. */
export function studyState(facts: WorkflowFacts, stage: string, reminders: number): StudyState {
  const output = (facts.result ?? null) as StudyOutput | null;
  return { input: facts.input as StudyInput, rank: output?.rank ?? rankOf(facts), paused: output === null ? pauseOf(facts) : null, review: stage === 'review' ? reviewOf(facts, reminders) : null, output };
}

function rankOf({ steps, updates }: WorkflowFacts): RankDecision | null {
  const decisions = [
    ...steps.filter((s) => (s.name === 'chooseRank' || s.name === 'findApproval') && s.state === 'done').map((s) => ({ at: s.closed ?? 0, decision: s.result as RankDecision | null })),
    ...updates.filter((u) => u.name === APPROVE_RANK_UPDATE && u.result !== null).map((u) => ({ at: u.accepted, decision: u.result as RankDecision })),
  ].sort((a, b) => a.at - b.at);
  return decisions[decisions.length - 1]?.decision ?? null;
}

function pauseOf({ updates }: WorkflowFacts): Pause | null {
  let paused: Pause | null = null, number = 0;
  for (const { name, args, accepted } of updates) {
    if (name === PAUSE_UPDATE) paused = { ...(args[0] as PauseArgs), number: ++number, at: new Date(accepted).toISOString() };
    if (name === RESUME_UPDATE) paused = null;
  }
  return paused;
}

function reviewOf({ input, steps, children }: WorkflowFacts, reminders: number): ReviewProgress {
  const found = [...children.values()].filter((o): o is CohortOutcome => o !== null && typeof o === 'object' && 'summary' in o);
  // In the order of the study file, whoever was ready first.
  const outcomes = (input as StudyInput).cohorts.flatMap((name) => found.filter((o) => o.cohort === name));
  const asked = steps.filter((s) => s.name === 'publishReview').at(-1), published = asked?.state === 'done' ? (asked.result as ReviewOutput) : null;
  const stability = (rank: number): Record<string, number | null> => Object.fromEntries(outcomes.map((o) => [o.cohort, o.summary.find((s) => s.rank === rank)?.stability ?? null]));
  return {
    ranks: (outcomes[0]?.summary ?? []).map(({ rank }) => ({ rank, stability: stability(rank) })), reminders,
    ...(asked === undefined ? {} : { since: (asked.input as ReviewInput).at }), folder: published?.out ?? null, suggested: published?.suggested ?? null,
  };
}
