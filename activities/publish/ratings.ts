/** What persons said of participants between steps: counts for the results, and a table of every rating that counts. */
import { join } from 'node:path';
import type { PipelineStepResults } from '../../contracts/pipeline-results.js';
import type { PipelineSpec, Rating } from '../../contracts/pipelines.js';
import type { Exclusion } from '../../contracts/results.js';
import { mapAtOnce } from '../at-once.js';
import { ParticipantFolder } from '../imaging/folder.js';
import { reviewedSteps } from '../imaging/ratings.js';

/** In the results folder. */
export const RATING_TABLE = 'tables/pipeline_ratings.tsv';
export const RATING_COLUMNS = ['cohort', 'participant', 'pipeline', 'step', 'rating', 'by', 'at', 'note'];
/** Participants whose ratings are read at the same time. */
const AT_ONCE = 16;

export interface GivenRating {
  id: string;
  step: string;
  rating: Rating;
}

/** Ratings that count: of those who were analysed (`ids`), and the one for which somebody was left out by this pipeline. `folder`: the cohort's, absolute. */
export async function givenRatings(folder: string, { name, outputs, review = [] }: PipelineSpec, ids: readonly string[], excluded: readonly Exclusion[]): Promise<GivenRating[]> {
  if (review.length === 0) return [];
  const unfit = new Set(excluded.filter(({ code, pipeline }) => code === 'RATED_UNFIT' && pipeline === name).map(({ id }) => id));
  const found = await mapAtOnce([...ids, ...unfit], AT_ONCE, async (id) => (await reviewedSteps(new ParticipantFolder(join(folder, outputs, id)), review))
    .flatMap(({ step, rating }): GivenRating[] => (rating === null ? [] : [{ id, step, rating }])));
  return found.flat();
}

/** Counts of a step, and who rated, by name. */
export function countRatings(given: readonly GivenRating[], step: string): NonNullable<PipelineStepResults['ratings']> {
  const mine = given.filter((one) => one.step === step), of = (value: Rating['rating']): number => mine.filter(({ rating }) => rating.rating === value).length;
  return { good: of('good'), doubtful: of('doubtful'), unfit: of('unfit'), by: [...new Set(mine.map(({ rating }) => rating.by))].sort() };
}
