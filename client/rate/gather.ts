/** Whose steps a person has to look at, from the files of a study: no server is asked. */
import { resolve } from 'node:path';
import { mapAtOnce } from '../../activities/at-once.js';
import { placeOf } from '../../activities/imaging/files.js';
import { locateParticipant } from '../../activities/imaging/locate.js';
import { judge } from '../../activities/imaging/quality.js';
import { outputsDigest, ratingThatCounts, sheetFile } from '../../activities/imaging/ratings.js';
import { readRecord } from '../../activities/imaging/record.js';
import { reviewOf } from '../../activities/imaging/review.js';
import { reachOf } from '../../activities/ingest/locate.js';
import { surveyRows } from '../../activities/ingest/survey.js';
import { SulcusError } from '../../contracts/errors.js';
import type { PipelineSpec, Rating, StepRecord } from '../../contracts/pipelines.js';
import type { StudySpec } from '../../contracts/study.js';

/** Participants looked at at the same time. */
const AT_ONCE = 8;

/** A finished step of a participant that a person looks at. */
export interface Reviewed {
  cohort: string;
  participant: string;
  pipeline: string;
  step: string;
  /** Of the participant's outputs, absolute (OUTPUTS/ID). */
  folder: string;
  record: StepRecord;
  /** What is looked at: SHA-256 over the outputs. */
  outputs: string;
  /** The one that counts; null: it waits for one. */
  rating: Rating | null;
  /** Absolute path of the contact sheet. Null: it is rated, or the sheet is not drawn, or of other outputs. */
  sheet: string | null;
  /** Numbers of quality, as text. */
  quality: [name: string, value: string][];
}

export interface Choice {
  /** Absent: all. */
  cohort?: string | undefined;
  pipeline?: string | undefined;
  step?: string | undefined;
}

/** A reviewed step of a cohort's pipeline, whoever has come so far. */
export interface Review {
  cohort: string;
  pipeline: string;
  step: string;
  reviewed: Reviewed[];
}

/** The reviews of a study that are chosen, nobody looked at yet. Throws UNKNOWN_COHORT, and NOT_REVIEWED when there is none of these names. */
export function reviewsOf({ cohorts, pipelines = [] }: Pick<StudySpec, 'cohorts' | 'pipelines'>, choice: Choice): Omit<Review, 'reviewed'>[] {
  if (choice.cohort !== undefined && !cohorts.some(({ name }) => name === choice.cohort)) throw new SulcusError('UNKNOWN_COHORT', `the study has no cohort "${choice.cohort}"`, { remedy: `cohorts: ${cohorts.map(({ name }) => name).join(', ')}` });
  const there = pipelines.flatMap(({ name, review = [] }) => review.map((step) => ({ pipeline: name, step })));
  if (there.length === 0) throw new SulcusError('NOT_REVIEWED', 'no step of the study\'s pipelines is looked at by persons', { remedy: 'name steps under `review` of the pipeline in the study file' });
  const chosen = there.filter(({ pipeline, step }) => (choice.pipeline ?? pipeline) === pipeline && (choice.step ?? step) === step);
  if (chosen.length === 0) throw new SulcusError('NOT_REVIEWED', 'no such step is looked at by persons', { remedy: `those that are: ${there.map(({ pipeline, step }) => `--pipeline ${pipeline} --step ${step}`).join(', ')}` });
  return cohorts.filter(({ name }) => (choice.cohort ?? name) === name).flatMap(({ name }) => chosen.map((one) => ({ cohort: name, ...one })));
}

/**
 * Everybody who has come to a reviewed step, rated or not, as a run finds them: whoever is left out before has nothing to be looked at.
 * @param leftOut those whom persons have left out, by cohort
 */
export async function gather(spec: StudySpec, directory: string, choice: Choice, leftOut: (cohort: string) => Promise<ReadonlySet<string>>, onProgress: (line: string) => void = () => undefined): Promise<Review[]> {
  const reviews = reviewsOf(spec, choice), found: Review[] = [];
  for (const name of new Set(reviews.map((one) => one.cohort))) {
    onProgress(`looking at ${name}`);
    const { cohort, rows } = await surveyRows(spec, directory, name), out = await leftOut(name), reach = reachOf(spec, cohort, directory);
    for (const pipeline of new Set(reviews.filter((one) => one.cohort === name).map((one) => one.pipeline))) {
      const of = spec.pipelines?.find((one) => one.name === pipeline) as PipelineSpec;
      const reviewed = (await mapAtOnce(rows.filter(({ id, rowProblem }) => rowProblem === null && !out.has(id)), AT_ONCE, async ({ id }) => {
        const subject = await locateParticipant(id, of, reach);
        return 'inputs' in subject ? reviewedOf(of, name, placeOf(directory, { folder: cohort.directory, outside: spec.outside ?? [] }, of, subject)) : [];
      })).flat();
      for (const one of reviews) if (one.cohort === name && one.pipeline === pipeline) found.push({ ...one, reviewed: reviewed.filter(({ step }) => step === one.step) });
    }
  }
  return found;
}

/** In the order of the steps, up to the first that is not done, or beyond a limit of quality, or waits for a person, or is unfit. */
async function reviewedOf({ name: pipeline, steps, review = [] }: PipelineSpec, cohort: string, place: ReturnType<typeof placeOf>): Promise<Reviewed[]> {
  const found: Reviewed[] = [], { path } = place.folder;
  for (const step of steps) {
    const record = await readRecord(place.folder.of(step.name));
    if (record === null || (await judge(place.folder.of(step.name), step)).problem !== null) break;
    if (!review.includes(step.name)) continue;
    const rating = await ratingThatCounts(path, step.name, record);
    // A file of the sheet that is gone: the next run tells.
    const sheet = rating === null ? (await reviewOf(place, step, record).catch(unlessKnown))?.sheet ?? null : null;
    const quality = record.quality.map(({ name, value, minimum, maximum }): [string, string] => [name, `${value}${limits(minimum, maximum)}`]);
    found.push({ cohort, participant: place.subject.id, pipeline, step: step.name, folder: path, record, outputs: outputsDigest(record), rating, sheet: sheet?.drawn === true ? resolve(sheetFile(path, step.name)) : null, quality });
    if (rating === null || rating.rating === 'unfit') break;
  }
  return found;
}

const limits = (minimum: number | null, maximum: number | null): string => (minimum === null && maximum === null ? '' : ` (${minimum === null ? `up to ${maximum}` : maximum === null ? `from ${minimum}` : `${minimum} to ${maximum}`})`);

function unlessKnown(error: unknown): null {
  if (error instanceof SulcusError) return null;
  throw error;
}
