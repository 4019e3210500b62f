/** The study: one child per cohort, then the rank, matching, indices, statistics and the report. Persons may pause it, leave somebody out, and choose the rank. */
import { allHandlersFinished, ApplicationFailure, ChildWorkflowCancellationType, condition, defineQuery, executeChild, ParentClosePolicy, setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { CohortOutcome, RunInfo, StatisticsOutput } from '../contracts/activities.js';
import { describeAgain } from '../contracts/again.js';
import type { ArtifactRef } from '../contracts/refs.js';
import type { ResamplingOutcome } from '../contracts/resampling.js';
import type { RankDecision } from '../contracts/decisions.js';
import { PROGRESS_QUERY, type CohortOutput, type Stage, type StudyInput, type StudyOutput, type StudyProgress } from '../contracts/workflows.js';
import { COHORT, RANK, STAGE, STUDY } from './attributes.js';
import { cohortWorkflow } from './cohort.js';
import { listenForExclusions } from './exclusions.js';
import type { Hold } from './hold.js';
import { listCohorts } from './list.js';
import { fairnessKey, lightSteps } from './options.js';
import { listenForPause } from './pause.js';
import { listenForRatings } from './rating.js';
import { drawResamples, drawSurrogates, prepareSurrogates } from './resampling.js';
import { listenForReview, type Review } from './review.js';
import { createStudyState } from './study-state.js';
import { together } from './together.js';

export const studyProgress = defineQuery<StudyProgress>(PROGRESS_QUERY);

export async function studyWorkflow(input: StudyInput): Promise<StudyOutput> {
  const { spec, again } = input;
  const info = workflowInfo();
  const run: RunInfo = { workflowId: info.workflowId, runId: info.runId, ...(again === undefined ? {} : { again }) };
  const partial = input.cohorts.length < spec.cohorts.length;
  const state = createStudyState(spec.study), { progress } = state;
  if (again !== undefined) state.decided({ at: info.startTime.toISOString(), by: again.by, what: 'rerun', about: describeAgain(again), note: null });
  const enter = (stage: Stage): void => {
    progress.stage = stage;
    upsertSearchAttributes([{ key: STAGE, value: stage }]);
    state.show();
  };
  const running = new Set<string>();
  const review = listenForReview(input, run, state);
  const hold = listenForPause(state, run, () => [...running]);
  const exclusions = listenForExclusions(input, run, state);
  const settleRatings = listenForRatings(state, running);
  setHandler(studyProgress, () => progress, { description: 'Stage of the study, and its rank once chosen' });
  const readCohort = (cohort: string, ingestOnly: boolean): Promise<CohortOutput> => exclusions.ofCohort(cohort, () => runCohort(input, cohort, run, ingestOnly, running, settleRatings));

  enter('ingest');
  // `missing: fail` promises to stop before anything is computed: every cohort is read and checked first.
  if (spec.missing === 'fail') await together(() => input.cohorts.map((cohort) => readCohort(cohort, true)));
  enter('fit');
  const [cohorts, surrogates] = await together(() => [together(() => input.cohorts.map((cohort) => readCohort(cohort, false))), prepareSurrogates(input, run, hold)]);
  const outcomes = cohorts.filter((o): o is CohortOutcome => o !== null);
  // Surrogates need no decision on the rank: they are drawn beside it, and while a person is asked.
  const follow = async (): Promise<[Awaited<ReturnType<typeof drawSurrogates>>, Analysis]> => Promise.all([
    drawSurrogates(input, run, hold, surrogates, outcomes), analyse({ input, run, hold, review, outcomes, progress, enter }),
  ]);
  let followed: Awaited<ReturnType<typeof follow>> | null = null;
  while (followed === null) {
    // Somebody was left out of a cohort that was done already: its outcome is not what it was, nor what followed from it.
    while (outcomes.some((outcome) => exclusions.isStale(outcome.cohort))) {
      review.withdraw();
      progress.rank = null;
      enter('fit');
      const renewed = await together(() => outcomes.map(async (outcome) => (exclusions.isStale(outcome.cohort) ? readCohort(outcome.cohort, false) : outcome)));
      outcomes.splice(0, outcomes.length, ...renewed.filter((o): o is CohortOutcome => o !== null));
    }
    followed = await exclusions.unlessExcluded(follow);
  }
  const [drawn, analysed] = followed;

  enter('report');
  const { decision, match, statistics, bootstrap } = analysed, noSurrogates = surrogates?.reason ?? null;
  const listed = await listCohorts(run, outcomes.map((outcome) => ({ outcome, parcellation: analysed.parcellationOf(outcome.cohort), indices: analysed.indices.get(outcome.cohort) ?? null })));
  const published = await lightSteps.publishResults.executeWithOptions({ summary: 'results folder and report' }, [{
    run, spec, directory: input.directory, out: input.out, partial, decision, match, statistics: statistics?.statistics ?? null, decisions: [...state.decisions], finishedAt: new Date().toISOString(),
    ...listed,
    resampling: { ...drawn, bootstrap, noSurrogates },
  }]);
  enter('done');
  await condition(allHandlersFinished);
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

/** What the analysis is done with. */
interface Study {
  input: StudyInput;
  run: RunInfo;
  hold: Hold;
  review: Review;
  outcomes: CohortOutcome[];
  progress: StudyProgress;
  enter(this: void, stage: Stage): void;
}

/** The rank, and what follows from it. */
async function analyse(study: Study): Promise<Analysis> {
  const { input, run, hold, outcomes, progress, enter } = study, { spec } = input, partial = input.cohorts.length < spec.cohorts.length;
  enter('rank');
  const decision = await decideRank(study);
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
  return { decision, match, parcellationOf, indices, statistics, bootstrap: await drawResamples(input, run, hold, cohorts, statistics) };
}

async function runCohort(input: StudyInput, cohort: string, run: RunInfo, ingestOnly: boolean, running: Set<string>, ended: () => void): Promise<CohortOutput> {
  const workflowId = `${run.workflowId}/${cohort}${ingestOnly ? '/check' : ''}`;
  running.add(workflowId);
  return executeChild(cohortWorkflow, {
    args: [{ spec: input.spec, directory: input.directory, cohort, run, ingestOnly, ...(input.waiting === undefined ? {} : { waiting: input.waiting }) }],
    workflowId,
    staticSummary: `${input.spec.study} · ${cohort}${ingestOnly ? ' · read and check' : ''}`,
    typedSearchAttributes: [{ key: STUDY, value: input.spec.study }, { key: COHORT, value: cohort }, { key: STAGE, value: 'ingest' }],
    priority: { fairnessKey: fairnessKey(`${run.workflowId}/${cohort}`) },
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
  }).finally(() => { running.delete(workflowId); ended(); });
}

async function decideRank({ input, run, review, outcomes, enter }: Study): Promise<RankDecision> {
  const { rank: policy, stability } = input.spec;
  // A cohort alone is not asked about: its parcellation at the rule's rank is provisional, and the study run decides.
  if (policy === 'review' && outcomes.length === input.spec.cohorts.length) return review.ask(outcomes, enter);
  return lightSteps.chooseRank.executeWithOptions(
    { summary: typeof policy === 'number' ? `rank ${policy}, as the study file says` : `rank by rule: stable in every cohort (above ${stability.threshold}), before the sharpest drop` },
    [{ run, policy: policy === 'review' ? 'auto' : policy, threshold: stability.threshold, evidence: outcomes.map((o) => ({ cohort: o.cohort, evidence: o.evidence })) }],
  );
}
