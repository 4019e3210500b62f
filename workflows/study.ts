/** The study: one child per cohort, then the rank, matching, indices, statistics and the report. */
import {
  ApplicationFailure, ChildWorkflowCancellationType, condition, defineQuery, defineUpdate, executeChild, ParentClosePolicy, setCurrentDetails, setHandler, upsertSearchAttributes, workflowInfo,
} from '@temporalio/workflow';
import type { CohortOutcome, RunInfo, StatisticsOutput } from '../contracts/activities.js';
import { rankStanding } from '../contracts/rank-standing.js';
import type { ArtifactRef } from '../contracts/refs.js';
import type { ResamplingOutcome } from '../contracts/resampling.js';
import type { RankDecision } from '../contracts/results.js';
import {
  APPROVE_RANK_UPDATE, PROGRESS_QUERY, type ApproveRankArgs, type CohortOutput, type Stage, type StudyInput, type StudyOutput, type StudyProgress,
} from '../contracts/workflows.js';
import { COHORT, RANK, STAGE, STUDY } from './attributes.js';
import { cohortWorkflow } from './cohort.js';
import { lightSteps } from './options.js';
import { studyTable } from './progress-table.js';
import { drawResamples, drawSurrogates, prepareSurrogates } from './resampling.js';

export const studyProgress = defineQuery<StudyProgress>(PROGRESS_QUERY);
export const approveRank = defineUpdate<RankDecision, [ApproveRankArgs]>(APPROVE_RANK_UPDATE);

export async function studyWorkflow(input: StudyInput): Promise<StudyOutput> {
  const { spec } = input;
  const info = workflowInfo();
  const run: RunInfo = { workflowId: info.workflowId, runId: info.runId };
  const partial = input.cohorts.length < spec.cohorts.length;
  const progress: StudyProgress = { study: spec.study, stage: 'ingest', cohorts: [], review: null, rank: null };
  const enter = (stage: Stage): void => {
    progress.stage = stage;
    upsertSearchAttributes([{ key: STAGE, value: stage }]);
    setCurrentDetails(studyTable(progress));
  };
  const review = listenForReview(input, progress);
  setHandler(studyProgress, () => progress, { description: 'Stage of the study, and its rank once chosen' });

  enter('ingest');
  // `missing: fail` promises to stop before anything is computed: every cohort is read and checked first.
  if (spec.missing === 'fail') await Promise.all(input.cohorts.map((cohort) => runCohort(input, cohort, run, true)));
  enter('fit');
  const [cohorts, surrogates] = await Promise.all([Promise.all(input.cohorts.map((cohort) => runCohort(input, cohort, run, false))), prepareSurrogates(input, run)]);
  const outcomes = cohorts.filter((o): o is CohortOutcome => o !== null);
  // Surrogates need no decision on the rank: they are drawn beside it, and while a person is asked.
  const [drawn, analysed] = await Promise.all([drawSurrogates(input, run, surrogates, outcomes), analyse(input, run, outcomes, progress, enter, review)]);

  enter('report');
  const { decision, match, statistics, bootstrap } = analysed, noSurrogates = surrogates?.reason ?? null;
  const published = await lightSteps.publishResults.executeWithOptions({ summary: 'results folder and report' }, [{
    run, spec, out: input.out, partial, decision, match, statistics: statistics?.statistics ?? null, finishedAt: new Date().toISOString(),
    cohorts: outcomes.map((outcome) => ({ outcome, parcellation: analysed.parcellationOf(outcome.cohort), indices: analysed.indices.get(outcome.cohort) ?? null })),
    resampling: { ...drawn, bootstrap, noSurrogates },
  }]);
  enter('done');
  return { out: published.out, rank: decision, replicated: statistics?.replicated ?? [], computed: published.computed, reused: published.reused };
}

interface Analysis {
  decision: RankDecision;
  match: ArtifactRef;
  parcellationOf(cohort: string): ArtifactRef | null;
  indices: Map<string, ArtifactRef>;
  statistics: StatisticsOutput | null;
  bootstrap: ResamplingOutcome['bootstrap'];
}

/** The rank, and what follows from it. */
async function analyse(input: StudyInput, run: RunInfo, outcomes: CohortOutcome[], progress: StudyProgress, enter: (stage: Stage) => void, review: Review): Promise<Analysis> {
  const { spec } = input, partial = input.cohorts.length < spec.cohorts.length;
  enter('rank');
  const decision = await decideRank(input, run, outcomes, progress, enter, review);
  progress.rank = decision;
  const rank = decision.chosen as number;
  upsertSearchAttributes([{ key: RANK, value: rank }]);

  enter('match');
  const { match, parcellations } = await lightSteps.matchCohorts.executeWithOptions(
    { summary: `adjusted Rand at every rank, components renumbered at rank ${rank}` },
    [{ run, rank, cohorts: outcomes.map((o) => ({ cohort: o.cohort, vertices: o.data.vertices, evidence: o.evidence })) }],
  );
  const parcellationOf = (cohort: string): ArtifactRef | null => parcellations.find((p) => p.cohort === cohort)?.ref ?? null;
  const indices = new Map<string, ArtifactRef>();
  if (partial) return { decision, match, parcellationOf, indices, statistics: null, bootstrap: [] };

  enter('indices');
  await Promise.all(outcomes.map(async ({ cohort, data }) => {
    const parcellation = parcellationOf(cohort);
    if (parcellation === null) throw ApplicationFailure.nonRetryable(`cohort ${cohort} has no parcellation`, 'NO_PARCELLATION');
    const done = await lightSteps.computeIndices.executeWithOptions({ summary: `${cohort} · structural indices` }, [{ run, cohort, data, parcellation, metricNames: spec.metrics.map((m) => m.name) }]);
    indices.set(cohort, done.indices);
  }));
  enter('statistics');
  const cohorts = outcomes.map((o) => ({ cohort: o.cohort, dataset: o.data.dataset, indices: indices.get(o.cohort) as ArtifactRef, spectra: o.spectra }));
  const statistics = await lightSteps.computeStatistics.executeWithOptions({ summary: 'ANCOVA, pairs, Glx, clinical measures, FDR' }, [{ run, spec, cohorts }]);
  return { decision, match, parcellationOf, indices, statistics, bootstrap: await drawResamples(input, run, cohorts, statistics) };
}

function runCohort(input: StudyInput, cohort: string, run: RunInfo, ingestOnly: boolean): Promise<CohortOutput> {
  return executeChild(cohortWorkflow, {
    args: [{ spec: input.spec, directory: input.directory, cohort, run, ingestOnly }],
    workflowId: `${run.workflowId}/${cohort}${ingestOnly ? '/check' : ''}`,
    staticSummary: `${input.spec.study} · ${cohort}${ingestOnly ? ' · read and check' : ''}`,
    typedSearchAttributes: [{ key: STUDY, value: input.spec.study }, { key: COHORT, value: cohort }, { key: STAGE, value: 'ingest' }],
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
  });
}

interface Review {
  open(outcomes: CohortOutcome[]): void;
  decision(): RankDecision | null;
}

/** The update by which a person approves a rank. Refused, with the reason and without history, unless a review is open. */
function listenForReview(input: StudyInput, progress: StudyProgress): Review {
  let outcomes: CohortOutcome[] | null = null;
  let decision: RankDecision | null = null;
  const stabilities = (rank: number): Record<string, number | null> =>
    Object.fromEntries((outcomes ?? []).map((o) => [o.cohort, o.summary.find((s) => s.rank === rank)?.stability ?? null]));
  const validator = ({ rank }: ApproveRankArgs): void => {
    if (input.spec.rank !== 'review') throw ApplicationFailure.nonRetryable('this study does not wait for a review (rank: review is not set)', 'NO_REVIEW');
    if (decision !== null) throw ApplicationFailure.nonRetryable(`rank ${decision.chosen} was already approved`, 'ALREADY_DECIDED');
    if (outcomes === null) throw ApplicationFailure.nonRetryable('the rank evidence is not complete yet', 'REVIEW_NOT_OPEN');
    if (!outcomes.every((o) => o.summary.some((s) => s.rank === rank))) throw ApplicationFailure.nonRetryable(`rank ${rank} was not computed`, 'RANK_NOT_COMPUTED');
  };
  setHandler(approveRank, ({ rank, by, note }) => {
    const { shown, doubt } = rankStanding(Object.entries(stabilities(rank)).map(([cohort, mean]) => ({ cohort, mean })), input.spec.stability.threshold);
    decision = { chosen: rank, policy: 'review', doubt, reason: `rank ${rank} was approved by a person; its stability is ${shown}`, approvedBy: by, approvedAt: new Date().toISOString(), note };
    return decision;
  }, { validator, description: 'Approve the rank of a study that waits for a review' });
  return {
    open(ready) {
      outcomes = ready;
      progress.review = { ranks: (ready[0]?.summary ?? []).map(({ rank }) => ({ rank, stability: stabilities(rank) })) };
    },
    decision: () => decision,
  };
}

async function decideRank(
  input: StudyInput, run: RunInfo, outcomes: CohortOutcome[], progress: StudyProgress, enter: (stage: Stage) => void, review: Review,
): Promise<RankDecision> {
  const { rank: policy, stability } = input.spec;
  // A cohort alone is not asked about: its parcellation at the rule's rank is provisional, and the study run decides.
  if (policy === 'review' && outcomes.length === input.spec.cohorts.length) {
    review.open(outcomes);
    enter('review');
    await condition(() => review.decision() !== null);
    progress.review = null;
    return review.decision() as RankDecision;
  }
  return lightSteps.chooseRank.executeWithOptions(
    { summary: policy === 'auto' ? 'choose the rank by rule' : 'rank' },
    [{ run, policy: policy === 'review' ? 'auto' : policy, threshold: stability.threshold, evidence: outcomes.map((o) => ({ cohort: o.cohort, evidence: o.evidence })) }],
  );
}
