/** Everything that `sulcus status` says of one study: the document of `--json`. */
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { TypedSearchAttributes } from '@temporalio/common';
import { SulcusError } from '../../contracts/errors.js';
import type { Pause } from '../../contracts/operator.js';
import type { RankDecision } from '../../contracts/decisions.js';
import type { ReplicatedIndex } from '../../contracts/results.js';
import type { StepRow } from '../../contracts/steps.js';
import type { ReviewProgress } from '../../contracts/workflows.js';
import { whoRunsPrograms } from '../at-work.js';
import { describeWorkflow } from '../describe.js';
import { describeFailure, type FailureReport } from '../failure.js';
import { countCohort, type CohortCounts } from './cohort.js';
import { secondsLeft, type CohortWork } from './costs.js';
import { readFacts, type WorkflowFacts } from './history.js';
import { pendingActivities, type PendingActivity } from './pending.js';
import { countPipeline, pipelineAt, type PipelineStanding } from './pipeline.js';
import { studyState } from './study.js';
import { workByReason, type StepWork } from './work.js';

export type WorkflowState = 'running' | 'done' | 'failed' | 'cancelled' | 'terminated' | 'timed out';

export interface CohortStanding extends Omit<CohortCounts, 'dataset' | 'batches'> {
  cohort: string;
  workflowId: string;
  /** Null: not begun. */
  status: WorkflowState | null;
  stage: string | null;
  /** Activities of fits that run, and that failed and are tried again. */
  running: number;
  retrying: number;
  /** While it is in a pipeline; absent otherwise. */
  pipeline?: PipelineStanding;
}

export interface Retry extends PendingActivity {
  workflowId: string;
  cohort: string | null;
}

export interface StudyStanding {
  workflowId: string;
  runId: string;
  status: WorkflowState;
  stage: string | null;
  /** ISO times. */
  started: string;
  ended: string | null;
  /** What it waits for, if not for its own steps: a person who approves a rank, one who rates participants, the end of a pause, a worker, one that runs programs. */
  waitsFor: 'review' | 'rating' | 'resume' | 'worker' | 'tools' | null;
  /** Why it failed; the remedy too, where there is one. */
  failure: FailureReport | null;
  /** Steps of which an attempt failed and that are tried again. */
  retries: Retry[];
  cohorts: CohortStanding[];
  /** For the fits of the cohorts that are known; seconds null: unknown, for the reason given. Null unless it runs. */
  timeLeft: { seconds: number | null; reason: string | null; atATime: number } | null;
  rank: RankDecision | null;
  paused: Pause | null;
  review: ReviewProgress | null;
  /** Results folder. */
  out: string;
  replicated: ReplicatedIndex[] | null;
  /** Steps of this run that ended: by stage, cohort and reason; null: the store is not here. */
  work: StepWork[] | null;
  /** The workflow in the Temporal UI, while a server runs; null: not known. */
  link: string | null;
}

export interface Look {
  client: Client;
  /** A worker polls. */
  working: boolean;
  /** Fits at a time while none runs; null: not known. */
  cores: number | null;
  link(workflowId: string): string | null;
  /** What the run's activities recorded in the store. */
  steps(runId: string): Promise<StepRow[]>;
  /** Facts of histories that were read before, by run id. */
  cache: Map<string, { length: number; facts: WorkflowFacts }>;
}

/** Throws NO_STUDY. */
export async function standingOf(look: Look, workflowId: string): Promise<StudyStanding> {
  const { client } = look;
  const described = await describeWorkflow(client, workflowId);
  if (described === null || described.type !== 'studyWorkflow') throw new SulcusError('NO_STUDY', `there is no study ${workflowId} here`, { remedy: '`sulcus status` lists those that are' });
  const { runId } = described, status = stateOf(described), open = status === 'running';
  const facts = await factsOf(look, described), stage = attribute(described, 'SulcusStage');
  const state = studyState(facts, stage ?? '', Number(attribute(described, 'SulcusReminders') ?? 0));
  const cohorts = await Promise.all(state.input.cohorts.map((cohort) => cohortOf(look, described, cohort)));
  const pending = await pendingActivities(client, described);
  const retries = [
    ...pending.map((p): Retry => ({ ...p, workflowId, cohort: null })),
    ...cohorts.flatMap((c) => c.pending.map((p): Retry => ({ ...p, workflowId: c.standing.workflowId, cohort: c.standing.cohort }))),
  ].filter((p) => p.failure !== null);
  const waitsFor = !open ? null : state.review !== null ? 'review' : state.paused !== null ? 'resume' : waitForRatings(cohorts) ? 'rating' : !look.working ? 'worker' : (await lackPrograms(client, cohorts)) ? 'tools' : null;
  return {
    workflowId, runId, status, stage, started: described.startTime.toISOString(), ended: described.closeTime?.toISOString() ?? null, waitsFor,
    failure: status === 'failed' || status === 'terminated' || status === 'timed out' ? await client.workflow.getHandle(workflowId, runId).result().then(() => null, describeFailure) : null,
    retries, cohorts: cohorts.map((c) => c.standing), timeLeft: open ? timeLeft(look, cohorts, waitsFor) : null,
    rank: state.rank, paused: open ? state.paused : null, review: open ? state.review : null, out: state.input.out, replicated: state.output?.replicated ?? null,
    work: workByReason(await look.steps(runId)), link: look.link(workflowId),
  };
}

/** Whether everybody at work in cohorts that run waits for a person's rating. */
function waitForRatings(cohorts: readonly CohortLook[]): boolean {
  const running = cohorts.filter((c) => c.standing.status === 'running');
  return running.length > 0 && running.every((c) => c.standing.pipeline?.waiting !== undefined);
}

/** Whether cohorts are in pipelines, and nobody runs programs. */
async function lackPrograms(client: Client, cohorts: readonly CohortLook[]): Promise<boolean> {
  return cohorts.some((c) => c.standing.pipeline !== undefined) && (await whoRunsPrograms(client)).workers.length === 0;
}

/** The pipeline that a cohort is in, if it is in one. */
async function pipelineOf(look: Look, cohort: WorkflowExecutionDescription, facts: WorkflowFacts): Promise<PipelineStanding | null> {
  const at = attribute(cohort, 'SulcusStage') === 'pipeline' ? pipelineAt(facts, cohort.workflowId) : null;
  if (at === null) return null;
  const found = await ofThisRun(look.client, cohort, at.workflowId);
  return { ...at, ...(found === null ? { total: null, done: 0, excluded: 0 } : countPipeline(await factsOf(look, found))) };
}

interface CohortLook {
  standing: CohortStanding;
  counts: CohortCounts | null;
  pending: PendingActivity[];
}

async function cohortOf(look: Look, study: WorkflowExecutionDescription, cohort: string): Promise<CohortLook> {
  const { client } = look;
  // With `missing: fail` every cohort is first read by a workflow of its own.
  const found = (await ofThisRun(client, study, `${study.workflowId}/${cohort}`)) ?? (await ofThisRun(client, study, `${study.workflowId}/${cohort}/check`));
  if (found === null) {
    const none: Omit<CohortCounts, 'dataset' | 'batches'> = { subjects: { total: null, done: 0, reused: 0, excluded: 0 }, fits: { total: null, done: 0, reused: 0, notConverged: 0 }, stability: { total: 0, done: 0 } };
    return { standing: { cohort, workflowId: `${study.workflowId}/${cohort}`, status: null, stage: null, running: 0, retrying: 0, ...none }, counts: null, pending: [] };
  }
  const facts = await factsOf(look, found), pipeline = await pipelineOf(look, found, facts), counts = countCohort(facts), { dataset: _dataset, batches: _batches, ...rest } = counts;
  const pending = await pendingActivities(client, found), fits = pending.filter((p) => p.activity === 'factorize');
  return {
    standing: {
      cohort, workflowId: found.workflowId, status: stateOf(found), stage: attribute(found, 'SulcusStage'), ...rest,
      running: fits.filter((p) => p.running).length, retrying: fits.filter((p) => p.failure !== null).length, ...(pipeline === null ? {} : { pipeline }),
    },
    counts, pending,
  };
}

function timeLeft(look: Look, cohorts: CohortLook[], waitsFor: StudyStanding['waitsFor']): StudyStanding['timeLeft'] {
  const running = cohorts.flatMap((c) => c.pending.filter((p) => p.activity === 'factorize' && p.running));
  const atATime = running.length > 0 ? Math.max(running.length, look.cores ?? 0) : look.cores ?? 1;
  const unknown = (reason: string): StudyStanding['timeLeft'] => ({ seconds: null, reason, atATime });
  if (waitsFor === 'review') return unknown('a person is asked');
  if (waitsFor === 'rating') return unknown('persons are asked for ratings');
  if (waitsFor === 'resume') return unknown('the study is paused');
  if (waitsFor === 'worker') return unknown('no worker is running');
  if (waitsFor === 'tools') return unknown('no worker runs programs');
  const piped = cohorts.filter((c) => c.standing.pipeline !== undefined).map((c) => c.standing.cohort);
  if (piped.length > 0) return unknown(`${piped.join(', ')} ${piped.length === 1 ? 'is' : 'are'} in a pipeline`);
  const reading = cohorts.filter((c) => c.counts?.dataset == null).map((c) => c.standing.cohort);
  if (reading.length > 0) return unknown(`${reading.join(', ')} ${reading.length === 1 ? 'is' : 'are'} still being read`);
  const now = Date.now();
  const work = cohorts.flatMap(({ counts, pending }): CohortWork[] => (counts?.dataset == null ? [] : [{
    size: counts.dataset, batches: counts.batches, running: pending.filter((p) => p.activity === 'factorize' && p.running && p.since !== null).map((p) => (now - Date.parse(p.since as string)) / 1000),
  }]));
  const seconds = secondsLeft(work, atATime);
  return seconds === null ? unknown('no fit has ended yet that would tell how long one takes') : { seconds, reason: null, atATime };
}

/** Null when the workflow belongs to an earlier run of the study, or does not exist. */
async function ofThisRun(client: Client, study: WorkflowExecutionDescription, workflowId: string): Promise<WorkflowExecutionDescription | null> {
  const found = await describeWorkflow(client, workflowId);
  return found?.parentExecution?.runId === study.runId ? found : null;
}

/** A history is fetched again only when it has grown. */
async function factsOf({ client, cache }: Look, { workflowId, runId, historyLength }: WorkflowExecutionDescription): Promise<WorkflowFacts> {
  const known = cache.get(runId);
  if (known !== undefined && known.length === historyLength) return known.facts;
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const facts = await readFacts(events ?? [], client.options.loadedDataConverter);
  cache.set(runId, { length: events?.length ?? 0, facts });
  return facts;
}

export function stateOf({ status }: Pick<WorkflowExecutionDescription, 'status'>): WorkflowState {
  const ended: Partial<Record<typeof status.name, WorkflowState>> = { COMPLETED: 'done', FAILED: 'failed', CANCELLED: 'cancelled', TERMINATED: 'terminated', TIMED_OUT: 'timed out' };
  return ended[status.name] ?? 'running';
}

/** The value of a search attribute, as text. */
export function attribute({ typedSearchAttributes }: { typedSearchAttributes?: TypedSearchAttributes }, name: string): string | null {
  const value = typedSearchAttributes?.getAll().find((pair) => pair.key.name === name)?.value;
  return value === undefined || value instanceof Date || Array.isArray(value) ? null : String(value);
}
