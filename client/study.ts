/** Runs a study from its file: the heart of `run`, `demo` and `approve`. */
import { resolve } from 'node:path';
import { replaceable } from '../activities/publish/replaceable.js';
import type { StudyFile } from '../config/index.js';
import { SulcusError } from '../contracts/errors.js';
import type { StudyOutput } from '../contracts/workflows.js';
import { EXIT, type Console } from './console.js';
import { describeFailure } from './failure.js';
import { followStudy, type Ending } from './follow.js';
import { endedSince, launchStudy, nameOfSome, type Launch, type StudyHandle } from './launch.js';
import { tellRated } from './rate/signal.js';
import { ratingLines } from './rating-text.js';
import { reviewLines } from './review-text.js';
import type { Session } from './session.js';
import { readResults, summaryLines } from './summary.js';

export interface StudyRun {
  file: StudyFile;
  /** Absolute results folder. */
  out: string;
  cohorts: string[];
  /** When the command was typed (ms since 1970): a run that was still going then is the one asked for, though it has ended. Absent: what has ended is run again. */
  askedAt?: number;
}

/** Cohorts as asked, checked; all when none is named. Throws UNKNOWN_COHORT. */
export function chosenCohorts(file: StudyFile, asked: readonly string[]): string[] {
  const known = file.spec.cohorts.map((c) => c.name);
  const unknown = asked.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new SulcusError('UNKNOWN_COHORT', `${file.file} has no cohort "${unknown}"`, { remedy: `cohorts: ${known.join(', ')}` });
  return asked.length === 0 ? known : known.filter((name) => asked.includes(name));
}

/** `--out` relative to where the command is typed; else beside the study file, a cohort alone in a folder of its own. */
export function resultsFolder(file: StudyFile, cohorts: readonly string[], out: string | undefined): string {
  if (out !== undefined) return resolve(out);
  const whole = cohorts.length === file.spec.cohorts.length;
  return resolve(file.directory, whole ? 'results' : `results-${nameOfSome([...cohorts])}`);
}

/** Refuses a folder that holds something else. Throws OUT_NOT_EMPTY. */
export async function checkOut(out: string): Promise<void> {
  if (!(await replaceable(out))) throw new SulcusError('OUT_NOT_EMPTY', `${out} is not empty and holds no sulcus result`, { remedy: 'choose another folder with --out' });
}

/** Launches once a worker is there: a task that finds a waiting worker is handed over at once, one that has to be queued takes a second. */
export async function startStudy(session: Session, run: StudyRun, console: Console): Promise<StudyHandle> {
  const launch: Launch = { spec: run.file.spec, directory: run.file.directory, out: run.out, cohorts: run.cohorts };
  // Looked for before a worker is waited for, since none is needed then, and once more after the wait, in which another command may have come and gone.
  const ended = await endedMeanwhile(session, run, launch) ?? await session.working.then(() => endedMeanwhile(session, run, launch));
  if (ended !== null) {
    console.note(`study ${ended.workflowId} was already going and has just ended: these are its results`);
    return ended;
  }
  const { handle, attached } = await launchStudy(session.client, launch);
  if (attached) {
    console.note(`study ${handle.workflowId} is already going: following it`);
    // It may wait for ratings that were given while no server ran.
    if (run.file.spec.pipelines?.some(({ review }) => review !== undefined) === true) await tellRated(session.client, run.file.spec.study);
  }
  const [pipeline] = run.file.spec.pipelines ?? [];
  if (pipeline !== undefined && !(await session.runsPrograms())) console.note(`nobody here runs programs: the study waits at its pipeline ${pipeline.name} until \`sulcus worker --role tools\` runs where the data and the programs are`);
  const link = session.link(handle.workflowId);
  if (link !== null) console.note(`in the Temporal UI: ${link}${session.server.embedded ? ' (while this runs; later with `sulcus server`)' : ''}`);
  return handle;
}

async function endedMeanwhile({ client }: Session, { askedAt }: StudyRun, launch: Launch): Promise<StudyHandle | null> {
  return askedAt === undefined ? null : endedSince(client, launch, askedAt);
}

/** Follows a launched study to its end and tells it; returns the exit code. `file`: the study file as it was typed, for what to type next. */
export async function concludeStudy(session: Session, handle: StudyHandle, cohorts: string[], console: Console, interrupted: AbortSignal, file?: string): Promise<number> {
  const ending = await followStudy(session.client, handle, cohorts, console, interrupted);
  const { runId } = await handle.describe();
  return tell(ending, { workflowId: handle.workflowId, runId }, console, file);
}

async function tell(ending: Ending, id: { workflowId: string; runId: string }, console: Console, file?: string): Promise<number> {
  switch (ending.kind) {
    case 'done': return tellDone(ending.output, id, console);
    case 'failed': {
      const { code, message, where } = describeFailure(ending.error);
      console.note(`sulcus: ${message}${where.length > 0 ? ` [in ${where.join(' > ')}]` : ''}`);
      console.answer({ ...id, out: null, status: code === 'CANCELLED' ? 'cancelled' : 'failed', error: { code, message, where } });
      return EXIT.failed;
    }
    case 'review':
      for (const line of await reviewLines(id.workflowId, ending.study)) console.say(line);
      console.answer({ ...id, out: null, status: 'review', review: ending.study.review });
      return EXIT.review;
    case 'rating':
      for (const line of ratingLines(ending.waiting, file === undefined ? {} : { file })) console.say(line);
      console.answer({ ...id, out: null, status: 'rating', ratings: ending.waiting });
      return EXIT.review;
    case 'interrupted':
      console.note('interrupted; everything finished is kept, and the same command goes on from there');
      console.answer({ ...id, out: null, status: 'interrupted' });
      return EXIT.interrupted;
  }
}

async function tellDone(output: StudyOutput, id: { workflowId: string; runId: string }, console: Console): Promise<number> {
  for (const line of summaryLines(await readResults(output.out))) console.say(line);
  console.say(`steps: ${output.computed} computed, ${output.reused} reused`);
  console.say(`report: ${output.out}/report.html`);
  console.answer({ ...id, out: output.out, status: 'done', computed: output.computed, reused: output.reused, rank: output.rank, replicated: output.replicated });
  return EXIT.done;
}
