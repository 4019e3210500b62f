/** The sweep's one step: compares what lies in the study's folders with what the last finished run took in. Opens files only where dates and sizes leave a doubt. */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/common';
import { loadStudy, StudyFileError, type StudyFile } from '../../config/index.js';
import { changeText, parameterChanges } from '../../contracts/differences.js';
import { SulcusError } from '../../contracts/errors.js';
import type { SweepActivities, SweepInput, SweepLook } from '../../contracts/sweep.js';
import { launchDigest } from '../../storage/keys.js';
import type { ControlContext } from '../context.js';
import { readRegion } from '../ingest/region.js';
import { WAITING, type WaitingDocument } from '../ingest/waiting.js';
import { keep } from '../step.js';
import { beingWritten, lookAtCohort, type CohortLook } from './cohort.js';
import { readLastRun } from './last-run.js';
import type { Look } from './look.js';
import { stillWritten } from './participant.js';
import { see } from './seen.js';
import { lookAtShared, sameSpec } from './shared.js';
import { findingsWords, waitingWords } from './words.js';

/** A size that is the same after this long is taken for final, together with the settle time. */
const LOOK_AGAIN_MS = 1_000;
/** Fewer participants cannot be split into halves: the study would only fail. */
const LEAST_SUBJECTS = 4;

type Input = Parameters<SweepActivities['lookAtStudy']>[0];

/** Throws STUDY_RENAMED, the study file's problems with their lines, and what reading tables and regions throws. */
export async function lookAtStudy(context: ControlContext, input: Input): Promise<SweepLook> {
  const { store } = context;
  const file = await readStudyFile(input);
  const nothing = { study: null, cohorts: [], waiting: null };
  if (await isRunning(input.study)) return { ...nothing, verdict: 'running', words: `${input.study} is running: what is new is left to the next sweep` };

  const { spec, directory } = file, { run } = input;
  const last = await readLastRun(store, input.out, input.study);
  const region = await readRegion(spec, directory);
  const look: Look = { context, store, run, spec, directory, region, regionKey: (await keep(store, run, 'region', region)).key, last, now: Date.now(), settleMs: input.settleSeconds * 1000 };
  const parameters = last === null || sameSpec(last.spec, spec) ? [] : parameterChanges(last.spec, spec).map(changeText);
  const shared = await lookAtShared(look);
  const looks: CohortLook[] = [];
  for (const { name } of spec.cohorts) looks.push(await lookAtCohort(look, name));
  await lookAgain(looks);

  const cohorts = looks.map((l) => l.findings);
  const waiting = await keepWaiting(look, looks);
  const unsettled = [...shared.unsettled, ...looks.flatMap((l) => l.unsettled)];
  const few = looks.filter((l) => l.settled < LEAST_SUBJECTS && l.waiting.length > 0).map((l) => l.findings.cohort);
  if (few.length > 0) unsettled.push(`fewer than ${LEAST_SUBJECTS} participants of ${few.join(', ')} are complete`);
  const news = [...parameters.map((p) => `parameter ${p}`), ...shared.changes.map((c) => `${c} differs`), ...cohorts.flatMap(findingsWords)];
  const told = { cohorts, waiting: waiting.ref }, waits = waitingWords(cohorts);
  if (last !== null && news.length === 0 && unsettled.length === 0) return { ...told, verdict: 'nothing-new', study: null, words: `nothing new since ${last.finishedAt.slice(0, 16)}Z${waits}` };
  if (unsettled.length > 0) return { ...told, verdict: 'held', study: null, words: `held until the next sweep: ${unsettled.join('; ')}${waits}` };
  const names = spec.cohorts.map((c) => c.name), settings = { spec, directory, out: input.out, cohorts: names };
  return {
    ...told, verdict: 'new', words: `${last === null ? 'no results yet' : `new: ${news.join('; ')}`}${waits}`,
    study: { ...settings, digest: launchDigest(settings), ...(waiting.withheld && waiting.ref !== null ? { waiting: waiting.ref } : {}) },
  };
}

async function readStudyFile({ file, study }: SweepInput): Promise<StudyFile> {
  let found: StudyFile;
  try {
    found = await loadStudy(file);
  } catch (error) {
    // Its message has the lines already, each with its remedy.
    throw error instanceof StudyFileError ? new SulcusError(error.code, error.message, { file: error.file, line: error.line, cause: error }) : error;
  }
  if (found.spec.study !== study) throw new SulcusError('STUDY_RENAMED', `${file} is of study ${found.spec.study} now, and this schedule of ${study}`, { remedy: `delete the schedule of ${study}, and create one for ${found.spec.study}` });
  return found;
}

async function isRunning(workflowId: string): Promise<boolean> {
  try {
    return (await Context.current().client.workflow.getHandle(workflowId).describe()).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/** Whose files differ from a moment ago: a new participant waits, one who was analysed holds the study. Older dates do not hide that a file grows. */
async function lookAgain(looks: CohortLook[]): Promise<void> {
  if (looks.every((l) => l.candidates.length === 0)) return;
  await pause(LOOK_AGAIN_MS);
  for (const look of looks) {
    const { findings } = look;
    let writing = 0;
    for (const { id, known, paths, print } of look.candidates) {
      if ((await see(paths)).print === print) continue;
      look.settled--;
      if (known) { findings.files--; writing++; continue; }
      findings.added--;
      findings.waiting++;
      look.waiting.push(stillWritten(id));
    }
    if (writing > 0) look.unsettled.push(beingWritten(writing, findings.cohort));
  }
}

/** Who waits, in the store. The salt keeps the key, which is a digest, from telling an id to whoever tries them all. */
async function keepWaiting({ store, run }: Look, looks: CohortLook[]): Promise<{ ref: SweepLook['waiting']; withheld: boolean }> {
  const waiting = looks.flatMap((l) => l.waiting);
  if (waiting.length === 0) return { ref: null, withheld: false };
  const document: WaitingDocument = { cohorts: Object.fromEntries(looks.map((l) => [l.findings.cohort, l.waiting])), salt: randomBytes(16).toString('hex') };
  return { ref: await keep(store, run, 'waiting', document), withheld: waiting.some((e) => e.code === WAITING) };
}
