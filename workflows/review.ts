/** The choice of the rank by a person: evidence, reminders, and the update that approves. */
import { ApplicationFailure, condition, defineUpdate, log, patched, setHandler, upsertSearchAttributes } from '@temporalio/workflow';
import type { CohortOutcome, RunInfo } from '../contracts/activities.js';
import { APPROVE_RANK_UPDATE, type ApproveRankArgs } from '../contracts/operator.js';
import { rankStanding } from '../contracts/rank-standing.js';
import type { RankDecision } from '../contracts/decisions.js';
import type { ReviewProgress, Stage, StudyInput } from '../contracts/workflows.js';
import { REMINDERS } from './attributes.js';
import { areTooMany, listed } from './list.js';
import { lightSteps } from './options.js';
import { untilOr } from './remind.js';
import type { StudyState } from './study-state.js';

export const approveRank = defineUpdate<RankDecision, [ApproveRankArgs]>(APPROVE_RANK_UPDATE);

export interface Review {
  /** Asks a person, unless one decided on the same evidence before. `enter` is told when the study begins to wait, and when it goes on. */
  ask(outcomes: CohortOutcome[], enter: (stage: Stage) => void): Promise<RankDecision>;
  /** The evidence is not what it was: no decision stands, and none can be given until it is asked for again. */
  withdraw(): void;
}

/** Approvals are refused, with the reason and without history, unless a review is open and the rank can be taken. */
export function listenForReview(input: StudyInput, run: RunInfo, state: StudyState): Review {
  const { spec } = input, { progress } = state;
  let outcomes: CohortOutcome[] | null = null;
  let decision: RankDecision | null = null;
  const stabilities = (rank: number): Record<string, number | null> =>
    Object.fromEntries((outcomes ?? []).map((o) => [o.cohort, o.summary.find((s) => s.rank === rank)?.stability ?? null]));
  const standing = (rank: number): ReturnType<typeof rankStanding> => rankStanding(Object.entries(stabilities(rank)).map(([cohort, mean]) => ({ cohort, mean })), spec.stability.threshold);
  const refuse = (code: string, message: string): never => { throw ApplicationFailure.nonRetryable(message, code); };

  setHandler(approveRank, ({ rank, by, note }) => {
    const { shown, doubt } = standing(rank), at = new Date().toISOString();
    decision = { chosen: rank, policy: 'review', doubt, reason: `rank ${rank} was approved by a person; its stability is ${shown}`, approvedBy: by, approvedAt: at, note };
    state.decided({ at, by, what: 'approve', about: `rank ${rank}${doubt ? ', though it is not stable in every cohort' : ''}`, note });
    progress.review = null; // nobody is asked any more, though what follows may wait for a worker
    return decision;
  }, {
    validator({ rank, unstable = false }: ApproveRankArgs) {
      if (spec.rank !== 'review') refuse('NO_REVIEW', 'this study does not wait for a review (rank: review is not set)');
      if (decision !== null) refuse('ALREADY_DECIDED', `rank ${decision.chosen} was already approved${decision.approvedBy === null ? '' : ` by ${decision.approvedBy}`} at ${decision.approvedAt}`);
      if (input.cohorts.length < spec.cohorts.length) refuse('NO_REVIEW', 'a run of some cohorts alone takes the rank of the rule for the time being; the rank is approved in the run of the whole study');
      if (outcomes === null) return refuse('REVIEW_NOT_OPEN', `the rank evidence is not complete yet (stage ${progress.stage})`);
      if (!outcomes.every((o) => o.summary.some((s) => s.rank === rank))) {
        const ranks = (outcomes[0]?.summary ?? []).map((s) => s.rank);
        refuse('RANK_NOT_COMPUTED', `rank ${rank} was not computed; ranks ${ranks[0]} to ${ranks[ranks.length - 1]} were`);
      }
      const { shown, doubt } = standing(rank);
      if (doubt && !unstable) refuse('RANK_NOT_STABLE', `rank ${rank} is not stable in every cohort: ${shown}, and the threshold is ${spec.stability.threshold}; to take it nevertheless, say --unstable`);
    },
    description: 'Approve the rank of a study that waits for a review',
  });

  const withdraw = (): void => { progress.review = outcomes = decision = null; };
  const open = (ready: CohortOutcome[]): void => {
    outcomes = ready;
    decision = null;
    progress.review = { ranks: (ready[0]?.summary ?? []).map(({ rank }) => ({ rank, stability: stabilities(rank) })) };
  };
  const close = (): RankDecision => {
    progress.review = null;
    outcomes = null;
    return decision as RankDecision;
  };

  return {
    withdraw,
    async ask(ready, enter) {
      const evidence = ready.map((o) => ({ cohort: o.cohort, evidence: o.evidence }));
      if (!patched('review-evidence')) {
        open(ready);
        enter('review');
        await condition(() => decision !== null);
        return close();
      }
      const known = input.again?.stage === 'rank' ? null : await lightSteps.findApproval.executeWithOptions({ summary: 'was the rank approved on the same evidence?' }, [{ run, study: spec.study, evidence }]);
      if (known !== null) return known;
      const shown = areTooMany(ready) && patched('review-by-list') ? { cohorts: [], lists: await listed(run, ready.map((outcome) => ({ outcome, parcellation: null, indices: null }))) } : { cohorts: ready };
      const report = await lightSteps.publishReview.executeWithOptions({ summary: 'evidence and report so far' }, [{ run, spec, out: `${input.out}-review`, ...shown, at: new Date().toISOString() }]);
      open(ready);
      const review: ReviewProgress = Object.assign(progress.review as unknown as ReviewProgress, { since: new Date().toISOString(), reminders: 0, folder: report.out, suggested: report.suggested });
      enter('review');
      await reminding(review, () => decision !== null);
      enter('rank');
      await lightSteps.recordApproval.executeWithOptions({ summary: 'the approval is kept for the same evidence' }, [{ run, study: spec.study, evidence, decision: decision as unknown as RankDecision }]);
      return close();
    },
  };

  function reminding(review: ReviewProgress, decided: () => boolean): Promise<void> {
    return untilOr(decided, spec.review?.remindSeconds ?? null, (reminders) => {
      review.reminders = reminders;
      upsertSearchAttributes([{ key: REMINDERS, value: reminders }]);
      state.show();
      log.warn('the study waits for a person: which rank?', { study: spec.study, since: review.since, reminders });
    });
  }
}
