/** The whole demo from a cold store, and the finished study once more: what a user waits for, and where the time went. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StudyResults } from '../contracts/results.js';
import { runCommand, withServer, type Finished } from './command.js';
import { readHistories, type ActivityRun, type WorkflowFigures } from './histories.js';
import { covered, hull, span } from './intervals.js';

/** The activity of the fits; surrogates and resamples share their queue, and are not fits. */
const FIT = 'factorize';

export interface StudyFigures {
  /** Command typed until it ends, s; the demo simulates its data first. */
  wallSeconds: number;
  workflows: WorkflowFigures[];
  fits: { count: number; windowSeconds: number; sumSeconds: number; perCohort: { cohort: string; windowSeconds: number }[] };
  orchestration: { workflowSeconds: number; busySeconds: number; idleSeconds: number; lostFitSeconds: number };
  memoryMb: Finished['memoryMb'];
  rank: number | null;
  again: { wallSeconds: number; computed: number; reused: number };
}

/** `small` runs the same on a study of seconds, to try this harness. */
export async function measureStudy(small: boolean, note: (line: string) => void): Promise<StudyFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'sulcus-bench-'));
  try {
    const state = join(folder, 'state'), out = join(folder, 'out');
    note(small ? 'a small study' : 'the demo, cold store (about a minute)');
    const first = small ? await runSmall(folder, state, out) : await runCommand(['demo', '--out', out, '--json'], state);
    const { workflowId, runId } = first.answer as { workflowId: string; runId: string };
    note('its histories');
    const workflows = await withServer(state, (address) => readHistories(address, workflowId, runId));
    const results = JSON.parse(await readFile(join(out, 'results.json'), 'utf8')) as StudyResults;
    note('the finished study again');
    const study = small ? join(folder, 'study', 'study.yaml') : join(state, 'demo', 'paper-0', 'study.yaml');
    const again = await runCommand(['run', study, '--out', out, '--json'], state);
    const { computed, reused } = again.answer as { computed: number; reused: number };
    return {
      wallSeconds: first.seconds, workflows, memoryMb: first.memoryMb, rank: results.rank.chosen, ...timeSpent(workflows, results),
      again: { wallSeconds: again.seconds, computed, reused },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runSmall(folder: string, state: string, out: string): Promise<Finished> {
  const study = join(folder, 'study');
  await runCommand(['simulate', study, '--mesh-level', '3', '--cohort', 'tokyo=24', '--cohort', 'toronto=28', '--json'], state);
  return runCommand(['run', join(study, 'study.yaml'), '--out', out, '--json'], state);
}

function timeSpent(workflows: WorkflowFigures[], results: StudyResults): Pick<StudyFigures, 'fits' | 'orchestration'> {
  const [study, ...cohorts] = workflows as [WorkflowFigures, ...WorkflowFigures[]];
  const activities = workflows.flatMap((w) => w.activities);
  const fits = activities.filter((a) => a.type === FIT);
  const steps = results.steps.filter((s) => s.step === 'fit' && s.computed);
  const sumSeconds = steps.reduce((s, f) => s + f.seconds, 0);
  const windowSeconds = windowOf(fits);
  const workflowSeconds = span(study.run) / 1000, busySeconds = covered(activities) / 1000;
  return {
    fits: {
      count: steps.length, windowSeconds, sumSeconds,
      perCohort: cohorts.map((c) => ({ cohort: c.workflowId, windowSeconds: windowOf(c.activities.filter((a) => a.type === FIT)) })),
    },
    orchestration: { workflowSeconds, busySeconds, idleSeconds: workflowSeconds - busySeconds, lostFitSeconds: windowSeconds - sumSeconds / availableParallelism() },
  };
}

/** First fit scheduled to last fit completed, s. */
function windowOf(fits: ActivityRun[]): number {
  return fits.length === 0 ? 0 : span(hull(fits.map((f) => ({ start: f.scheduled, end: f.end })))) / 1000;
}
