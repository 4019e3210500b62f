/** A person's look at a finished step: the rating that counts, or the contact sheet for whoever rates. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { placeholdersIn } from '../../config/pipeline-placeholders.js';
import { SulcusError } from '../../contracts/errors.js';
import type { ReviewStepInput, ReviewStepOutput } from '../../contracts/pipeline-activities.js';
import type { ContactSheet, PipelineStep, Rating, StepRecord } from '../../contracts/pipelines.js';
import { digestBytes } from '../../storage/keys.js';
import type { ToolsContext } from '../context.js';
import { atParticipant } from './at-participant.js';
import type { Place } from './files.js';
import { StepProblem } from './problem.js';
import { ratingThatCounts, sheetFile } from './ratings.js';
import { readRecord } from './record.js';

/** Changes when the same files would be drawn in another way. */
const SHEET_VERSION = 1;
/** What drawing takes while it runs: a core, and a volume in memory (MiB). */
const DRAWING = { threads: 1, memory: 1024 };

/** Words of the exclusion: what else was said lies in the file, for a note may name somebody. */
export const UNFIT = 'a person rated it unfit';

/**
 * The rating of a finished step; without one its contact sheet is drawn, and null is returned.
 * @throws StepProblem RATED_UNFIT, SHEET_FAILED, INPUT_CHANGED, whose message names no participant and no path; and what the disk throws
 */
export async function reviewStep({ store, slots }: ToolsContext, input: ReviewStepInput, signal: AbortSignal): Promise<ReviewStepOutput> {
  return atParticipant(store, input, async ({ step, place }) => {
    const record = await readRecord(place.folder.of(step.name));
    if (record === null) throw new StepProblem('INPUT_CHANGED', 'its outputs are gone');
    const review = await reviewOf(place, step, record, signal);
    if (review.rating?.rating === 'unfit') throw new StepProblem('RATED_UNFIT', UNFIT);
    if (review.rating !== null) return { rating: review.rating.rating };
    if (review.sheet !== null && !review.sheet.drawn) {
      const giveBack = await slots.take(DRAWING, signal);
      try {
        await draw(step.sheet as ContactSheet, review.sheet, signal);
      } finally {
        giveBack();
      }
    }
    return { rating: null };
  });
}

export interface StepReview {
  /** Null: it waits for one. */
  rating: Rating | null;
  /** What is to be looked at, while it waits. Null: it is rated, or the step has no contact sheet. */
  sheet: Sheet | null;
}

interface Sheet {
  /** Absolute paths. */
  file: string;
  of: { image?: string; outline?: string | null; picture?: string };
  /** What it is drawn from, which lies beside it. */
  digest: string;
  /** It is there, and drawn from these files. */
  drawn: boolean;
}

/** How it stands with the review of a finished step. Throws StepProblem SHEET_FAILED when a file that is to be drawn is not there. */
export async function reviewOf(place: Place, step: PipelineStep, record: StepRecord, signal?: AbortSignal): Promise<StepReview> {
  const rating = await ratingThatCounts(place.folder.path, step.name, record);
  return { rating, sheet: rating !== null || step.sheet === undefined ? null : await sheetOf(place, step, step.sheet, record, signal) };
}

async function sheetOf(place: Place, step: PipelineStep, sheet: ContactSheet, record: StepRecord, signal?: AbortSignal): Promise<Sheet> {
  const file = sheetFile(place.folder.path, step.name), find = (text: string): Promise<string> => fileOf(place, step, text, record);
  const of: Sheet['of'] = 'picture' in sheet ? { picture: await find(sheet.picture) } : { image: await find(sheet.image), outline: sheet.outline === null ? null : await find(sheet.outline) };
  const seen: [string, string][] = [];
  for (const [name, path] of Object.entries<string | null>({ ...of })) if (path !== null) {
    const digest = await place.digests.of(path, signal).catch((error: NodeJS.ErrnoException) => { throw error.code === 'ENOENT' ? new StepProblem('SHEET_FAILED', `the ${name} of its contact sheet is gone`) : error; });
    seen.push([name, digest.sha256]);
  }
  const digest = digestBytes(Buffer.from(JSON.stringify([SHEET_VERSION, sheet, seen])));
  const was = await readFile(digestFile(file), 'utf8').catch(() => ''), there = await stat(file).catch(() => null);
  return { file, of, digest, drawn: was === digest && there !== null && there.size > 0 };
}

/** Absolute path of what the sheet names in braces. */
async function fileOf({ folder, subject, study, bounds }: Place, step: PipelineStep, text: string, record: StepRecord): Promise<string> {
  const [found] = placeholdersIn([text]);
  if (found?.kind === 'output' || found?.kind === 'step') {
    const name = found.kind === 'step' ? found.step : step.name, of = found.kind === 'step' ? await readRecord(folder.of(name)) : record;
    const path = of?.outputs.find((one) => one.name === found.name)?.path;
    if (path !== undefined) return join(folder.of(name), path);
  }
  if (found?.kind === 'input') {
    const path = subject.inputs[found.name];
    if (path !== undefined && (await bounds.hold(resolve(study, path)))) return resolve(study, path);
  }
  throw new StepProblem('SHEET_FAILED', `what its contact sheet shows (${text}) is not there`);
}

/** The picture first: one without the digest of what it shows is drawn again. */
async function draw(sheet: ContactSheet, { file, of, digest }: Sheet, signal: AbortSignal): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  // Plans look at ratings too, where nothing is drawn.
  const { drawSheet } = await import('./sheet/index.js');
  const attempt = (): Promise<void> => drawSheet(sheet, of, file, signal);
  try {
    await attempt().catch((error: unknown) => {
      // A thread that ends before its time may have been unlucky, once.
      if (error instanceof SulcusError && error.code === 'SHEET_THREAD_DIED') return attempt();
      throw error;
    });
  } catch (error) {
    throw error instanceof SulcusError ? new StepProblem('SHEET_FAILED', `its contact sheet cannot be drawn: ${error.message}`) : error;
  }
  const aside = `${digestFile(file)}.${randomBytes(6).toString('hex')}`;
  await writeFile(aside, digest);
  await rename(aside, digestFile(file));
}

/** Beside the picture: what it was drawn from. */
const digestFile = (file: string): string => join(dirname(file), `.${file.slice(dirname(file).length + 1)}.of`);
