/** What persons said of a participant's steps: OUTPUTS/ID/.ratings/STEP.json, and beside it in STEP.log.jsonl every rating that was ever given. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SulcusError } from '../../contracts/errors.js';
import { RATINGS, type Rating, type StepRecord } from '../../contracts/pipelines.js';
import { digestBytes } from '../../storage/keys.js';
import { syncFolder, writeSynced, type ParticipantFolder } from './folder.js';
import { readRecord } from './record.js';

export const RATINGS_FOLDER = '.ratings';
/** Contact sheets: OUTPUTS/ID/.sheets/STEP.png. */
export const SHEETS_FOLDER = '.sheets';
const FORMAT: Rating['format'] = 'sulcus/rating/1';

/** Paths, from the participant's folder (OUTPUTS/ID). */
export const ratingFile = (folder: string, step: string): string => join(folder, RATINGS_FOLDER, `${step}.json`);
export const ratingLog = (folder: string, step: string): string => join(folder, RATINGS_FOLDER, `${step}.log.jsonl`);
export const sheetFile = (folder: string, step: string): string => join(folder, SHEETS_FOLDER, `${step}.png`);

/** SHA-256 (hex) over the names and checksums of a step's outputs: what a person has seen. */
export function outputsDigest({ outputs }: Pick<StepRecord, 'outputs'>): string {
  const rows = outputs.map(({ name, sha256 }) => [name, sha256]).sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  return digestBytes(Buffer.from(JSON.stringify(rows)));
}

/**
 * The rating that counts for a step as its record says it is; null: none was given, or of other outputs.
 * @param folder the participant's (OUTPUTS/ID)
 * @throws SulcusError RATING_DAMAGED when the file is no rating; it names the step, and nobody
 */
export async function readRating(folder: string, step: string, record: StepRecord): Promise<Rating | null> {
  const rating = await readAnyRating(folder, step);
  return rating !== null && rating.key === record.key && rating.outputs === outputsDigest(record) ? rating : null;
}

/** The same where a damaged file counts as none: the person is asked again. */
export const ratingThatCounts = (folder: string, step: string, record: StepRecord): Promise<Rating | null> => readRating(folder, step, record).catch((error: unknown) => {
  if (error instanceof SulcusError && error.code === 'RATING_DAMAGED') return null;
  throw error;
});

/** The last rating that was given, of whatever outputs. Throws RATING_DAMAGED. */
export async function readAnyRating(folder: string, step: string): Promise<Rating | null> {
  let text: string;
  try {
    text = await readFile(ratingFile(folder, step), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (code === 'EISDIR') throw damaged(step);
    throw error;
  }
  const rating = parse(text);
  if (rating === null || rating.step !== step) throw damaged(step);
  return rating;
}

/**
 * Puts a rating in the place of the one before, whole or not at all; it is on disk when this returns. Every rating is also a line of the log beside it.
 * Two at the same moment: both are in the log, and one of them counts.
 */
export async function writeRating(folder: string, rating: Rating): Promise<void> {
  const place = join(folder, RATINGS_FOLDER), aside = join(place, `.${rating.step}.${randomBytes(6).toString('hex')}`);
  await mkdir(place, { recursive: true });
  const log = await open(ratingLog(folder, rating.step), 'a');
  try {
    await log.appendFile(`${JSON.stringify(rating)}\n`);
    await log.sync();
  } finally {
    await log.close();
  }
  try {
    await writeSynced(aside, `${JSON.stringify(rating, null, 2)}\n`);
    await rename(aside, ratingFile(folder, rating.step));
    await syncFolder(place);
  } finally {
    await rm(aside, { force: true });
  }
}

/** The rating of a finished step, to be written. */
export function ratingOf({ pipeline, step, key, outputs }: StepRecord, said: Pick<Rating, 'rating' | 'note' | 'by' | 'at'>): Rating {
  return { format: FORMAT, pipeline, step, key, outputs: outputsDigest({ outputs }), ...said };
}

/** A finished step that is reviewed. */
export interface ReviewedStep {
  step: string;
  record: StepRecord;
  /** Null: it waits for one. */
  rating: Rating | null;
  /** Its rating's file is damaged: it counts as none. */
  damaged: boolean;
}

/** Of a participant's finished steps those that are reviewed (`review` of the pipeline), in that order. */
export async function reviewedSteps(folder: ParticipantFolder, review: readonly string[]): Promise<ReviewedStep[]> {
  const found: ReviewedStep[] = [];
  for (const step of review) {
    const record = await readRecord(folder.of(step));
    if (record === null) continue;
    const [rating, damaged] = await readRating(folder.path, step, record).then((one) => [one, false] as const, (error: unknown) => {
      if (error instanceof SulcusError && error.code === 'RATING_DAMAGED') return [null, true] as const;
      throw error;
    });
    found.push({ step, record, rating, damaged });
  }
  return found;
}

/** Those of them that wait for a person. */
export const waitingSteps = async (folder: ParticipantFolder, review: readonly string[]): Promise<ReviewedStep[]> => (await reviewedSteps(folder, review)).filter((one) => one.rating === null);

function damaged(step: string): SulcusError {
  return new SulcusError('RATING_DAMAGED', `step ${step}: the file of its rating is damaged`, { remedy: 'rate the participant again (`sulcus rate`): a damaged rating counts as none' });
}

function parse(text: string): Rating | null {
  let found: Partial<Record<keyof Rating, unknown>> | null;
  try {
    found = JSON.parse(text) as typeof found;
  } catch {
    return null;
  }
  if (found === null || typeof found !== 'object' || found.format !== FORMAT) return null;
  const texts = [found.pipeline, found.step, found.key, found.outputs, found.by, found.at].every((value) => typeof value === 'string');
  const sound = texts && RATINGS.some((one) => one === found.rating) && (found.note === null || typeof found.note === 'string') && !Number.isNaN(Date.parse(found.at as string));
  return sound ? (found as unknown as Rating) : null;
}
